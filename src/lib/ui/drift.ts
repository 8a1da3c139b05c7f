/** How far somebody is from the room's moment, in three grades that have a shape each, never colour alone. */
import type { Seconds } from '#lib/core/units.ts'

export type DriftGrade = 'ok' | 'warn' | 'bad'

export const IN_STEP_S: Seconds = 0.25
const FAR_S: Seconds = 1

export const driftGrade = (driftS: Seconds): DriftGrade => {
	const off = Math.abs(driftS)
	if (off < IN_STEP_S) return 'ok'
	return off < FAR_S ? 'warn' : 'bad'
}

/** Where the step meter ends, on either side. */
const METER_S: Seconds = 2

/**
 * Place on the step meter, 0 (2 s behind) to 1 (2 s ahead). A square root, so that tenths of a second can be seen
 * and two seconds still fit.
 */
export const meterPlace = (driftS: Seconds): number => {
	const share = Math.min(1, Math.abs(driftS) / METER_S)
	return 0.5 + (Math.sign(driftS) * Math.sqrt(share)) / 2
}

/** Seats nearer than this on the meter would hide each other. */
const NEAR = 0.04

/** For each place how many earlier ones stand (nearly) there: the seats are fanned out by it. */
export const fanOut = (places: readonly number[]): number[] =>
	places.map((place, at) => places.slice(0, at).filter((other) => Math.abs(other - place) < NEAR).length)
