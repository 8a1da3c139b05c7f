/**
 * Time for transports: a monotonic reading and timers, as one port. The platform stands behind it in the app,
 * `sim-clock.ts` in simulations. Readings have no agreed zero; only differences mean something.
 */
import type { Millis } from '#lib/core/units.ts'

export type TimerHandle = unknown

export interface Timers {
	/** Monotonic; does not step with the wall clock. */
	nowMs(): Millis
	setTimeout(fn: () => void, delayMs: Millis): TimerHandle
	/** Does nothing for a timer that ran or was cleared. */
	clearTimeout(handle: TimerHandle): void
}

/** The platform's own timers and `performance.now`. */
export const createSystemTimers = (platform: typeof globalThis): Timers => ({
	nowMs: () => platform.performance.now(),
	setTimeout: (fn, delayMs) => platform.setTimeout(fn, delayMs),
	clearTimeout: (handle) => platform.clearTimeout(handle as ReturnType<typeof setTimeout>),
})
