import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt } from './playback.ts'
import { addFilm, gather, makeRecord, TEST_START_MS, type TestRoom } from './test-room.ts'
import type { ItemId } from './units.ts'

const two = async () => {
	const { rooms, clock, meet } = await gather('alice', 'bob')
	const [alice, bob] = rooms as [TestRoom, TestRoom]
	const item = await addFilm(alice, 'A')
	await meet()
	return { alice, bob, clock, meet, item }
}

describe('the playback vector', () => {
	it('[PV1] stands still before its start and runs on at its rate behind it', () => {
		const vector = { ...EMPTY_VECTOR, positionS: 10, rate: 1.5, isPlaying: true, atMs: 5_000 }
		expect(positionAt(vector, 4_000)).toBe(10)
		expect(positionAt(vector, 5_000)).toBe(10)
		expect(positionAt(vector, 7_000)).toBe(13)
		expect(positionAt({ ...vector, isPlaying: false }, 7_000)).toBe(10)
	})

	it('[PV2] is the latest act, whole, whoever made it and in whatever order it came', async () => {
		const { alice, bob, clock, meet, item } = await two()
		await alice.room.queue.playNow(item, clock.nowMs())
		clock.advance(10)
		await bob.room.playback.set({ positionS: 30, isPlaying: true, rate: 1.25, atMs: clock.nowMs() })
		clock.advance(10)
		await alice.room.playback.set({ positionS: 5, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		await meet()
		for (const { room } of [alice, bob])
			expect(room.state().playback).toMatchObject({
				itemId: item,
				positionS: 5,
				isPlaying: false,
				rate: 1,
				by: alice.signer.device,
				cause: { type: 'user' },
			})
		const revs = new Set([alice, bob].map(({ room }) => room.state().playback.rev))
		expect(revs.size).toBe(1)
	})

	it('[PV3] is kept within what can be played; what is no number is refused', async () => {
		const { alice, clock } = await two()
		const change = { positionS: -4, isPlaying: true, rate: 99, atMs: clock.nowMs() + 600_000 }
		await alice.room.playback.set(change)
		const { positionS, rate, atMs } = alice.room.state().playback
		expect([positionS, rate]).toEqual([0, 4])
		expect(atMs).toBeLessThanOrEqual(clock.nowMs() + 61_000)
		for (const bad of [{ positionS: NaN }, { rate: Infinity }, { atMs: NaN }])
			expect(await alice.room.playback.set({ ...change, ...bad })).toMatchObject({ type: 'failed' })
	})

	it('[PV4] does not start later than a minute after it was written', async () => {
		const { alice, bob, meet } = await two()
		await alice.room.playback.set({ positionS: 1, isPlaying: true, rate: 1, atMs: TEST_START_MS })
		await meet()
		const body = {
			item: null,
			pos: 9,
			rate: 1,
			on: true,
			at: TEST_START_MS + 86_400_000,
			cause: { type: 'user' },
		}
		const { key, bytes } = await makeRecord(bob.signer, 'playback', 3, 99, body, {
			ms: TEST_START_MS + 5_000,
		})
		expect(await alice.room.ledger.judge(key, bytes)).toEqual({ type: 'accepted' })
		expect(alice.room.state().playback.positionS).toBe(1)
	})

	it('[PV5] names only items that are in the queue', async () => {
		const { alice, clock } = await two()
		const change = { positionS: 0, isPlaying: true, rate: 1, atMs: clock.nowMs() }
		expect(await alice.room.playback.set({ ...change, itemId: 'x.y' as ItemId })).toEqual({
			type: 'no-such-item',
		})
		expect(await alice.room.playback.set({ ...change, itemId: null })).toEqual({ type: 'done' })
	})

	it('[PV6] remembers each device’s last eight acts in eight slots', async () => {
		const { alice, clock } = await two()
		const before = alice.room.ledger.size
		for (let i = 0; i < 20; i++) {
			clock.advance(10)
			await alice.room.playback.set({ positionS: i, isPlaying: false, rate: 1, atMs: clock.nowMs() })
		}
		expect(alice.room.ledger.size).toBe(before + 8)
		expect(alice.room.state().playback.positionS).toBe(19)
	})

	it('[PV7] tells for whom the room waits', async () => {
		const { alice, bob, clock } = await two()
		const cause = { type: 'wait', device: bob.signer.device } as const
		await alice.room.playback.set({ positionS: 3, isPlaying: false, rate: 1, atMs: clock.nowMs(), cause })
		expect(alice.room.state().playback.cause).toEqual(cause)
		expect(alice.room.state().activity[0]?.deed).toEqual({ type: 'waited', forDevice: bob.signer.device })
	})
})
