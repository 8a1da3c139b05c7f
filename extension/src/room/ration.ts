/** So many at once, then so many a second. */
import type { Millis } from '#lib/core/units.ts'

/** The function says whether one more is within it. */
export const createRation = (burst: number, perS: number, nowMs: () => Millis): (() => boolean) => {
	let left = burst
	let atMs = nowMs()
	return () => {
		const now = nowMs()
		left = Math.min(burst, left + (Math.max(0, now - atMs) * perS) / 1_000)
		atMs = now
		if (left < 1) return false
		left--
		return true
	}
}
