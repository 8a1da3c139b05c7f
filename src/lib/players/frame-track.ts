/**
 * Where a player should be by its own reports, so that a leap can be told from a late or a stuck report.
 * A report can only come too late, never too early: the furthest one is the best.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export interface Track {
	/** True if only a seek leads from the reports before to this one. */
	isLeap(positionS: Seconds, atMs: Millis, rate: number, isRunning: boolean): boolean
	add(positionS: Seconds, atMs: Millis, rate: number): void
	/** Its pace is broken (a stall, a speed, an ad): only where it was last still counts. */
	interrupt(): void
	/** Nothing that was counts any more. */
	forget(): void
}

const FORWARD_S = 1.5
/** Backwards nothing but a seek leads; reports of one moment may differ by so much. */
const BACKWARD_S = 0.75
/** So many reports behind where it should be: it lost time without a word, and is judged from here on. */
const BEHIND_S = 0.5
const BEHIND_MAX = 8

interface Report {
	readonly positionS: Seconds
	readonly atMs: Millis
}

export const createTrack = (): Track => {
	let best: Report | null = null
	let last: Report | null = null
	let behind = 0
	const on = (from: Report, atMs: Millis, rate: number): Seconds =>
		from.positionS + (rate * Math.max(0, atMs - from.atMs)) / 1000
	return {
		isLeap(positionS, atMs, rate, isRunning) {
			if (last === null) return false
			const shouldBeS = isRunning ? on(best ?? last, atMs, rate) : last.positionS
			return positionS < last.positionS - BACKWARD_S || positionS > shouldBeS + FORWARD_S
		},
		add(positionS, atMs, rate) {
			const shouldBeS = best === null ? null : on(best, atMs, rate)
			behind = shouldBeS !== null && positionS < shouldBeS - BEHIND_S ? behind + 1 : 0
			last = { positionS, atMs }
			if (shouldBeS === null || positionS >= shouldBeS || behind >= BEHIND_MAX) {
				best = last
				behind = 0
			}
		},
		interrupt() {
			best = null
			behind = 0
		},
		forget() {
			best = null
			last = null
			behind = 0
		},
	}
}
