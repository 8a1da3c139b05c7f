/**
 * Time, ids and randomness as the core sees them: always handed in, never taken from the platform.
 */
import type { Millis } from './units.ts'

export interface Clock {
	/** Room time in milliseconds: near Unix time, agreed between members, never stepping back by itself. */
	nowMs(): Millis
}

export interface RandomSource {
	/** `count` random bytes, unpredictable where the platform can do it. */
	bytes(count: number): Uint8Array
}
