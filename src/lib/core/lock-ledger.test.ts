/** Records carried over into the room that a changed lock makes. */
import { describe, expect, it } from 'vitest'
import { createFakeSigner, createFakeVerifier } from './fake-crypto.ts'
import type { Verifier } from './crypto.ts'
import { createLedger, RECORDS_MAP } from './ledger.ts'
import type { Kind } from './kinds.ts'
import type { BodyValue } from './body.ts'
import {
	createTestClock,
	createTestRoom,
	fakeToken,
	idBody,
	makeRecord,
	TEST_ROOM_ID,
	testRoot,
} from './test-room.ts'
import type { RoomId } from './units.ts'

const NEW_ROOM = 'CCCCCCCCCCCCCCCCCCCCCA' as RoomId
const STRANGER = 'DDDDDDDDDDDDDDDDDDDDDA' as RoomId
const alice = createFakeSigner('alice')
const bob = createFakeSigner('bob')

const setUp = (verifier: Verifier = createFakeVerifier()) =>
	createLedger({ roomId: NEW_ROOM, before: [TEST_ROOM_ID], verifier, clock: createTestClock() })

const chat = (seq: number, roomId: RoomId, slot = 0) =>
	makeRecord(alice, 'chat', slot, seq, { text: `message ${seq}` }, { roomId })

describe('records of the room before', () => {
	it('[LK3] count, beside the new room’s own; a stranger room’s do not', async () => {
		const ledger = setUp()
		const id = await makeRecord(alice, 'id', 0, 1, idBody(alice, 'Alice'))
		expect(await ledger.judge(id.key, id.bytes)).toEqual({ type: 'accepted' })
		const [old, own] = [await chat(2, TEST_ROOM_ID), await chat(3, NEW_ROOM)]
		expect(await ledger.judge(old.key, old.bytes)).toEqual({ type: 'accepted' })
		expect(await ledger.judge(own.key, own.bytes)).toEqual({ type: 'accepted' })
		expect(await ledger.judge(old.key, old.bytes)).toEqual({ type: 'stale', better: own.bytes })
		const strange = await chat(4, STRANGER)
		expect(await ledger.judge(strange.key, strange.bytes)).toMatchObject({ why: 'bad-signature' })
	})

	it('[LK3] a forgery costs nine checks, a good record of a known author one', async () => {
		let checks = 0
		const fake = createFakeVerifier()
		const before = Array.from({ length: 8 }, (_, i) => `AAAAAAAAAAAAAAAAAAAA${i}A` as RoomId)
		const ledger = createLedger({
			roomId: NEW_ROOM,
			before,
			clock: createTestClock(),
			verifier: {
				...fake,
				verify: (...all) => {
					checks++
					return fake.verify(...all)
				},
			},
		})
		const eldest = before[7] ?? NEW_ROOM
		const id = await makeRecord(alice, 'id', 0, 1, idBody(alice, 'Alice'), { roomId: eldest })
		await ledger.judge(id.key, id.bytes)
		expect(checks).toBe(9)
		checks = 0
		const good = await chat(2, eldest)
		await ledger.judge(good.key, good.bytes)
		expect(checks).toBe(1)
		checks = 0
		const forged = await chat(3, STRANGER, 1)
		expect(await ledger.judge(forged.key, forged.bytes)).toMatchObject({ type: 'rejected' })
		expect(checks).toBe(9)
	})

	it('[LK3] two records under one number prove a fork, also where they were signed for two of these rooms', async () => {
		const ledger = setUp()
		for (const signer of [alice, bob]) {
			const id = await makeRecord(signer, 'id', 0, 1, idBody(signer, 'Somebody'))
			await ledger.judge(id.key, id.bytes)
		}
		const pair = [await chat(7, TEST_ROOM_ID), await chat(7, NEW_ROOM, 1)]
		const evidence = (a: Uint8Array, b: Uint8Array) =>
			makeRecord(bob, 'fork', 0, 2, { key: alice.publicKey, a, b }, { roomId: NEW_ROOM })
		const [a = pair[0], b = a] = pair
		if (a === undefined || b === undefined) throw new Error('two records')
		const good = await evidence(a.bytes, b.bytes)
		expect(await ledger.judge(good.key, good.bytes)).toEqual({ type: 'accepted' })
		const bad = await makeRecord(
			bob,
			'fork',
			1,
			3,
			{ key: alice.publicKey, a: a.bytes, b: (await chat(7, STRANGER, 2)).bytes },
			{ roomId: NEW_ROOM },
		)
		expect(await ledger.judge(bad.key, bad.bytes)).toMatchObject({ why: 'bad-body' })
	})

	it('[LK3] a fork in the old room stays proved, also where its records do not carry over', async () => {
		const ledger = setUp()
		const id = await makeRecord(bob, 'id', 0, 1, idBody(bob, 'Bob'))
		await ledger.judge(id.key, id.bytes)
		const offer = (subject: string, roomId: RoomId) =>
			makeRecord(alice, 'handover', 0, 7, { t: 'offer', subject, from: [], to: [] }, { roomId })
		const evidence = async (slot: number, roomId: RoomId) =>
			makeRecord(bob, 'fork', slot, 2 + slot, {
				key: alice.publicKey,
				a: (await offer('g_bob', TEST_ROOM_ID)).bytes,
				b: (await offer('g_carol', roomId)).bytes,
			})
		const good = await evidence(0, TEST_ROOM_ID)
		expect(await ledger.judge(good.key, good.bytes)).toEqual({ type: 'accepted' })
		const bad = await evidence(1, STRANGER)
		expect(await ledger.judge(bad.key, bad.bytes)).toMatchObject({ why: 'bad-body' })
	})

	it('[LK5] an offer of the old room, accepted in the new one, gives nobody the room', async () => {
		const ledger = setUp()
		const id = await makeRecord(bob, 'id', 0, 1, idBody(bob, 'Bob'))
		await ledger.judge(id.key, id.bytes)
		const accept = async (slot: number, seq: number, roomId: RoomId) => {
			const body = { t: 'offer', subject: 'g_bob', from: [], to: [] }
			const offer = await makeRecord(alice, 'handover', 0, 7, body, { roomId })
			const accepted = { t: 'accept', key: alice.publicKey, offer: offer.bytes }
			return makeRecord(bob, 'handover', slot, seq, accepted, { roomId: NEW_ROOM })
		}
		const old = await accept(1, 8, TEST_ROOM_ID)
		expect(await ledger.judge(old.key, old.bytes)).toMatchObject({ why: 'bad-body' })
		const own = await accept(1, 9, NEW_ROOM)
		expect(await ledger.judge(own.key, own.bytes)).toEqual({ type: 'accepted' })
	})

	it('[LK5] who owns the room and where it went is not carried over', async () => {
		const ledger = setUp()
		const id = await makeRecord(alice, 'id', 0, 1, idBody(alice, 'Alice'))
		await ledger.judge(id.key, id.bytes)
		const bodies: readonly [Kind, BodyValue][] = [
			['handover', { t: 'offer', subject: 'g_bob', from: [], to: [] }],
			['moved', { e: new Uint8Array(32), notes: [] }],
		]
		for (const [kind, body] of bodies) {
			const old = await makeRecord(alice, kind, 0, 2, body)
			expect(await ledger.judge(old.key, old.bytes), kind).toMatchObject({ why: 'bad-signature' })
			const own = await makeRecord(alice, kind, 0, 2, body, { roomId: NEW_ROOM })
			expect(await ledger.judge(own.key, own.bytes), kind).toEqual({ type: 'accepted' })
		}
	})

	it('[LK4] what a revoked device wrote behind its cut stays void in the new room', async () => {
		const clock = createTestClock()
		const root = testRoot(alice)
		const old = createTestRoom('alice', { root, clock })
		const put = async (kind: Kind, slot: number, seq: number, body: BodyValue): Promise<void> => {
			const { key, bytes } = await makeRecord(bob, kind, slot, seq, body)
			old.doc.getMap(RECORDS_MAP).set(key, bytes)
			await old.room.judgeTouched([key])
		}
		await old.room.introduce({ name: 'Alice', token: fakeToken('u_owner', 'Alice') })
		await put('id', 0, 1, idBody(bob, 'Bob', fakeToken('g_bob', 'Bob')))
		await put('chat', 0, 2, { text: 'before the cut' })
		await Promise.resolve()
		const member = old.room.state().members.find(({ device }) => device === bob.device)
		if (member === undefined) throw new Error('bob is a member')
		expect(await old.room.grant(member.subject, 'banned')).toEqual({ type: 'done' })
		await put('chat', 1, 3, { text: 'behind the cut' })

		const next = createTestRoom('alice', {
			roomId: NEW_ROOM,
			root: { ...root, before: [TEST_ROOM_ID] },
			clock,
		})
		next.doc.transact(() => {
			for (const [key, bytes] of old.room.ledger.entries()) next.doc.getMap(RECORDS_MAP).set(key, bytes)
		})
		const admitted = await next.room.admitAll()
		expect(admitted.rejected).toEqual([])
		expect(next.room.ledger.size).toBe(old.room.ledger.size)
		expect(next.room.state().chat.map(({ text }) => text)).toEqual(['before the cut'])
		expect(next.room.state().members.find(({ device }) => device === bob.device)?.role).toBe('banned')
	})
})
