/**
 * Where a player is that only reports now and then: each report was true at some moment before it came, so the one
 * that is furthest ahead is the least stale (sync.md, section 9). Judged from four fresh reports on, at most eight.
 */
import type { PlayerSample } from '#lib/players/player.ts'

export interface ReportWindow {
	/** Takes the latest report in, if it is new; whether it was. `rate`: at which the player plays. */
	push(sample: PlayerSample, rate: number): boolean
	/** The position at a local time, in seconds; null with fewer than four reports. */
	positionS(atLocalMs: number): number | null
	/** Everything before `sinceLocalMs` is of no use any more: it was sought, or played at another rate. */
	clear(sinceLocalMs: number): void
}

const KEPT = 8
const LEAST = 4
/** One report that claims so much more than all others is not believed. */
const LONE_MS = 300
/** So far behind the best three times running: it fell back. The surer reports are, the less it takes. */
const FELL_MOST_MS = 400
const FELL_LEAST_MS = 120
const FELL_SIGMAS = 8

export const createReportWindow = (): ReportWindow => {
	/** Position minus rate times time, in milliseconds: the same for all reports of an even run. */
	const offsets: number[] = []
	let rate = 1
	let lastAtMs = -Infinity
	let sinceMs = -Infinity

	const best = (): number | null => {
		if (offsets.length < LEAST) return null
		let first = -Infinity
		let second = -Infinity
		for (const offset of offsets) {
			if (offset > first) {
				second = first
				first = offset
			} else if (offset > second) second = offset
		}
		return first - second > LONE_MS ? second : first
	}
	return {
		push(sample, nextRate) {
			if (sample.atLocalMs === lastAtMs) return false
			lastAtMs = sample.atLocalMs
			if (sample.atLocalMs < sinceMs) return false
			if (nextRate !== rate) {
				rate = nextRate
				offsets.length = 0
			}
			offsets.push(sample.positionS * 1000 - rate * sample.atLocalMs)
			if (offsets.length > KEPT) offsets.shift()
			const top = best()
			const newest = offsets.slice(-3)
			const sigmaMs = Number.isFinite(sample.sigmaMs) ? sample.sigmaMs : Infinity
			const fellMs = Math.min(FELL_MOST_MS, Math.max(FELL_LEAST_MS, FELL_SIGMAS * sigmaMs))
			if (top !== null && newest.every((offset) => offset < top - fellMs))
				offsets.splice(0, offsets.length - newest.length)
			return true
		},
		positionS(atLocalMs) {
			const offset = best()
			return offset === null ? null : (offset + rate * atLocalMs) / 1000
		},
		clear(since) {
			offsets.length = 0
			// A hold that is set stays, whatever else is forgotten meanwhile.
			sinceMs = Math.max(sinceMs, since)
		},
	}
}
