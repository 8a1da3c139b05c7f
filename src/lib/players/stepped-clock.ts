/**
 * Some browsers move `currentTime` in steps (Firefox: every 40 ms, measured) and hold it between them, so that a
 * reading is up to a step too old. The newest edge, carried on at the film's speed, is the better answer.
 */
import type { Seconds } from '#lib/core/units.ts'

export interface SteppedClock {
	/** Where the film is at `atMs`, from what was read then; `rate` as set now. */
	read(positionS: Seconds, atMs: number, rate: number): Seconds
	/** After a seek, a pause or a new rate: nothing known carries on. */
	reset(): void
}

/** Further behind than this is no step but a real set-back. */
const STEP_MAX_MS = 48
/** The carried edge sinks by so many milliseconds a second, or a small set-back would never be seen. */
const SINK_PER_S = 8

export const createSteppedClock = (): SteppedClock => {
	let edge: { positionS: Seconds; atMs: number } | null = null
	return {
		read(positionS, atMs, rate) {
			if (edge) {
				const passedS = (atMs - edge.atMs) / 1000
				const carriedS = edge.positionS + passedS * (rate - SINK_PER_S / 1000)
				if (carriedS > positionS && (carriedS - positionS) * 1000 <= STEP_MAX_MS * Math.max(1, rate)) {
					edge = { positionS: carriedS, atMs }
					return carriedS
				}
			}
			edge = { positionS, atMs }
			return positionS
		},
		reset() {
			edge = null
		},
	}
}

/** Whether readings a few milliseconds apart, taken while playing, stand still more often than they move. */
export const isStepped = (readings: readonly Seconds[]): boolean => {
	let still = 0
	for (let i = 1; i < readings.length; i++) if (readings[i] === readings[i - 1]) still += 1
	return readings.length >= 6 && still > readings.length / 2
}
