/**
 * One seek on its way through a frame: which report is the first from the new place. Reports made before it was heard
 * still come; sites land on a frame nearby; some say that they went, and some never do.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export interface SeekWatch {
	isPending(): boolean
	/** `fromS`: where it was; null if nobody knows. */
	start(toS: Seconds, fromS: Seconds | null, nowMs: Millis): void
	/** Whether a report of `atS` comes from there; `isSaid`: the frame itself calls it the end of a seek. */
	hasLanded(atS: Seconds, isSaid: boolean, isRunning: boolean, nowMs: Millis): boolean
	/** Nothing was heard of it for so long that nothing will be. */
	isLost(nowMs: Millis): boolean
	end(): void
}

const NEAR_S = 1.5
const NEAR_AT_REST_S = 0.3
/** From then on any place but the old one is taken for the new one: as near as the site can. */
const ELSEWHERE_MS = 1_500
const LOST_MS = 6_000

export const createSeekWatch = (): SeekWatch => {
	let seek: { readonly toS: Seconds; readonly fromS: Seconds | null; readonly sinceMs: Millis } | null = null
	return {
		isPending: () => seek !== null,
		start(toS, fromS, nowMs) {
			seek = { toS, fromS, sinceMs: nowMs }
		},
		hasLanded(atS, isSaid, isRunning, nowMs) {
			if (!seek) return false
			const forMs = nowMs - seek.sinceMs
			const nearS = isRunning ? NEAR_S + forMs / 1000 : NEAR_AT_REST_S
			if (isSaid || Math.abs(atS - seek.toS) <= nearS) return true
			const leftS = Math.abs(atS - (seek.fromS ?? -Infinity))
			return forMs > ELSEWHERE_MS && leftS > NEAR_S + forMs / 1000
		},
		isLost: (nowMs) => seek !== null && nowMs - seek.sinceMs > LOST_MS,
		end() {
			seek = null
		},
	}
}
