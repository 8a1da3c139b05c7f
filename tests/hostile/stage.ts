/**
 * Five honest members of a room, and one whose client was changed: it runs the real rooms, sync and links, and can
 * besides write into its document and onto its links whatever it likes. What must hold afterwards stands here too.
 */
import * as Y from 'yjs'
import { foldActivity } from '#lib/core/activity.ts'
import { canonicalState, fold } from '#lib/core/fold.ts'
import { parseRecord, type ParsedRecord } from '#lib/core/records.ts'
import type { BodyValue } from '#lib/core/body.ts'
import type { Kind } from '#lib/core/kinds.ts'
import { film, makeRecord } from '#lib/core/test-room.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, Millis, SubjectId } from '#lib/core/units.ts'
import { encodeSyncPart, syncPartsOf, type SyncKind } from '#lib/protocol/room-frames.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { createPresence, type PresenceKeeper } from '#lib/sync/presence.ts'
import type { Role } from '#lib/core/roles.ts'
import { findDivergence } from '../sim/invariants.ts'
import { createSwarm, credulousLedger, recordsOf, type Member, type Swarm } from '../sim/swarm.ts'

export const HONEST = ['alice', 'bob', 'charlie', 'dora', 'emil'] as const

export interface StageOptions {
	readonly seed: number
	/** What the owner has made of the attacker before it acts. */
	readonly role?: Role
	/** The attacker reaches only Alice, who forwards. */
	readonly isBehindForwarder?: boolean
	/** It keeps whatever it wrote, instead of letting the others mend its document too. */
	readonly isStubborn?: boolean
	/** Further members with changed clients. */
	readonly accomplices?: number
}

export interface Stage {
	readonly swarm: Swarm
	readonly honest: readonly [Member, Member, Member, Member, Member]
	readonly mallory: Member
	readonly accomplices: readonly Member[]
	/** Those that the attacker has a link with. */
	targets(): readonly Member[]
	/** Sends one sync message past the attacker's own sync. */
	push(to: Member, kind: SyncKind, message: Uint8Array): void
	pushAll(kind: SyncKind, message: Uint8Array): void
	raw(to: Member, frame: Uint8Array): void
	/** A record in the attacker's own hand. */
	sign(
		kind: Kind,
		slot: number,
		body: BodyValue,
		options?: { readonly seq?: number; readonly ms?: Millis },
	): Promise<{ key: string; bytes: Uint8Array<ArrayBuffer> }>
	/** Puts values under keys at everybody, as a client id of its own. */
	plant(values: Iterable<readonly [string, unknown]>): void
	/** The clock that a member's own writes have come to. */
	clockOf(member: Member): { readonly client: number; readonly clock: number }
	/** Everybody honest says something: what is said while the attack goes on must not be lost. */
	speak(what: string): Promise<void>
	run(ms: Millis): Promise<void>
	presence(member: Member): PresenceKeeper
	/** What an honest member tells of itself from now on. */
	tell(member: Member, change: Partial<MemberStatus>): void
	strikesAgainst(device: DeviceId): readonly string[]
	isLinked(a: Member, b: Member): boolean
	/** What was wrong; empty when all held. */
	faults(options?: FaultOptions): readonly string[]
	stop(): void
}

export interface FaultOptions {
	/** The attacker was an ordinary member, and what it did in its own name counts. */
	readonly isEntitled?: boolean
	/** Honest records that this attack's victim replaced itself since. */
	readonly mayBeReplaced?: boolean
}

const IDLE: MemberStatus = {
	doing: { type: 'idle' },
	isMuted: false,
	isAway: false,
	driftMs: null,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 0,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: null,
	deviceName: null,
}

const subjectOf = (member: Member): SubjectId => `d_${member.device}` as SubjectId

/** What the attacker may not have: the room without whatever it wrote but its name. */
const withoutThem = (reader: Member, root: Swarm['root'], them: ReadonlySet<DeviceId>): RoomState => {
	const records: ParsedRecord[] = []
	for (const [, bytes] of reader.on().room.ledger.entries()) {
		const record = parseRecord(bytes)
		if (typeof record !== 'string' && (record.kind === 'id' || !them.has(record.author))) records.push(record)
	}
	return fold({ root: root(), me: reader.device, records, identityOf: () => null, foldActivity }).state
}

export const setStage = async (options: StageOptions): Promise<Stage> => {
	const { seed, role = 'viewer', isBehindForwarder = false } = options
	const devices = { alice: '' as DeviceId, them: new Set<DeviceId>() }
	const swarm = createSwarm(seed, {}, (a, b) => {
		if (!isBehindForwarder) return true
		const [one, other] = devices.them.has(a) ? [a, b] : [b, a]
		return !devices.them.has(one) || other === devices.alice || devices.them.has(other)
	})
	const honest = HONEST.map((name) => swarm.addMember(name)) as unknown as Stage['honest']
	const [alice, bob] = honest
	devices.alice = alice.device
	const hostile = options.isStubborn === true ? { ledger: credulousLedger } : {}
	const them = Array.from({ length: 1 + (options.accomplices ?? 0) }, (_, i) =>
		swarm.addMember(i === 0 ? 'mallory' : `accomplice ${i}`, hostile),
	)
	for (const { device } of them) devices.them.add(device)
	const mallory = them[0] as Member

	for (const member of [...honest, ...them]) await member.start()
	await swarm.clock.run(2_000)
	const statuses = new Map<Member, MemberStatus>(
		honest.map((member) => [member, { ...IDLE, deviceName: member.name }]),
	)
	const presences = new Map(
		honest.map((member) => [
			member,
			createPresence({
				transport: member.on().transport,
				timers: swarm.clock,
				self: { peer: member.on().peer, device: member.device },
				status: () => statuses.get(member) ?? IDLE,
				onChange: () => undefined,
			}),
		]),
	)

	// The life of the room before the attack.
	await alice.on().room.renameRoom('Film night')
	await alice.on().room.renameRoom('Film night, second title')
	for (const title of ['One', 'Two', 'Three']) await bob.on().room.queue.add(film(title), 'end')
	await swarm.clock.run(500)
	await bob.on().room.grant(subjectOf(mallory), 'operator') // not hers to give
	for (const one of them)
		if (role !== 'member') await alice.on().room.grant(subjectOf(one), role === 'owner' ? 'operator' : role)
	await alice.on().room.grant(subjectOf(bob), 'operator')
	const first = alice.on().room.state().queue.next[0]
	if (first !== undefined) await alice.on().room.queue.playNow(first.id, swarm.clock.nowMs())
	const speak = async (what: string): Promise<void> => {
		for (const member of honest) {
			await member.on().room.chat.send(`${member.name}: ${what}`)
			said.add(`${member.name}: ${what}`)
		}
	}
	const said = new Set<string>()
	await speak('before')
	await swarm.clock.run(40_000)
	const nextSeqs = new Map<DeviceId, number>()
	for (const one of them) nextSeqs.set(one.device, 1_000)

	/** What each honest member had written when the attack began, by key. */
	const honestDevices = new Set(honest.map(({ device }) => device))
	const seqsOf = (member: Member): Map<string, number> => {
		const seqs = new Map<string, number>()
		for (const [key, bytes] of member.on().room.ledger.entries()) {
			const record = parseRecord(bytes)
			if (typeof record !== 'string' && honestDevices.has(record.author)) seqs.set(key, record.seq)
		}
		return seqs
	}
	const before = seqsOf(alice)

	let planted = 0
	const transportOf = () => mallory.on().transport
	const stage: Stage = {
		swarm,
		honest,
		mallory,
		accomplices: them.slice(1),
		targets: () => (isBehindForwarder ? [alice] : honest),
		push: (to, kind, message) => {
			for (let part = 0; part < syncPartsOf(message.length); part++)
				transportOf().send(encodeSyncPart(kind, 99, message, part), to.on().peer, 'ordered')
		},
		pushAll: (kind, message) => {
			for (const to of stage.targets()) stage.push(to, kind, message)
		},
		raw: (to, frame) => void transportOf().send(frame, to.on().peer, 'ordered'),
		sign: (kind, slot, body, { seq, ms } = {}) => {
			const next = nextSeqs.get(mallory.device) ?? 0
			nextSeqs.set(mallory.device, next + 1)
			return makeRecord(mallory.signer, kind, slot, seq ?? next, body, { ms: ms ?? swarm.clock.nowMs() })
		},
		plant: (values) => {
			const doc = new Y.Doc()
			doc.clientID = 2 ** 52 + ++planted // the highest wins, and is the latest
			doc.transact(() => {
				for (const [key, value] of values) doc.getMap('records').set(key, value)
			})
			stage.pushAll('update', Y.encodeStateAsUpdate(doc))
		},
		clockOf: (member) => {
			const { doc } = member.on()
			return { client: doc.clientID, clock: Y.getState(doc.store, doc.clientID) }
		},
		speak,
		run: (ms) => swarm.clock.run(ms),
		presence: (member) => {
			const keeper = presences.get(member)
			if (keeper === undefined) throw new Error('only the honest have one')
			return keeper
		},
		tell: (member, change) => {
			statuses.set(member, { ...IDLE, ...change, deviceName: member.name })
			stage.presence(member).changed()
		},
		strikesAgainst: (device) =>
			honest.flatMap((member) =>
				member.strikes.flatMap((event) =>
					event.type === 'strike' && event.device === device ? [event.why] : [],
				),
			),
		isLinked: (a, b) =>
			a
				.on()
				.transport.links()
				.some(({ device }) => device === b.device),
		faults: ({ isEntitled = false, mayBeReplaced = false } = {}) => {
			// What is dated ahead stands in the document and waits; the attacker's own keys may hold that.
			const found = findDivergence(honest).filter(
				(what) =>
					!what.startsWith('ledger and document') || [...honestDevices].some((one) => what.includes(one)),
			)
			const states = honest.map((member) => canonicalState(member.on().room.state()))
			if (new Set(states).size !== 1) found.push('the folds of the honest differ')
			for (const member of honest) {
				const now = seqsOf(member)
				for (const [key, seq] of before) {
					const seqNow = now.get(key)
					if (seqNow === undefined) found.push(`${member.name} lost ${key}`)
					else if (seqNow < seq) found.push(`${member.name} has an older ${key}`)
				}
				if (!mayBeReplaced) {
					const texts = new Set(
						member
							.on()
							.room.state()
							.chat.map(({ text }) => text),
					)
					for (const text of said) if (!texts.has(text)) found.push(`${member.name} does not read "${text}"`)
				}
				if (
					!isEntitled &&
					canonicalState(member.on().room.state()) !==
						canonicalState(withoutThem(member, swarm.root, devices.them))
				)
					found.push(`the attacker had an effect at ${member.name}`)
				for (const other of honest)
					if (other !== member && !stage.isLinked(member, other))
						found.push(`${member.name} lost ${other.name}`)
				for (const strike of member.strikes)
					if (strike.type === 'strike' && honestDevices.has(strike.device))
						found.push(`${member.name} struck an honest member: ${strike.why}`)
			}
			return [...new Set(found)]
		},
		stop: () => {
			for (const keeper of presences.values()) keeper.stop()
			swarm.stop()
		},
	}
	return stage
}

export { recordsOf }
