import { COUNT_DOWN_MS } from '#lib/follow/schedule.ts'
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import { DEFAULT_SETTINGS } from '#lib/core/roles.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import { createTogether, DEAD_ITEM_MS, type TogetherInputs, type TogetherMember } from './together.ts'

const alice = 'alice' as DeviceId
const bob = 'bob' as DeviceId
const charlie = 'charlie' as DeviceId
const item = 'alice.film' as ItemId

const playing: PlaybackVector = {
	...EMPTY_VECTOR,
	itemId: item,
	rev: 'a.1',
	isPlaying: true,
	positionS: 10,
	atMs: 0,
}
const check: PlaybackVector = { ...playing, rev: 'a.2', isPlaying: false, cause: { type: 'check' } }
const fine = (device: DeviceId, change: Partial<TogetherMember> = {}): TogetherMember => ({
	device,
	mayControl: true,
	stalledForMs: 0,
	isReady: true,
	isExempt: false,
	readyFor: null,
	hasFailed: false,
	...change,
})
const given = (change: Partial<TogetherInputs> = {}): TogetherInputs => ({
	here: (change.members ?? [fine(alice), fine(bob), fine(charlie)]).map(({ device }) => device),
	nowMs: 2_000,
	me: alice,
	vector: playing,
	settings: DEFAULT_SETTINGS,
	members: [fine(alice), fine(bob), fine(charlie)],
	startDelayMs: 300,
	hasNext: true,
	...change,
})
const yes = (device: DeviceId) => fine(device, { readyFor: check.rev })

describe('a ready check', () => {
	it('[SS65] counts 3, 2, 1 down once everybody who is asked has said yes, and one device writes it', () => {
		const members = [yes(alice), yes(bob), yes(charlie)]
		expect(createTogether().step(given({ vector: check, members }))).toEqual({
			type: 'write',
			change: {
				positionS: 10,
				rate: 1,
				isPlaying: true,
				atMs: 2_000 + COUNT_DOWN_MS + 300,
				cause: { type: 'go' },
			},
		})
		expect(createTogether().step(given({ vector: check, members, me: bob })).type).toBe('nothing')
	})

	it('[SS66] waits for a yes to this check, not to one before; hidden and refused members are not asked', () => {
		const together = createTogether()
		const old = fine(bob, { readyFor: 'a.1' })
		expect(together.step(given({ vector: check, members: [yes(alice), old] })).type).toBe('nothing')
		expect(together.step(given({ vector: check, members: [yes(alice), fine(bob)] })).type).toBe('nothing')
		const away = fine(bob, { isExempt: true })
		expect(together.step(given({ vector: check, members: [yes(alice), away] })).type).toBe('write')
		// Of somebody whose film has just come that is not known yet.
		expect(together.step(given({ vector: check, members: [yes(alice), away], nowMs: 1_900 })).type).toBe(
			'nothing',
		)
		const nobody = [fine(alice, { isExempt: true }), away]
		expect(together.step(given({ vector: check, members: nobody })).type).toBe('nothing')
	})

	it('[SS66] who may not control says yes like everybody, and another writes', () => {
		const members = [{ ...yes(alice), mayControl: false }, yes(bob)]
		expect(createTogether().step(given({ vector: check, members })).type).toBe('nothing')
		expect(createTogether().step(given({ vector: check, members, me: bob })).type).toBe('write')
	})
})

describe('stopping when somebody leaves', () => {
	const settings = { ...DEFAULT_SETTINGS, pausesOnLeave: true }

	it('[SS67] stops the film where it is, naming who left, where the room is to', () => {
		const together = createTogether()
		expect(together.step(given({ settings })).type).toBe('nothing')
		const without = [fine(alice), fine(charlie)]
		expect(together.step(given({ settings, members: without }))).toEqual({
			type: 'write',
			change: {
				positionS: 12,
				rate: 1,
				isPlaying: false,
				atMs: 2_000,
				cause: { type: 'left', device: bob },
			},
		})
		const outOfReach = createTogether()
		outOfReach.step(given({ settings }))
		const here = [alice, bob, charlie]
		expect(outOfReach.step(given({ settings, members: without, here })).type).toBe('nothing')
		// Once: whoever presses play again is not stopped for the same person.
		expect(together.step(given({ settings, members: without })).type).toBe('nothing')
	})

	it('[SS67] not where the rule is off, the film stands, or another is to write it', () => {
		const without = [fine(alice), fine(charlie)]
		const cases: Partial<TogetherInputs>[] = [
			{},
			{ settings, vector: { ...playing, isPlaying: false } },
			{ settings, me: charlie },
		]
		for (const change of cases) {
			const together = createTogether()
			together.step(given(change))
			expect(together.step(given({ ...change, members: without })).type).toBe('nothing')
		}
	})
})

describe('an item that nobody can play', () => {
	const failed = [fine(alice, { hasFailed: true }), fine(bob, { hasFailed: true })]

	it('[SS68] is left after ten seconds, by one device', () => {
		const together = createTogether()
		expect(together.step(given({ members: failed })).type).toBe('nothing')
		expect(together.leavesDeadItemAtMs()).toBe(2_000 + DEAD_ITEM_MS)
		const later = given({ members: failed, nowMs: 2_000 + DEAD_ITEM_MS })
		expect(together.step(later)).toEqual({ type: 'go-on', from: item, atMs: later.nowMs + 300 })
		const other = createTogether()
		other.step(given({ members: failed, me: bob }))
		expect(other.step({ ...later, me: bob }).type).toBe('nothing')
	})

	it('[SS68] stays while one member plays it, nothing comes behind it, or the room stands still', () => {
		const cases: Partial<TogetherInputs>[] = [
			{ members: [...failed, fine(charlie)] },
			{ members: failed, hasNext: false },
			{ members: failed, vector: { ...playing, isPlaying: false } },
		]
		for (const change of cases) {
			const together = createTogether()
			together.step(given(change))
			expect(together.step(given({ ...change, nowMs: 60_000 })).type).toBe('nothing')
			expect(together.leavesDeadItemAtMs()).toBeNull()
		}
	})
})

describe('somebody who buffers', () => {
	it('[SS12] holds a room of six, none of seven, though only three of them have said what they do', () => {
		const members = [fine(alice), fine(bob, { stalledForMs: 5_000, isReady: false }), fine(charlie)]
		const others = ['dee', 'eve', 'fay', 'gus'] as DeviceId[]
		const named = members.map(({ device }) => device)
		const settings = { ...DEFAULT_SETTINGS, waits: true }
		const six = [...named, ...others.slice(0, 3)]
		expect(createTogether().step(given({ members, settings, here: six })).type).toBe('write')
		const seven = [...named, ...others]
		expect(createTogether().step(given({ members, settings, here: seven })).type).toBe('nothing')
		// Two tabs of one device are one of the people.
		expect(createTogether().step(given({ members, settings, here: [...six, alice] })).type).toBe('write')
	})
})
