import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { DeviceId } from '#lib/core/units.ts'
import { createWaitingPolicy, type MemberPlayback, type WaitingInputs } from './waiting.ts'

const alice = 'alice' as DeviceId
const bob = 'bob' as DeviceId
const charlie = 'charlie' as DeviceId

const playing: PlaybackVector = { ...EMPTY_VECTOR, rev: '1', isPlaying: true, positionS: 10, atMs: 0 }
const waitingForBob: PlaybackVector = {
	...playing,
	rev: '2',
	isPlaying: false,
	positionS: 12,
	atMs: 2_000,
	cause: { type: 'wait', device: bob },
}
const fine = (device: DeviceId, change: Partial<MemberPlayback> = {}): MemberPlayback => ({
	device,
	mayControl: true,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	...change,
})
const stalledBob = fine(bob, { stalledForMs: 2_000, isReady: false })
const given = (change: Partial<WaitingInputs> = {}): WaitingInputs => ({
	nowMs: 2_000,
	me: alice,
	vector: playing,
	doesRoomWait: true,
	members: [fine(alice), stalledBob, fine(charlie)],
	...change,
})

describe('waiting for somebody who buffers', () => {
	it('[SS11] one member, the lowest id in step that may, stops the room where it is', () => {
		expect(createWaitingPolicy().step(given())).toEqual({ type: 'wait', device: bob, positionS: 12 })
		expect(createWaitingPolicy().step(given({ me: charlie }))).toEqual({ type: 'nothing' })
		expect(createWaitingPolicy().step(given({ me: bob }))).toEqual({ type: 'nothing' })
		const members = [fine(alice, { mayControl: false }), stalledBob, fine(charlie)]
		expect(createWaitingPolicy().step(given({ me: charlie, members })).type).toBe('wait')
	})

	it('[SS12] hidden, refused, failed or carried members hold nobody; nor does a room that does not wait, or a large one', () => {
		const exempt = [fine(alice), { ...stalledBob, isExempt: true }]
		expect(createWaitingPolicy().step(given({ members: exempt })).type).toBe('nothing')
		expect(createWaitingPolicy().step(given({ doesRoomWait: false })).type).toBe('nothing')
		const many = ['d', 'e', 'f', 'g', 'h'].map((name) => fine(name as DeviceId))
		expect(createWaitingPolicy().step(given({ members: [fine(alice), stalledBob, ...many] })).type).toBe(
			'nothing',
		)
		expect(createWaitingPolicy().step(given({ members: [stalledBob], me: bob })).type).toBe('nothing')
	})

	it('[SS13] it goes on when the one waited for is ready, gone, or after 15 s', () => {
		const resume = { type: 'resume', positionS: 12 }
		const still = given({ vector: waitingForBob, nowMs: 5_000 })
		expect(createWaitingPolicy().step(still)).toEqual({ type: 'nothing' })
		expect(createWaitingPolicy().step({ ...still, members: [fine(alice), fine(bob)] })).toEqual(resume)
		expect(createWaitingPolicy().step({ ...still, members: [fine(alice)] })).toEqual(resume)
		expect(createWaitingPolicy().step({ ...still, nowMs: 17_100 })).toEqual(resume)
	})

	it('[SS14] who caused two waits in a minute, or was gone on without, is carried', () => {
		const policy = createWaitingPolicy()
		policy.step(given({ vector: waitingForBob }))
		// Somebody pressed Continue without Bob: he still buffers and is not waited for again.
		const goneOn = { ...playing, rev: '3' }
		expect(policy.step(given({ vector: goneOn, nowMs: 6_000 })).type).toBe('nothing')
		// He caught up and stalls again: once more is fine.
		policy.step(given({ vector: goneOn, nowMs: 7_000, members: [fine(alice), fine(bob)] }))
		expect(policy.step(given({ vector: goneOn, nowMs: 9_000 })).type).toBe('wait')
		policy.step(given({ vector: { ...waitingForBob, rev: '4' }, nowMs: 9_100 }))
		const again = { ...playing, rev: '5' }
		policy.step(given({ vector: again, nowMs: 10_000, members: [fine(alice), fine(bob)] }))
		expect(policy.step(given({ vector: again, nowMs: 12_000 })).type).toBe('nothing')
		expect(policy.step(given({ vector: again, nowMs: 80_000 })).type).toBe('wait')
	})
})
