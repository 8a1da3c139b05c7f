/**
 * Ten thousand forged operations over all kinds, from a seeded generator: a right signature and the wrong role, a
 * wrong signature, a wrong slot, a stale seq, an altered byte, another room. None takes effect at any of the five, and
 * each refusal is counted by its reason.
 */
import { describe, expect, it, vi } from 'vitest'
import type { BodyValue } from '#lib/core/body.ts'
import { KINDS, type Kind } from '#lib/core/kinds.ts'
import { makeHlc } from '#lib/core/hlc.ts'
import { encodeUnsigned, keyOf, parseRecord, signedMessage, withSignature } from '#lib/core/records.ts'
import { film, TEST_ROOM_ID } from '#lib/core/test-room.ts'
import type { DeviceId, RoomId } from '#lib/core/units.ts'
import { encodeSyncPart } from '#lib/protocol/room-frames.ts'
import { credulousLedger, type Member } from '../sim/swarm.ts'
import { setOf } from './bytes.ts'
import { setStage, type Stage } from './stage.ts'

const OPS = Number(process.env['FORGED_OPS'] ?? 10_000)
const LINKED_OPS = 500
const BATCH = 10
/** Between batches over the links. */
const PACE_MS = 12_000
const OTHER_ROOM = 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId
const WAYS = [
	'wrong-role',
	'wrong-signature',
	'wrong-author',
	'wrong-slot',
	'stale',
	'altered',
	'other-room',
] as const

vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of new client ids

/** A stage with some life behind it, and what forges records there. */
const setForge = async (seed: number) => {
	const stage = await setStage({ seed })
	const { swarm, honest, mallory } = stage
	const { random } = swarm
	const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T
	const devices = [...honest.map(({ device }) => device), mallory.device]
	const kinds = Object.keys(KINDS) as Kind[]
	const old: (readonly [string, Uint8Array])[] = []
	for (let i = 0; i < 40; i++) {
		const held = [...honest[0].on().room.ledger.entries()]
		await honest[0].on().room.renameRoom(`Title number ${i}`)
		await honest[1]
			.on()
			.room.playback.set({ positionS: i, isPlaying: false, rate: 1, atMs: swarm.clock.nowMs() })
		await stage.run(200)
		for (const [key, bytes] of held) if (honest[0].on().room.ledger.get(key) !== bytes) old.push([key, bytes])
	}
	await stage.run(2_000)
	const before = honest.map((member) => new Map(member.on().room.ledger.entries()))

	/** Something that a record of this kind may say, about whatever there is. */
	const bodyOf = (kind: Kind, seq: number): BodyValue => {
		const ms = swarm.clock.nowMs()
		const state = honest[0].on().room.state()
		const items = [
			...state.queue.earlier,
			...state.queue.next,
			...(state.queue.current ? [state.queue.current] : []),
		]
		const item = pick(items).id
		const nonce = `forged${String(random.integer(1e6)).padStart(6, '0')}`
		const subject = `d_${pick(devices)}`
		switch (kind) {
			case 'id':
				return {
					key: pick(honest).signer.publicKey,
					name: `Name ${random.integer(99)}`,
					since: ms,
					first: seq,
				}
			case 'playback':
				return {
					item,
					pos: random.integer(9_000),
					rate: 1,
					on: chance(),
					at: ms,
					cause: { type: 'user' },
				}
			case 'settings':
				return {
					limits: { control: [{ a: 0 }] },
					waits: chance(),
					rulesAt: ms,
					title: `Title ${random.integer(99)}`,
					titleAt: ms,
					what: pick(['title', 'settings']),
					prev: {
						control: 'everyone',
						add: 'everyone',
						reorder: 'everyone',
						chat: 'everyone',
						waits: true,
					},
				}
			case 'grant': {
				const role = pick(['banned', 'viewer', 'member', 'operator'])
				return { subject, role, devices: [{ d: pick(devices), s: [{ r: role, a: 0 }] }] }
			}
			case 'queue':
				return {
					nonce,
					media: film('x').media as unknown as BodyValue,
					title: `Forged ${random.integer(99)}`,
					pos: 'V',
				}
			case 'qmod':
				return pick<BodyValue>([
					{ t: 'rm', item, is: true },
					{ t: 'pos', item, pos: 'zz', from: 'V' },
					{ t: 'facts', item, title: 'Forged' },
					{ t: 'clear', nonce, covers: [{ d: pick(devices), s: 99_999 }], count: 1 },
					{ t: 'shuffle', nonce, prefix: 'V', after: null },
				])
			case 'vote':
				return { item }
			case 'chat':
				return { text: `forged ${random.integer(1e6)}` }
			case 'mod':
				return pick<BodyValue>([
					{ t: 'hide', message: pick(state.chat).id },
					{ t: 'out', subject, cuts: [] },
					{ t: 'in', subject },
				])
			case 'fork': {
				const [a, b] = [pick(known), pick(known)]
				return { key: pick(honest).signer.publicKey, a, b }
			}
			case 'handover':
				return pick<BodyValue>([
					{ t: 'offer', subject: `d_${mallory.device}`, from: [], to: [] },
					{ t: 'accept', key: pick(honest).signer.publicKey, offer: pick(known) },
				])
			case 'moved':
				return { e: random.bytes(32), notes: [{ d: pick(devices), c: random.bytes(48) }] }
			default:
				return null
		}
	}
	const known = [...honest[0].on().room.ledger.entries()].map(([, bytes]) => bytes)
	const chance = (): boolean => random.unit() < 0.5

	/** A forgery, and the key it is put under. */
	const forge = async (way: (typeof WAYS)[number], index: number): Promise<readonly [string, Uint8Array]> => {
		const good = pick(known)
		const record = parseRecord(good)
		if (typeof record === 'string') throw new Error('a known record is well-formed')
		if (way === 'altered') {
			const at = random.integer(good.length)
			const bytes = good.map((byte, i) => (i === at ? byte ^ (1 + random.integer(255)) : byte))
			return [keyOf(record.kind, record.author, record.slot), bytes]
		}
		// Truly signed by its author, some time before: the attacker kept it.
		if (way === 'stale') return pick(old)
		// A viewer may vote, and say its name; over links, what is misplaced may be put where it belongs.
		const kind = pick(
			kinds.filter(
				(one) => (way !== 'wrong-role' && way !== 'wrong-slot') || (one !== 'vote' && one !== 'id'),
			),
		)
		const slot = random.integer(KINDS[kind].slots)
		const victim = pick(honest)
		const own = way === 'wrong-role' || way === 'other-room' || way === 'wrong-slot'
		const author: DeviceId = own ? mallory.device : victim.device
		const hlc = makeHlc(swarm.clock.nowMs())
		const unsigned = encodeUnsigned(
			{ kind, slot, seq: 10_000 + index, hlc, author },
			bodyOf(kind, 10_000 + index),
		)
		const room = way === 'other-room' ? OTHER_ROOM : TEST_ROOM_ID
		const signature =
			way === 'wrong-signature' ? random.bytes(64) : await mallory.signer.sign(signedMessage(room, unsigned))
		const bytes = withSignature(unsigned, signature)
		if (way === 'wrong-slot') return [keyOf(kind, victim.device, slot), bytes]
		return [keyOf(kind, author, slot), bytes]
	}
	return { stage, before, forge }
}

describe('forged operations', () => {
	it(
		`[HO10] ${OPS.toLocaleString('en')} of them over all kinds: none takes effect`,
		{ timeout: 300_000 },
		async () => {
			const { stage, before, forge } = await setForge(4_711)
			const { honest } = stage
			const reasons = new Map<string, number>()
			for (let index = 0; index < OPS; index++) {
				const way = WAYS[index % WAYS.length] as (typeof WAYS)[number]
				const [key, bytes] = await forge(way, index)
				// Where it is judged: at all five, as by their gates. (Their links would have ended long before.)
				for (const member of honest) {
					const verdict = await member.on().room.ledger.judge(key, bytes)
					const name = `${way}: ${verdict.type === 'rejected' ? verdict.why : verdict.type}`
					reasons.set(name, (reasons.get(name) ?? 0) + 1)
					if (way !== 'wrong-role' && verdict.type === 'accepted') expect.fail(`${name}: ${key}`)
				}
				if (index % 500 === 0) await stage.run(50)
			}
			await stage.run(40_000)
			console.info(
				[...reasons]
					.toSorted()
					.map(([name, count]) => `${name} ${count / 5}`)
					.join('\n'),
			)

			for (const why of [
				'altered: bad-signature',
				'other-room: bad-signature',
				'wrong-author: bad-signature',
				'wrong-slot: bad-record',
				'stale: stale',
			])
				expect(reasons.get(why) ?? 0, why).toBeGreaterThan(OPS / 20)
			expectNoEffect(stage, before)
			stage.stop()
		},
	)

	it(
		`[HO10] ${LINKED_OPS} of them over the links, which end and are made anew: none takes effect`,
		{ timeout: 120_000 },
		async () => {
			const { stage, before, forge } = await setForge(4_712)
			const { swarm, honest } = stage
			const rejectionsOf = (member: Member): number =>
				Object.values(member.on().room.stats().rejections).reduce((sum, count) => sum + count, 0)
			const rejectedBefore = honest.map(rejectionsOf)
			// A device is let in no more once it is dropped: the attacker comes back as another one.
			let couriers = 0
			let courier: Member | null = null
			const linkedCourier = async (): Promise<Member> => {
				if (courier !== null && honest.every((member) => stage.isLinked(member, courier as Member)))
					return courier
				courier?.leave()
				courier = swarm.addMember(`courier ${++couriers}`, { ledger: credulousLedger })
				await courier.start()
				await stage.run(1_500)
				for (const member of honest) expect(stage.isLinked(member, courier)).toBe(true)
				return courier
			}
			let sent = 0
			const deliver = async (batch: ReadonlyMap<string, Uint8Array>): Promise<void> => {
				const { transport } = (await linkedCourier()).on()
				const update = setOf(batch, 2 ** 52 + sent)
				for (const member of honest)
					transport.send(encodeSyncPart('update', sent, update, 0), member.on().peer, 'ordered')
				sent += batch.size
				await stage.run(PACE_MS)
			}
			let batch = new Map<string, Uint8Array>()
			for (let index = 0; index < LINKED_OPS; index++) {
				const [key, bytes] = await forge(WAYS[index % WAYS.length] as (typeof WAYS)[number], index)
				if (batch.size >= BATCH || batch.has(key)) {
					await deliver(batch)
					batch = new Map()
				}
				batch.set(key, bytes)
			}
			await deliver(batch)
			await stage.run(40_000)
			expect(sent).toBe(LINKED_OPS)
			expect(couriers, 'links ended').toBeGreaterThan(5)
			for (const [index, member] of honest.entries())
				expect(rejectionsOf(member) - (rejectedBefore[index] ?? 0), member.name).toBeGreaterThan(
					LINKED_OPS / 2,
				)
			expectNoEffect(stage, before)
			stage.stop()
		},
	)
})

const expectNoEffect = (stage: Stage, before: readonly ReadonlyMap<string, Uint8Array>[]): void => {
	expect(stage.faults()).toEqual([])
	for (const [index, member] of stage.honest.entries())
		for (const [key, bytes] of before[index] ?? [])
			expect(Buffer.compare(member.on().room.ledger.get(key) ?? new Uint8Array(0), bytes), key).toBe(0)
}
