/**
 * The paths of the plot of the last minute: how far from the room's moment, on a scale that shows 1 ms and 1 s alike.
 */
import type { StepReading } from '#lib/core/view.ts'

export const WINDOW_MS = 60_000
/** Beyond it the line runs along the edge. */
const MOST_MS = 2_000
/** Up to here the scale is linear, beyond it logarithmic. */
const LINEAR_MS = 5

/** −1 (2 s ahead) to 1 (2 s behind); 0 is in step. */
export const driftPlace = (driftMs: number): number => {
	const size = Math.log1p(Math.min(MOST_MS, Math.abs(driftMs)) / LINEAR_MS) / Math.log1p(MOST_MS / LINEAR_MS)
	return Math.sign(driftMs) * size
}

/** 0 (a minute ago) to 1 (now). */
export const timePlace = (atMs: number, nowMs: number): number => 1 - (nowMs - atMs) / WINDOW_MS

const round = (value: number): string => value.toFixed(1)

/**
 * An SVG path through what `placeOf` makes of each reading (−1 to 1, 1 at the top), broken where it makes null.
 */
export const linePath = (
	readings: readonly StepReading[],
	nowMs: number,
	width: number,
	height: number,
	placeOf: (reading: StepReading) => number | null,
): string => {
	let path = ''
	let isDown = false
	for (const reading of readings) {
		const x = timePlace(reading.atMs, nowMs)
		const place = placeOf(reading)
		if (x < 0 || place === null) {
			isDown = false
			continue
		}
		path += `${isDown ? 'L' : 'M'}${round(x * width)} ${round(((1 - place) / 2) * height)}`
		isDown = true
	}
	return path
}
