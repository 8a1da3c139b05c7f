/**
 * How often a frame reports while it plays, and so how long it may say nothing new before it must be standing: sites
 * differ from four times a second to once in seconds, and nobody documents it.
 */
import type { Millis } from '#lib/core/units.ts'

export interface Pace {
	/** It was seen to move; `keptUp`: as far as the time since the report before. */
	moved(nowMs: Millis, keptUp: boolean): void
	/** Something happened after which it may take its time: a start, a seek, an ad, a sleep of the page. */
	restart(nowMs: Millis): void
	/** Told that it plays, and not moving for longer than its pace allows. */
	isStuck(nowMs: Millis): boolean
}

const LEAST_MS = 1_500
const MOST_MS = 12_000
/** Before two reports came in a row. */
const UNKNOWN_MS = 5_000
const TIMES = 2.5
const KEPT = 5

export const createPace = (nowMs: Millis): Pace => {
	let movedMs = nowMs
	/** The first interval after a restart is the start's, not the pace's. */
	let isFresh = true
	let intervals: readonly Millis[] = []
	const allowedMs = (): Millis =>
		intervals.length === 0
			? UNKNOWN_MS
			: Math.min(MOST_MS, Math.max(LEAST_MS, TIMES * Math.max(...intervals)))
	const isStuck = (atMs: Millis): boolean => atMs - movedMs > allowedMs()
	return {
		moved(atMs, keptUp) {
			// How long it stood says nothing of how often it reports; if it moved on meanwhile it only reports seldom.
			if (!isFresh && (keptUp || !isStuck(atMs))) intervals = [...intervals.slice(1 - KEPT), atMs - movedMs]
			isFresh = false
			movedMs = atMs
		},
		restart(atMs) {
			isFresh = true
			movedMs = atMs
		},
		isStuck,
	}
}
