/**
 * How late a machine is that has more to do than it can: what it waits for is given more time, or nothing would ever
 * come of it, and each new try would only be more to do.
 */
import type { Millis } from '#lib/core/units.ts'

/** An answer takes a few turns at either end, each of them late. */
const TURNS = 5
const TIMES_MAX = 3
/** What was late is remembered so much from one tick to the next. */
const KEEP = 0.8
/** A sleeping machine was not busy. */
const SLEEP_MS: Millis = 30_000

/** `waitMs`, or up to three times that where everything is late. */
export const patientMs = (waitMs: Millis, lateMs: Millis): Millis =>
	Math.min(waitMs + TURNS * lateMs, TIMES_MAX * waitMs)

/** Told of each tick that should come `everyMs` after the one before. */
export const createLateness = (everyMs: Millis, startMs: Millis) => {
	let tickedAtMs = startMs
	let lateMs: Millis = 0
	return {
		tick: (nowMs: Millis): void => {
			const late = Math.max(0, nowMs - tickedAtMs - everyMs)
			tickedAtMs = nowMs
			lateMs = Math.max(late > SLEEP_MS ? 0 : late, lateMs * KEEP)
		},
		lateMs: (): Millis => lateMs,
	}
}

export type Lateness = ReturnType<typeof createLateness>
