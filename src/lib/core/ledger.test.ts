import { describe, expect, it } from 'vitest'
import type { BodyValue } from './body.ts'
import { DEVICE_HARD_BYTES } from './budget.ts'
import type { Verifier } from './crypto.ts'
import { createFakeSigner, createFakeVerifier } from './fake-crypto.ts'
import { createLedger, type LedgerEvent } from './ledger.ts'
import { parseRecord } from './records.ts'
import { createTestClock, idBody, makeRecord, TEST_ROOM_ID, TEST_START_MS } from './test-room.ts'
import type { RoomId } from './units.ts'

const alice = createFakeSigner('alice')
const bob = createFakeSigner('bob')

const setUp = (verifier: Verifier = createFakeVerifier()) => {
	const clock = createTestClock()
	const ledger = createLedger({ roomId: TEST_ROOM_ID, verifier, clock })
	const events: LedgerEvent[] = []
	ledger.on((event) => events.push(event))
	const introduce = async (signer = alice) => {
		const { key, bytes } = await makeRecord(signer, 'id', 0, 1, idBody(signer, 'Somebody'))
		return ledger.judge(key, bytes)
	}
	return { clock, ledger, events, introduce }
}
const chat = (seq: number, text = `message ${seq}`, ms?: number) =>
	makeRecord(alice, 'chat', 0, seq, { text }, ms === undefined ? {} : { ms })

describe('what the ledger says', () => {
	it('[RC4] accepts what its author signed for this room, and knows it again', async () => {
		const { ledger, introduce } = setUp()
		expect(await introduce()).toEqual({ type: 'accepted' })
		const { key, bytes } = await chat(2)
		expect(await ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(await ledger.judge(key, bytes.slice())).toEqual({ type: 'known' })
		expect(ledger.get(key)).toEqual(bytes)
		expect(ledger.size).toBe(2)
		expect([...ledger.entries()].map(([name]) => name)).toContain(key)
	})

	it('[RC4] rejects a changed byte anywhere, another room and another device', async () => {
		const { ledger, introduce } = setUp()
		await introduce()
		await introduce(bob)
		const { key, bytes } = await chat(2)
		for (const at of [4, 9, 17, 40, bytes.length - 1]) {
			const forged = bytes.slice()
			forged[at] = (forged[at] ?? 0) ^ 1
			expect(await ledger.judge(key, forged)).toMatchObject({ type: 'rejected', better: null })
		}
		const elsewhere = { roomId: 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId }
		const foreign = await makeRecord(alice, 'chat', 0, 2, { text: 'hi' }, elsewhere)
		expect(await ledger.judge(key, foreign.bytes)).toMatchObject({ type: 'rejected', why: 'bad-signature' })
		const theirs = await makeRecord(bob, 'chat', 0, 2, { text: 'hi' })
		expect(await ledger.judge(key, theirs.bytes)).toMatchObject({ type: 'rejected', why: 'bad-record' })
		expect(ledger.size).toBe(2)
	})

	it('[RC4] says no when the verifier breaks', async () => {
		const { ledger } = setUp({ ...createFakeVerifier(), deviceOf: () => Promise.reject(new Error('broken')) })
		const { key, bytes } = await makeRecord(alice, 'id', 0, 1, idBody(alice, 'Alice'))
		expect(await ledger.judge(key, bytes)).toMatchObject({ type: 'rejected', why: 'bad-signature' })
		expect(ledger.isIdle()).toBe(true)
	})

	it('[RC5] keeps the highest seq of a slot, whatever comes later', async () => {
		const { ledger, introduce } = setUp()
		await introduce()
		const [second, fourth] = [await chat(2), await chat(4)]
		await ledger.judge(fourth.key, fourth.bytes)
		expect(await ledger.judge(second.key, second.bytes)).toEqual({ type: 'stale', better: fourth.bytes })
		expect(ledger.get(fourth.key)).toBe(fourth.bytes)
	})

	it('[RC5] keeps the highest seq also when judged at the same time, in any order of answers', async () => {
		const waiting: (() => void)[] = []
		const fake = createFakeVerifier()
		const slow: Verifier = {
			...fake,
			verify: async (...all) => {
				await new Promise<void>((resolve) => waiting.push(resolve))
				return fake.verify(...all)
			},
		}
		const { ledger } = setUp(slow)
		const id = await makeRecord(alice, 'id', 0, 1, idBody(alice, 'Alice'))
		const judgedId = ledger.judge(id.key, id.bytes)
		while (waiting.length === 0) await Promise.resolve()
		waiting.pop()?.()
		await judgedId
		const records = [await chat(2), await chat(9), await chat(5)]
		const verdicts = records.map(({ key, bytes }) => ledger.judge(key, bytes))
		while (waiting.length < 3) await Promise.resolve()
		waiting[1]?.()
		await verdicts[1]
		waiting[2]?.()
		waiting[0]?.()
		const types = (await Promise.all(verdicts)).map(({ type }) => type)
		expect(types).toEqual(['stale', 'accepted', 'stale'])
		expect(ledger.get(records[1]?.key ?? '')).toBe(records[1]?.bytes)
	})

	it('[RC6] lets records wait for the key of their author, and judges them when it comes', async () => {
		const { ledger, events, introduce } = setUp()
		const { key, bytes } = await chat(2)
		expect(await ledger.judge(key, bytes)).toEqual({ type: 'waiting' })
		expect(ledger.stats()).toMatchObject({ waiting: 1, records: 0 })
		await introduce()
		while (!ledger.isIdle()) await Promise.resolve()
		expect(ledger.get(key)).toBe(bytes)
		expect(ledger.stats()).toMatchObject({ waiting: 0, records: 2 })
		expect(events).toContainEqual(expect.objectContaining({ type: 'accepted', isReleased: true }))
	})

	it('[RC6] takes a key only from the device whose name is its hash', async () => {
		const { ledger } = setUp()
		const { key, bytes } = await makeRecord(alice, 'id', 0, 1, {
			...(idBody(alice, 'Alice') as Record<string, BodyValue>),
			key: bob.publicKey,
		})
		expect(await ledger.judge(key, bytes)).toMatchObject({ type: 'rejected', why: 'bad-signature' })
	})

	it('[RC7] names the good value to put back for what is gone, stale or no record', async () => {
		const { ledger, introduce } = setUp()
		await introduce()
		const { key, bytes } = await chat(2)
		await ledger.judge(key, bytes)
		for (const value of [undefined, 'text', null, [[[]]], new Uint8Array(3), new Uint8Array(200_000)])
			expect(await ledger.judge(key, value)).toMatchObject({ type: 'rejected', better: bytes })
		expect(await ledger.judge('no/such/key', undefined)).toEqual({ type: 'known' })
		expect(await ledger.judge('no/such/key', bytes)).toMatchObject({ why: 'bad-key', better: null })
		expect(await ledger.judge(`chat/${alice.device}/256`, bytes)).toMatchObject({
			why: 'bad-slot',
			better: null,
		})
		expect(ledger.stats().rejections).toMatchObject({
			'bad-key': 1,
			'bad-slot': 1,
			'too-big': 1,
			'bad-record': 5,
		})
	})

	it('[HL3] holds what is more than a minute ahead until its time comes', async () => {
		const { ledger, clock, introduce, events } = setUp()
		await introduce()
		const early = await chat(3, 'now')
		const ahead = await chat(4, 'soon', TEST_START_MS + 90_000)
		await ledger.judge(early.key, early.bytes)
		expect(await ledger.judge(ahead.key, ahead.bytes)).toEqual({ type: 'quarantined' })
		expect(ledger.get(ahead.key)).toBe(early.bytes)
		clock.advance(29_000)
		ledger.tick(clock.nowMs())
		expect(ledger.get(ahead.key)).toBe(early.bytes)
		clock.advance(1_000)
		ledger.tick(clock.nowMs())
		expect(ledger.get(ahead.key)).toBe(ahead.bytes)
		expect(events.at(-1)).toMatchObject({ type: 'accepted', isReleased: true })
	})

	it('[HL3] lets a later record of the slot overtake one in quarantine', async () => {
		const { ledger, clock, introduce } = setUp()
		await introduce()
		const ahead = await chat(4, 'soon', TEST_START_MS + 90_000)
		const later = await chat(5, 'now')
		await ledger.judge(ahead.key, ahead.bytes)
		await ledger.judge(later.key, later.bytes)
		clock.advance(200_000)
		ledger.tick(clock.nowMs())
		expect(ledger.get(later.key)).toBe(later.bytes)
		expect(ledger.stats().quarantined).toBe(0)
	})

	it('[RC8] notices two records of one device under one seq, in one slot or in two', async () => {
		const { ledger, events, introduce } = setUp()
		await introduce()
		const [one, other] = [await chat(2, 'yes'), await chat(2, 'no')]
		await ledger.judge(one.key, one.bytes)
		await ledger.judge(other.key, other.bytes)
		const elsewhere = await makeRecord(alice, 'chat', 5, 2, { text: 'perhaps' })
		await ledger.judge(elsewhere.key, elsewhere.bytes)
		const forks = events.filter(({ type }) => type === 'forked')
		expect(forks).toHaveLength(2)
		expect(forks[0]).toMatchObject({ author: alice.device, seq: 2 })
	})

	it('[RC5] keeps the same one of two records under one seq, whichever came first', async () => {
		const [one, other] = [await chat(2, 'yes'), await chat(2, 'no')]
		const kept = []
		for (const order of [
			[one, other],
			[other, one],
		]) {
			const { ledger, introduce } = setUp()
			await introduce()
			for (const { key, bytes } of order) await ledger.judge(key, bytes)
			kept.push(ledger.get(one.key))
		}
		expect(kept[0]).toEqual(kept[1])
	})

	it('[RC8] takes evidence only of two signed records that differ', async () => {
		const { ledger, introduce } = setUp()
		await introduce(bob)
		const [one, other] = [await chat(2, 'yes'), await chat(2, 'no')]
		const later = await chat(3)
		const forged = other.bytes.slice()
		forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
		const evidence = async (seq: number, a: Uint8Array, b: Uint8Array, key = alice.publicKey) => {
			const record = await makeRecord(bob, 'fork', 0, seq, { key, a, b })
			return (await ledger.judge(record.key, record.bytes)).type
		}
		expect(await evidence(2, one.bytes, one.bytes)).toBe('rejected')
		expect(await evidence(3, one.bytes, later.bytes)).toBe('rejected')
		expect(await evidence(4, one.bytes, forged)).toBe('rejected')
		expect(await evidence(5, one.bytes, other.bytes, bob.publicKey)).toBe('rejected')
		expect(await evidence(6, one.bytes, new Uint8Array(9))).toBe('rejected')
		expect(await evidence(7, one.bytes, other.bytes)).toBe('accepted')
	})

	it('[RC9] refuses, and counts, what passes the bound of a device', async () => {
		const { ledger, introduce } = setUp()
		await introduce()
		let seq = 1
		let accepted = 0
		const subtitles = (i: number) => ({
			...{ f: 'abcdefghijk', item: `${alice.device}.abcdefghijk`, i, n: 16 },
			data: new Uint8Array(15 * 1024).fill(i),
		})
		for (const kind of ['fork', 'subtitle', 'grant', 'queue', 'chat'] as const) {
			for (let slot = 0; slot < (kind === 'fork' || kind === 'subtitle' ? 16 : 256); slot++) {
				seq++
				const body =
					kind === 'subtitle'
						? subtitles(slot)
						: kind === 'grant'
							? { subject: 'g_1', role: 'viewer', devices: [] }
							: kind === 'queue'
								? {
										nonce: `nonce${String(slot).padStart(4, '0')}`,
										media: { kind: 'file', url: `https://x.example/${'y'.repeat(660)}` },
										title: 'z'.repeat(120),
										pos: 'V',
									}
								: kind === 'chat'
									? { text: '\u00e9'.repeat(490) }
									: {
											key: alice.publicKey,
											a: (await makeRecord(alice, 'subtitle', slot, seq, subtitles(1))).bytes,
											b: (await makeRecord(alice, 'subtitle', slot, seq, subtitles(2))).bytes,
										}
				const record = await makeRecord(alice, kind, slot, seq, body)
				const verdict = await ledger.judge(record.key, record.bytes)
				if (verdict.type === 'accepted') accepted++
				else expect(verdict).toMatchObject({ type: 'rejected', why: 'over-budget' })
			}
		}
		expect(accepted).toBeGreaterThan(100)
		expect(ledger.bytesOf(alice.device)).toBeLessThanOrEqual(DEVICE_HARD_BYTES)
		expect(ledger.stats().rejections['over-budget']).toBe(16 + 16 + 3 * 256 - accepted)
	})

	it('[RC4] judges a whole ring at once', async () => {
		const { ledger, introduce } = setUp()
		await introduce()
		const records = await Promise.all(
			Array.from({ length: 256 }, (_, slot) =>
				makeRecord(alice, 'chat', slot, slot + 2, { text: `${slot}` }),
			),
		)
		const verdicts = await Promise.all(records.map(({ key, bytes }) => ledger.judge(key, bytes)))
		expect(verdicts.every(({ type }) => type === 'accepted')).toBe(true)
		expect(ledger.maxSeq(alice.device)).toBe(257)
		const own = parseRecord(records[0]?.bytes ?? new Uint8Array())
		expect(own).toMatchObject({ kind: 'chat', slot: 0 })
	})
})
