/**
 * Where an embed begins that takes any seek before its start for the start itself (YouTube, Vimeo): the place is kept,
 * goes with the start, and until the film is there its reports are of the place before. Pure: times come in.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export interface StartPlace {
	/** Before the start: keeps the place. */
	keep(toS: Seconds): void
	/** The start is being asked for: the place to ask for with it, or null for where it stands. */
	take(atMs: Millis): Seconds | null
	/** It plays. */
	started(atMs: Millis): void
	/** True if a report is of the place before the start's and means nothing. */
	isBefore(positionS: Seconds, atMs: Millis): boolean
}

/** How far from the place asked for its first reports may be, and for how long in play others are not believed. */
const LANDED_S = 1.5
const LANDING_MS = 3_000

export const createStartPlace = (): StartPlace => {
	let keptS: Seconds | null = null
	let landing: { readonly toS: Seconds; readonly sinceMs: Millis } | null = null
	let startedMs: Millis | null = null
	return {
		keep(toS) {
			keptS = toS
		},
		take(atMs) {
			if (startedMs !== null || keptS === null) return null
			landing = { toS: keptS, sinceMs: atMs }
			return keptS
		},
		started(atMs) {
			startedMs ??= atMs
		},
		isBefore(positionS, atMs) {
			if (landing === null) return startedMs === null && keptS !== null
			const isThere = Math.abs(positionS - landing.toS) <= LANDED_S + (atMs - landing.sinceMs) / 1000
			const isGivenUp = startedMs !== null && atMs - startedMs > LANDING_MS
			if (!isThere && !isGivenUp) return true
			landing = null
			keptS = null
			return false
		},
	}
}
