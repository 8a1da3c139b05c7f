/**
 * A large room on a simulated network and clock: production mesh, document sync and presence for every member, with
 * quick stand-ins for the cryptography. What it says of counts and bytes is what real members would send.
 */
import * as Y from 'yjs'
import { createFakeSigner, createFakeVerifier, createMemorySeqSource } from '#lib/core/fake-crypto.ts'
import { plans } from '#lib/core/plans.ts'
import { createRoom, type Room } from '#lib/core/room.ts'
import { checkFakeIdentity, testRoot } from '#lib/core/test-room.ts'
import type { Millis } from '#lib/core/units.ts'
import { parseRoomFrame } from '#lib/protocol/room-frames.ts'
import { createDigests } from '#lib/sync/digest.ts'
import { createDocSync, type DocSync } from '#lib/sync/doc-sync.ts'
import type { MemberStatus } from '#lib/sync/member-status.ts'
import { createPresence, type PresenceKeeper } from '#lib/sync/presence.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import type { Transport } from '#lib/transport/transport.ts'
import { createMeshRoom, ROOM_ID, type MeshPeer } from '../support/mesh-room.ts'

/** Frames and bytes that a member handed to its links, since they were last set to nothing. */
export interface Sent {
	frames: number
	bytes: number
	updates: number
	presenceFrames: number
	presenceBytes: number
}

export interface LargeRoomMember {
	readonly at: MeshPeer
	readonly isRelayOnly: boolean
	readonly room: Room
	readonly sync: DocSync
	readonly presence: PresenceKeeper
	readonly sent: Sent
	status: MemberStatus
	strikes: number
}

export interface Spread {
	/** Of the members that are alive. */
	readonly reached: number
	readonly tookMs: Millis
	readonly sends: number
}

const PRESENCE_TYPES: ReadonlySet<string> = new Set(['status', 'hearsay', 'bye'])
/** What a server takes to see that a socket is dead. */
const SERVER_NOTICES_MS: Millis = 15_000
const POLL_MS: Millis = 100

export const WATCHING: MemberStatus = {
	doing: { type: 'playing' },
	isMuted: false,
	isAway: false,
	driftMs: 4.2,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	startLagMs: 74.2,
	liveLatencyMs: null,
	readyFor: null,
	oneWayP95Ms: 12.4,
	deviceName: null,
}

export interface LargeRoomOptions {
	/** Of each hundred members so many can have no channel: all their links go through the server. */
	readonly relayOnlyPercent?: number
}

export const createLargeRoom = (seed: number, { relayOnlyPercent = 0 }: LargeRoomOptions = {}) => {
	const hasRelay = relayOnlyPercent > 0
	const world = createMeshRoom({ seed, conditions: { delayMs: 20 }, hasRelay })
	const { clock, network } = world
	const random = createSeededRandom(seed ^ 0x1a46e)
	const verifier = createFakeVerifier()
	const members: LargeRoomMember[] = []
	const alive = new Set<LargeRoomMember>()
	const root = testRoot(createFakeSigner(`${String(seed)} member 0`))

	const counted = (mesh: Transport, sent: Sent): Transport => ({
		...mesh,
		send: (frame, to, lane) => {
			sent.frames++
			sent.bytes += frame.length
			const parsed = parseRoomFrame(frame)
			if (parsed?.type === 'sync' && parsed.kind === 'update') sent.updates++
			if (parsed !== null && PRESENCE_TYPES.has(parsed.type)) {
				sent.presenceFrames++
				sent.presenceBytes += frame.length
			}
			return mesh.send(frame, to, lane)
		},
	})

	const add = async (): Promise<LargeRoomMember> => {
		const signer = createFakeSigner(`${String(seed)} member ${String(members.length)}`)
		const doc = new Y.Doc()
		doc.clientID = random.integer(2 ** 32)
		const room = createRoom({
			doc,
			roomId: ROOM_ID,
			root,
			signer,
			verifier,
			seqs: createMemorySeqSource(),
			clock,
			random,
			checkIdentity: checkFakeIdentity,
			loadPlans: async () => plans,
		})
		await room.whenAdmitted
		// The first one, who opened the room, has channels; the others take turns.
		const isRelayOnly =
			(members.length * relayOnlyPercent) % 100 >= 100 - relayOnlyPercent && members.length > 0
		const at = world.addPeer({
			signer,
			isStarted: false,
			...(isRelayOnly ? { mayDirect: () => false, saysRelayOnly: true } : {}),
		})
		const sent: Sent = { frames: 0, bytes: 0, updates: 0, presenceFrames: 0, presenceBytes: 0 }
		const transport = counted(at.mesh, sent)
		const sync = createDocSync({
			doc,
			ledger: room.ledger,
			transport,
			timers: clock,
			random,
			loadDigests: () => Promise.resolve(createDigests),
		})
		const presence = createPresence({
			transport,
			timers: clock,
			self: { peer: at.peer, device: at.device },
			status: () => member.status,
			onChange: () => undefined,
		})
		const member: LargeRoomMember = {
			at,
			isRelayOnly,
			room,
			sync,
			presence,
			sent,
			status: { ...WATCHING, driftMs: random.integer(200) / 10 },
			strikes: 0,
		}
		sync.on((event) => {
			if (event.type === 'strike') member.strikes++
		})
		at.signaling.on(presence.signaling)
		// The tests' own record of events is of no use here, and grows.
		at.mesh.on(() => at.events.splice(0))
		at.mesh.start(at.peer)
		members.push(member)
		alive.add(member)
		return member
	}

	/** From `start` over links between the living: how many are reached, and in how many hops. */
	const hopsFrom = (start: LargeRoomMember): { readonly reached: number; readonly hops: number } => {
		const byPeer = new Map([...alive].map((member) => [member.at.peer, member]))
		const hops = new Map([[start.at.peer, 0]])
		let furthest = 0
		for (const [peer, distance] of hops) {
			furthest = distance
			for (const next of byPeer.get(peer)?.at.linked() ?? [])
				if (byPeer.has(next) && !hops.has(next)) hops.set(next, distance + 1)
		}
		return { reached: hops.size, hops: furthest }
	}

	const keysOf = (member: LargeRoomMember): string[] => [...member.room.ledger.entries()].map(([key]) => key)

	return {
		clock,
		network,
		switchboard: world.switchboard,
		members,
		alive,
		random,
		/** `everyMs` apart; 0: all at once. */
		join: async (count: number, everyMs: Millis): Promise<void> => {
			for (let i = 0; i < count; i++) {
				await add()
				if (everyMs > 0) await clock.run(everyMs)
			}
		},
		degrees: (): number[] => [...alive].map(({ at }) => at.linked().length),
		/** Of a few members, the worst. */
		hops: (starts = 10): { readonly reached: number; readonly hops: number } => {
			const list = [...alive]
			const found = list
				.filter((_, i) => i % Math.ceil(list.length / starts) === 0)
				.map((member) => hopsFrom(member))
			return {
				reached: Math.min(...found.map(({ reached }) => reached)),
				hops: Math.max(...found.map(({ hops }) => hops)),
			}
		},
		/** Runs until everybody reaches everybody; when that was. Infinity where it never was. */
		untilWhole: async (limitMs: Millis): Promise<Millis> => {
			const fromMs = clock.nowMs()
			while (clock.nowMs() - fromMs < limitMs) {
				const [first] = alive
				if (first !== undefined && hopsFrom(first).reached === alive.size) return clock.nowMs() - fromMs
				await clock.run(POLL_MS)
			}
			return Infinity
		},
		/** `by` says something; how it gets round within `limitMs`. */
		say: async (by: LargeRoomMember, text: string, limitMs: Millis): Promise<Spread> => {
			const before = new Map([...alive].map((member) => [member, member.sent.updates]))
			const known = new Set(keysOf(by))
			const outcome = await by.room.chat.send(text)
			if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
			const key = keysOf(by).find((name) => !known.has(name))
			if (key === undefined) throw new Error('said, and not written')
			const fromMs = clock.nowMs()
			const reached = () => [...alive].filter((member) => member.room.ledger.get(key) !== undefined).length
			let tookMs = 0
			while (reached() < alive.size && clock.nowMs() - fromMs < limitMs) {
				await clock.run(20)
				tookMs = clock.nowMs() - fromMs
			}
			const sends = [...before].reduce((sum, [member, count]) => sum + member.sent.updates - count, 0)
			return { reached: reached(), tookMs, sends }
		},
		/** Sets the counts to nothing, lets `forMs` pass, and gives the sums over the living. */
		count: async (forMs: Millis): Promise<Sent> => {
			for (const { sent } of alive)
				Object.assign(sent, { frames: 0, bytes: 0, updates: 0, presenceFrames: 0, presenceBytes: 0 })
			await clock.run(forMs)
			const sum = { frames: 0, bytes: 0, updates: 0, presenceFrames: 0, presenceBytes: 0 }
			for (const { sent } of alive)
				for (const key of Object.keys(sum) as (keyof Sent)[]) sum[key] += sent[key]
			return sum
		},
		/** Machines that are off from one moment to the next; the server sees it a while later. */
		kill: (share: number): void => {
			const victims = [...alive].filter((_, i) => i > 0 && random.unit() < share)
			for (const victim of victims) {
				network.kill(victim.at.peer)
				alive.delete(victim)
				victim.sync.stop()
				victim.presence.stop()
				victim.at.mesh.stop()
				clock.setTimeout(() => victim.at.signaling.stop(), SERVER_NOTICES_MS)
			}
		},
		stop: (): void => {
			for (const member of members) {
				member.sync.stop()
				member.presence.stop()
				member.at.mesh.stop()
				member.at.signaling.stop()
				member.room.dispose()
			}
		},
	}
}

export type LargeRoom = ReturnType<typeof createLargeRoom>
