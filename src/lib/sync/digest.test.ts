/**
 * Digests: what the carrier lost, hid or split is found and fetched. The network is simulated; who lies to Yjs does it
 * by pushing updates of its own making.
 */
import { describe, expect, it, vi } from 'vitest'
import * as fc from 'fast-check'
import * as Y from 'yjs'
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import { KINDS, type Kind } from '#lib/core/kinds.ts'
import { film, makeRecord } from '#lib/core/test-room.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { DeviceId } from '#lib/core/units.ts'
import { encodeRoomFrame, encodeSyncPart, parseRoomFrame } from '#lib/protocol/room-frames.ts'
import { findDivergence } from '../../../tests/sim/invariants.ts'
import { createSwarm, credulousLedger, type Member } from '../../../tests/sim/swarm.ts'
import { encodeDigest, parseDigest, type DigestMessage } from './digest-message.ts'
import { keyedHash } from './keyed-hash.ts'

const gather = async (seed: number, ...names: string[]) => {
	const swarm = createSwarm(seed)
	const members = names.map((name) => swarm.addMember(name))
	for (const member of members) await member.start()
	await swarm.clock.run(1_000)
	return { swarm, members, all: members as [Member, Member, ...Member[]] }
}

const pushUpdate = (from: Member, to: Member, update: Uint8Array) =>
	from.on().transport.send(encodeSyncPart('update', 1, update, 0), to.on().peer, 'ordered')

const digestsOf = (member: Member) => {
	const { digests } = member.on().sync.stats()
	if (digests === null) throw new Error('no digests')
	return digests
}

const texts = (member: Member): string[] =>
	member
		.on()
		.room.state()
		.chat.map(({ text }) => text)

const device = (seed: number): DeviceId =>
	bytesToBase64url(Uint8Array.from({ length: 16 }, (_, i) => seed + i)) as DeviceId

const MESSAGES: readonly DigestMessage[] = [
	{ type: 'room', salt: [1, 0xffff_ffff], hash: [0xdead_beef, 7] },
	{
		type: 'authors',
		salt: [3, 4],
		page: 1,
		pages: 3,
		authors: [
			{ author: device(1), maxSeq: 2 ** 48 - 1, count: 65_535, hash: [9, 10] },
			{ author: device(2), maxSeq: 0, count: 0, hash: [0, 0] },
		],
	},
	{ type: 'authors', salt: [3, 4], page: 0, pages: 1, authors: [] },
	{
		type: 'slots',
		salt: [5, 6],
		isAnswer: true,
		author: device(3),
		slots: [{ kind: 'chat', slot: 255, seq: 2 ** 40, hash: [1, 2] }],
	},
	{ type: 'want', keys: [{ kind: 'id', author: device(4), slot: 0 }] },
	{ type: 'records', records: [new Uint8Array(102).fill(1), new Uint8Array(300).fill(2)] },
]

describe('digest messages', () => {
	it('[SY13] every one comes back as it was sent, and none cut short passes', () => {
		for (const message of MESSAGES) {
			const bytes = encodeDigest(message)
			expect(parseDigest(bytes)).toEqual(message)
			expect(parseDigest(Uint8Array.of(...bytes, 1)), message.type).toBeNull()
		}
		const room = encodeDigest(MESSAGES[0] as DigestMessage)
		for (let length = 0; length < room.length; length++)
			expect(parseDigest(room.subarray(0, length))).toBeNull()
	})

	it('[SY13] no bytes make the parser throw, and what it takes is what it would write', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 120 }), (type, rest) => {
				const message = parseDigest(Uint8Array.of(type, ...rest))
				if (message !== null) expect([...encodeDigest(message)]).toEqual([type, ...rest])
			}),
			{ numRuns: 3_000 },
		)
	})

	it('[SY13] a slot that no device has is refused', () => {
		for (const kind of Object.keys(KINDS) as Kind[]) {
			const want: DigestMessage = {
				type: 'want',
				keys: [{ kind, author: device(1), slot: KINDS[kind].slots }],
			}
			expect(parseDigest(encodeDigest(want))).toBeNull()
		}
	})

	it('[SY13] the hash is HalfSipHash-2-4 with 64 bits, as its authors published it', () => {
		const key = [0x03020100, 0x07060504] as const
		const hashOf = (length: number) =>
			keyedHash(
				Uint8Array.from({ length }, (_, i) => i),
				key,
			)
		const words = (hex: string): number[] => {
			const bytes = Buffer.from(hex, 'hex')
			return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)]
		}
		// vectors_hsip64 of the reference implementation, for inputs of 0, 1, 2, 3 and 4 bytes
		expect(hashOf(0)).toEqual(words('218d1f59b9b83cc8'))
		expect(hashOf(1)).toEqual(words('be552412f8387315'))
		expect(hashOf(2)).toEqual(words('064f39ef7c50eb57'))
		expect(hashOf(3)).toEqual(words('ce0f1a45f7060679'))
		expect(hashOf(4)).toEqual(words('d5e78a175be52ea1'))
	})
})

describe('digests', () => {
	it('[SY14] a message that the carrier can never bring (its client id was muted) arrives all the same', async () => {
		const said = vi.spyOn(console, 'log').mockImplementation(() => undefined) // Yjs tells of a new client id
		const { swarm, members, all } = await gather(31, 'alice', 'bob', 'charlie')
		const [alice, bob, charlie] = all as [Member, Member, Member]
		const vandal = swarm.addMember('vandal', { ledger: credulousLedger })
		await vandal.start()
		await swarm.clock.run(1_000)
		// Bob and Charlie are told that Alice's client id has been used for the next 40 clocks; Alice writes meanwhile.
		const client = alice.on().doc.clientID
		const next = Y.getState(alice.on().doc.store, client)
		swarm.network.partition([alice.on().peer], [bob.on().peer, charlie.on().peer, vandal.on().peer])
		const varint = (value: number): number[] =>
			value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
		const mute = Uint8Array.of(1, 1, ...varint(client), ...varint(next), 0, ...varint(40), 0)
		pushUpdate(vandal, bob, mute)
		await swarm.clock.run(500)
		expect(Y.getState(charlie.on().doc.store, client)).toBe(next + 40)
		for (let i = 0; i < 50; i++) await alice.on().room.chat.send(`message ${i}`)
		swarm.network.heal()
		await swarm.clock.run(90_000)
		for (const member of members) expect(texts(member)).toHaveLength(50)
		expect(digestsOf(bob).wanted + digestsOf(charlie).wanted).toBeGreaterThan(0)
		expect(findDivergence(members)).toEqual([])
		for (const member of members) expect(member.strikes).toEqual([])
		said.mockRestore()
		swarm.stop()
	})

	it('[SY14] two contents under one client id and clock, both valid, end as the better one everywhere', async () => {
		const { swarm, members, all } = await gather(32, 'alice', 'bob')
		const [alice, bob] = all
		const vandal = swarm.addMember('vandal')
		await vandal.start()
		await swarm.clock.run(1_000)
		vandal.on().sync.stop()
		const versions: Uint8Array[] = []
		for (const [index, text] of ['one', 'two'].entries()) {
			const { key, bytes } = await makeRecord(vandal.signer, 'chat', 200, 50 + index, { text })
			const fake = new Y.Doc()
			fake.clientID = 77
			fake.getMap(RECORDS_MAP).set(key, bytes)
			versions.push(Y.encodeStateAsUpdate(fake))
		}
		swarm.network.partition([alice.on().peer, vandal.on().peer], [bob.on().peer])
		pushUpdate(vandal, alice, versions[0] as Uint8Array)
		await swarm.clock.run(500)
		swarm.network.partition([alice.on().peer], [bob.on().peer, vandal.on().peer])
		pushUpdate(vandal, bob, versions[1] as Uint8Array)
		await swarm.clock.run(500)
		swarm.network.heal()
		expect(findDivergence(members)).not.toEqual([])
		await swarm.clock.run(80_000)
		expect(findDivergence(members)).toEqual([])
		for (const member of members) expect(texts(member)).toEqual(['two'])
		swarm.stop()
	})

	it('[SY15] a quiet room of equals compares and sends nothing more', async () => {
		const { swarm, members, all } = await gather(33, 'alice', 'bob', 'charlie')
		await all[0].on().room.queue.add(film('One'), 'end')
		await swarm.clock.run(120_000)
		const before = members.map(digestsOf)
		await swarm.clock.run(600_000)
		for (const [index, member] of members.entries()) {
			const now = digestsOf(member)
			const was = before[index]
			expect(now.asked - (was?.asked ?? 0)).toBeGreaterThan(30)
			expect(now.differences).toBe(was?.differences)
			// 18 bytes a question, to each neighbour, at most every ten seconds
			expect(now.bytes - (was?.bytes ?? 0)).toBeLessThanOrEqual(2 * 60 * 18)
		}
		swarm.stop()
	})

	it('[SY15] whoever claims to have much and sends nothing, or junk, costs little and nobody else anything', async () => {
		const { swarm, members, all } = await gather(34, 'alice', 'bob')
		const [alice, bob] = all
		const vandal = swarm.addMember('vandal', { ledger: credulousLedger })
		await vandal.start()
		await swarm.clock.run(12_000)
		const send = (message: DigestMessage) =>
			vandal
				.on()
				.transport.send(
					encodeRoomFrame({ type: 'digest', payload: encodeDigest(message) }),
					alice.on().peer,
					'ordered',
				)
		const before = digestsOf(alice)
		for (let i = 0; i < 100; i++) {
			send({ type: 'room', salt: [i, i], hash: [i, i] })
			send({ type: 'authors', salt: [i, i], page: 0, pages: 1, authors: [] })
			send({
				type: 'slots',
				salt: [i, i],
				isAnswer: false,
				author: device(9),
				slots: Array.from({ length: 256 }, (_, slot) => ({ kind: 'chat', slot, seq: 9, hash: [1, slot] })),
			})
			await swarm.clock.run(100)
		}
		const after = digestsOf(alice)
		// One in five seconds is answered; one heap of keys is asked for at a time.
		expect(after.differences - before.differences).toBeLessThanOrEqual(3)
		expect(after.wanted - before.wanted).toBeLessThanOrEqual(3 * 256)
		expect(alice.strikes).toEqual([])
		send({ type: 'records', records: [new Uint8Array(150)] })
		await swarm.clock.run(1_000)
		expect(alice.strikes.length).toBeLessThanOrEqual(1)
		await bob.on().room.chat.send('still here')
		await swarm.clock.run(1_000)
		expect(texts(alice)).toEqual(['still here'])
		expect(findDivergence(members)).toEqual([])
		swarm.stop()
	})

	it('[SY15] what is fetched of one member is bounded, however much it is asked for', async () => {
		const { swarm, all } = await gather(35, 'alice', 'bob')
		const [alice] = all
		for (let i = 0; i < 250; i++) await alice.on().room.chat.send(`${i} `.padEnd(500, 'x'))
		await swarm.clock.run(3_000)
		const vandal = swarm.addMember('vandal', { ledger: credulousLedger })
		await vandal.start()
		await swarm.clock.run(3_000)
		let bytes = 0
		vandal.on().transport.on((event) => {
			if (event.type === 'frame' && parseRoomFrame(event.frame)?.type === 'digest')
				bytes += event.frame.length
		})
		const keys = Array.from({ length: 250 }, (_, slot) => ({
			kind: 'chat' as const,
			author: alice.device,
			slot,
		}))
		for (let i = 0; i < 50; i++) {
			const frame = encodeRoomFrame({ type: 'digest', payload: encodeDigest({ type: 'want', keys }) })
			vandal.on().transport.send(frame, alice.on().peer, 'ordered')
			await swarm.clock.run(100)
		}
		await swarm.clock.run(1_000)
		expect(bytes).toBeGreaterThan(100_000)
		expect(bytes).toBeLessThan(256 * 1024 + 7 * 64 * 1024)
		swarm.stop()
	})
})
