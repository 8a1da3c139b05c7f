import { describe, expect, it } from 'vitest'
import { compareOrder, createHlcClock, HLC_AHEAD_MAX_MS, hlcCounter, hlcMs, isDue, makeHlc } from './hlc.ts'
import type { DeviceId } from './units.ts'

const NOW = 1_800_000_000_000

describe('the clock of records', () => {
	it('[HL1] gives a later reading each time, also within one millisecond and when time steps back a little', () => {
		const clock = createHlcClock()
		const readings = [NOW, NOW, NOW - 5_000, NOW + 1, NOW - 59_000].map((ms) => clock.tick(ms))
		for (let i = 1; i < readings.length; i++) expect(readings[i]).toBeGreaterThan(readings[i - 1] ?? 0n)
	})

	it('[HL1] carries a full counter into the milliseconds', () => {
		const clock = createHlcClock()
		clock.receive(makeHlc(NOW, 0xffff), NOW)
		const next = clock.tick(NOW)
		expect([hlcMs(next), hlcCounter(next)]).toEqual([NOW + 1, 0])
	})

	it('[HL1] goes on behind what it has received', () => {
		const clock = createHlcClock()
		expect(clock.receive(makeHlc(NOW + 30_000, 7), NOW)).toBe(true)
		expect(clock.tick(NOW)).toBe(makeHlc(NOW + 30_000, 8))
	})

	it('[HL3] does not take over a reading more than a minute ahead of room time', () => {
		const clock = createHlcClock()
		expect(clock.receive(makeHlc(NOW + HLC_AHEAD_MAX_MS + 1), NOW)).toBe(false)
		expect(clock.tick(NOW)).toBe(makeHlc(NOW))
		expect(isDue(makeHlc(NOW + HLC_AHEAD_MAX_MS), NOW)).toBe(true)
	})

	it('[HL4] starts over from room time when that was set back by more than a minute', () => {
		const clock = createHlcClock()
		clock.tick(NOW + 600_000)
		expect(clock.tick(NOW)).toBe(makeHlc(NOW))
	})

	it('[HL2] orders by reading, then author, then seq', () => {
		const record = (hlc: bigint, author: string, seq: number) => ({ hlc, author: author as DeviceId, seq })
		const ordered = [record(1n, 'b', 9), record(2n, 'a', 5), record(2n, 'b', 1), record(2n, 'b', 2)]
		expect([...ordered].reverse().sort(compareOrder)).toEqual(ordered)
	})
})
