/**
 * The browser's clocks, timers and randomness, as the plain arguments that everything else takes.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Millis } from '#lib/core/units.ts'

/**
 * Local monotonic time on the scale of Unix time, in ms with a step of 0.1. Never `Date.now()`, which jumps when
 * the system's clock is set.
 */
export const localNowMs = (): number => performance.timeOrigin + performance.now()

/** The system's idea of the time of day; for proofs and dates, never for order or playback. */
export const wallNowMs = (): Millis => Date.now()

export const cryptoRandom: RandomSource = {
	bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
}

export interface Timers {
	setTimeout(fn: () => void, ms: number): unknown
	clearTimeout(handle: unknown): void
	setInterval(fn: () => void, ms: number): unknown
	clearInterval(handle: unknown): void
}

export const pageTimers: Timers = {
	setTimeout: (fn, ms) => setTimeout(fn, ms),
	clearTimeout: (handle) => clearTimeout(handle as number),
	setInterval: (fn, ms) => setInterval(fn, ms),
	clearInterval: (handle) => clearInterval(handle as number),
}
