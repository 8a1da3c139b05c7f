import { describe, expect, it } from 'vitest'
import { createDateMap, createLatencyNeed, type DatedPart } from './hls-dates.ts'
import { zoneShiftMs } from './hls.ts'

const BEGAN_MS = Date.UTC(2026, 10, 21, 12)
/** Parts of 2 s; media time 0 is part 0. */
const parts = (from: number, to: number, change: Partial<DatedPart> = {}): DatedPart[] =>
	Array.from({ length: to - from }, (_, i) => ({
		startS: (from + i) * 2,
		durationS: 2,
		dateMs: BEGAN_MS + (from + i) * 2_000,
		run: 0,
		...change,
	}))
const dateS = (mediaS: number): number => BEGAN_MS / 1000 + mediaS

describe('the dates of a live stream', () => {
	it('[PL100] every place has one, and every date its place, to the millisecond', () => {
		const map = createDateMap()
		expect(map.dateAt(3)).toBeNull()
		map.update(parts(10, 20))
		expect(map.dateAt(23.456)).toBeCloseTo(dateS(23.456), 4)
		expect(map.mediaAt(dateS(23.456))).toBeCloseTo(23.456, 4)
		expect(map.edgeMs()).toBe(BEGAN_MS + 40_000)
	})
	it('[PL100] are the same for all, whenever they came: wobbling stamps are evened out by the parts around', () => {
		const wobbling = parts(0, 60).map((part, i) => ({
			...part,
			dateMs: part.dateMs + [35, -20, 5, -40, 15][i % 5]!,
		}))
		const early = createDateMap()
		for (let end = 10; end <= 40; end++) early.update(wobbling.slice(end - 10, end))
		const late = createDateMap()
		late.update(wobbling.slice(30, 40))
		for (let s = 66; s < 76; s += 0.5) {
			expect(early.dateAt(s)).toBeCloseTo(late.dateAt(s)!, 5)
			expect(Math.abs(early.dateAt(s)! - dateS(s))).toBeLessThan(0.02)
		}
	})
	it('[PL100] what has left the window keeps its date', () => {
		const map = createDateMap()
		for (let first = 0; first < 30; first++) map.update(parts(first, first + 5))
		expect(map.dateAt(10)).toBeCloseTo(dateS(10), 4)
	})
	it('[PL93] a jump of the stream’s clock is one step, at its part', () => {
		const map = createDateMap()
		const before = parts(0, 10)
		const after = parts(10, 20).map((part) => ({ ...part, dateMs: part.dateMs + 60_000 }))
		map.update([...before, ...after])
		expect(map.dateAt(19.9)).toBeCloseTo(dateS(19.9), 4)
		expect(map.dateAt(20.1)).toBeCloseTo(dateS(80.1), 4)
		expect(map.mediaAt(dateS(85))).toBeCloseTo(25, 4)
		// A date that never was: the next there is.
		expect(map.mediaAt(dateS(50))).toBeCloseTo(20, 4)
	})
	it('[PL93] of a date that comes twice the newer place is meant', () => {
		const map = createDateMap()
		const again = parts(10, 20).map((part) => ({ ...part, dateMs: part.dateMs - 10_000 }))
		map.update([...parts(0, 10), ...again])
		expect(map.mediaAt(dateS(15))).toBeCloseTo(25, 4)
	})
	it('[PL93] a cut separates what is evened out', () => {
		const map = createDateMap()
		const after = parts(5, 10, { run: 1 }).map((part) => ({ ...part, dateMs: part.dateMs + 500 }))
		map.update([...parts(0, 5), ...after])
		expect(map.dateAt(9)).toBeCloseTo(dateS(9), 4)
		expect(map.dateAt(11)).toBeCloseTo(dateS(11.5), 4)
	})
	it('[PL91] a date outside the window is answered with the nearest place that can be loaded', () => {
		const map = createDateMap()
		map.update(parts(0, 10))
		map.update(parts(10, 20))
		expect(map.mediaAt(dateS(2))).toBeCloseTo(20.2, 4)
		expect(map.mediaAt(dateS(500))).toBeCloseTo(39.5, 4)
	})
	it.each([
		[4_000, 0],
		[40 * 60_000, 0],
		[-10 * 60_000, 0],
		[8 * 3_600_000 + 5_000, 8 * 3_600_000],
		[-5 * 3_600_000 + 5_000, -5 * 3_600_000],
	])('[PL91] a stream %i ms behind by its own clock is %i ms of time zone off', (behindMs, shiftMs) => {
		expect(zoneShiftMs(behindMs)).toBe(shiftMs)
	})
})

describe('how far behind the present a stream has to be watched', () => {
	it('[PL101] is the least delay seen and the time the stream wants held back', () => {
		const need = createLatencyNeed()
		expect(need.note(2_100, 6_000)).toBe(8_250)
		// Asked sooner after a part came out: a little less, for which nobody moves.
		expect(need.note(1_400, 6_000)).toBe(8_250)
	})
	it('[PL101] grows at once when the stream needs more, and stays so through small changes', () => {
		const need = createLatencyNeed()
		const first = need.note(1_000, 6_000)
		expect(need.note(1_000, 7_000)).toBe(first + 1_000)
		for (let i = 0; i < 20; i++) expect(need.note(900 + (i % 3) * 100, 7_000)).toBe(first + 1_000)
	})
	it('[PL101] a late answer is no reason for more', () => {
		const need = createLatencyNeed()
		const first = need.note(1_000, 6_000)
		for (const behindMs of [3_000, 1_100, 5_000, 1_000]) expect(need.note(behindMs, 6_000)).toBe(first)
	})
	it('[PL101] follows a clock that was set', () => {
		const need = createLatencyNeed()
		need.note(1_000, 6_000)
		expect(need.note(61_000, 6_000)).toBe(67_000)
	})
})
