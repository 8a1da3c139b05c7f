import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, positionAt, type VectorCause } from './playback.ts'
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

	/** Both see a film of alice's that plays. */
	const playing = async () => {
		const all = await two()
		const { alice, clock, meet, item } = all
		await alice.room.queue.playNow(item, clock.nowMs())
		await meet()
		clock.advance(1_000)
		const act = (one: TestRoom, isPlaying: boolean, cause: VectorCause) => {
			clock.advance(10)
			return one.room.playback.set({ positionS: 1, isPlaying, rate: 1, atMs: clock.nowMs(), cause })
		}
		const expectBoth = (isPlaying: boolean, type: VectorCause['type']) => {
			for (const one of [all.alice, all.bob])
				expect(one.room.state().playback).toMatchObject({ isPlaying, cause: { type } })
		}
		return { ...all, act, expectBoth }
	}
	const user: VectorCause = { type: 'user' }
	const resume: VectorCause = { type: 'resume' }

	it('[PV8] stays as a person put it where the room waits, or goes on, without having seen that', async () => {
		const { alice, bob, meet, act, expectBoth } = await playing()
		const wait: VectorCause = { type: 'wait', device: bob.signer.device }
		// Bob pauses; alice, who has not heard of it, lets the room wait for him.
		await act(bob, false, user)
		await act(alice, false, wait)
		await meet()
		expectBoth(false, 'user')
		// Nothing is left that could go on by itself.
		await act(alice, false, resume)
		await meet()
		expectBoth(false, 'user')

		await act(bob, true, user)
		await meet()
		// The room waits; bob pauses meanwhile, and alice goes on without knowing.
		await act(alice, false, wait)
		await act(bob, false, user)
		await act(alice, true, resume)
		await meet()
		expectBoth(false, 'user')
	})

	it('[PV8] moves as the room does by itself where nobody did anything else, once', async () => {
		const { alice, bob, meet, act, expectBoth } = await playing()
		await act(alice, false, { type: 'wait', device: bob.signer.device })
		await meet()
		expectBoth(false, 'wait')
		await act(bob, true, resume)
		// She has not heard of it, and says so too.
		await act(alice, true, resume)
		await meet()
		expectBoth(true, 'resume')
		expect(alice.room.state().playback.by).toBe(bob.signer.device)
	})
})
