/**
 * Where a player should be by its own reports, so that a leap can be told from a late or a stuck report.
 * A report can only come too late, never too early: the furthest one is the best.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export interface Track {
	/** True if only a seek leads from the reports before to this one. */
	isLeap(positionS: Seconds, atMs: Millis, rate: number, isRunning: boolean): boolean
	add(positionS: Seconds, atMs: Millis, rate: number): void
	forget(): void
}

const FORWARD_S = 1.5
/** Backwards nothing but a seek leads; reports of one moment may differ by so much. */
const BACKWARD_S = 0.75
/** So many reports behind where it should be: it lost time without a word, and is judged from here on. */
const BEHIND_S = 0.5
const BEHIND_MAX = 8

export const createTrack = (): Track => {
	let best: { readonly positionS: Seconds; readonly atMs: Millis } | null = null
	let last: Seconds | null = null
	let behind = 0
	const expectedS = (atMs: Millis, rate: number): Seconds | null =>
		best === null ? null : best.positionS + (rate * Math.max(0, atMs - best.atMs)) / 1000
	return {
		isLeap(positionS, atMs, rate, isRunning) {
			if (last === null) return false
			const shouldBeS = isRunning ? (expectedS(atMs, rate) ?? last) : last
			return positionS < last - BACKWARD_S || positionS > shouldBeS + FORWARD_S
		},
		add(positionS, atMs, rate) {
			const shouldBeS = expectedS(atMs, rate)
			behind = shouldBeS !== null && positionS < shouldBeS - BEHIND_S ? behind + 1 : 0
			if (shouldBeS === null || positionS >= shouldBeS || behind >= BEHIND_MAX) {
				best = { positionS, atMs }
				behind = 0
			}
			last = positionS
		},
		forget() {
			best = null
			last = null
			behind = 0
		},
	}
}
