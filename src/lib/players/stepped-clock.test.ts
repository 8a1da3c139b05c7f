import { describe, expect, it } from 'vitest'
import { createSteppedClock, isStepped } from './stepped-clock.ts'

/** A film at normal speed whose position is updated every 40 ms, read every 50. */
const read = (clock: ReturnType<typeof createSteppedClock>, fromMs: number, toMs: number, lateMs = 0) => {
	const errors: number[] = []
	for (let t = fromMs; t < toMs; t += 50) {
		const heldMs = Math.floor((t - lateMs) / 40) * 40
		errors.push(clock.read(heldMs / 1000, t, 1) * 1000 - (t - lateMs))
	}
	return errors
}

describe('a position that moves in steps', () => {
	it('[PL21] is read to within ten milliseconds instead of forty', () => {
		const clock = createSteppedClock()
		read(clock, 0, 500)
		for (const error of read(clock, 500, 10_000)) expect(Math.abs(error)).toBeLessThan(10)
	})
	it('[PL21] a real set-back is seen: a large one at once, a small one soon', () => {
		const clock = createSteppedClock()
		read(clock, 0, 2_000)
		expect(Math.abs(read(clock, 2_000, 2_050, 400)[0]!)).toBeLessThan(41)
		read(clock, 2_050, 4_000, 400)
		read(clock, 4_000, 8_000, 430)
		for (const error of read(clock, 8_000, 9_000, 430)) expect(Math.abs(error)).toBeLessThan(10)
	})
	it('[PL21] a set-back smaller than a step is not carried on for ever', () => {
		const clock = createSteppedClock()
		read(clock, 0, 2_000)
		read(clock, 2_000, 5_000, 7)
		for (const error of read(clock, 5_000, 6_000, 7)) expect(error).toBeLessThan(1)
	})
	it('[PL21] is told from one that flows', () => {
		expect(isStepped([1, 1, 1, 1, 1.04, 1.04, 1.04, 1.04])).toBe(true)
		expect(isStepped([1, 1.004, 1.008, 1.012, 1.016, 1.02, 1.024, 1.028])).toBe(false)
		expect(isStepped([1, 1, 1])).toBe(false)
	})
})
