/**
 * Reads where a media element is, to a fraction of a millisecond where the browser can tell. Right after the first
 * picture it looks how the position moves: in one flow (Chromium), or in steps (Firefox).
 */
import type { Seconds } from '#lib/core/units.ts'
import { createSteppedClock, isStepped } from './stepped-clock.ts'

export interface Sensor {
	/** It plays: time to look, once. */
	started(): void
	/** Where it is at `atLocalMs`, in the element's own time. */
	read(atLocalMs: number): Seconds
	/** One standard deviation of what was read last, in milliseconds. */
	sigmaMs(): number
	dispose(): void
}

/** Right after the first picture positions are still rough: then ten readings, 4 ms apart, tell how they move. */
const LOOK_AFTER_MS = 300
const LOOK_EACH_MS = 4
const LOOKS = 10
const FLOWING_SIGMA_MS = 0.2
const STEPPED_SIGMA_MS = 4

export const createSensor = (
	element: HTMLMediaElement,
	setTimer: (fn: () => void, ms: number) => () => void,
): Sensor => {
	const stepped = createSteppedClock()
	let looks: Seconds[] | null = null
	let doesStep = false
	let isCarried = false
	let cancelLook: () => void = () => undefined
	const look = (): void => {
		if (!looks || element.paused || element.seeking) {
			looks = null
			return
		}
		looks.push(element.currentTime)
		if (looks.length === LOOKS) doesStep = isStepped(looks)
		else cancelLook = setTimer(look, LOOK_EACH_MS)
	}
	return {
		started() {
			if (looks) return
			looks = []
			cancelLook = setTimer(look, LOOK_AFTER_MS)
		},
		read(atLocalMs) {
			const positionS = element.currentTime
			isCarried = doesStep && !element.paused && !element.seeking
			if (isCarried) return stepped.read(positionS, atLocalMs, element.playbackRate)
			if (doesStep) stepped.reset()
			return positionS
		},
		sigmaMs: () => (isCarried ? STEPPED_SIGMA_MS : FLOWING_SIGMA_MS),
		dispose: () => cancelLook(),
	}
}
