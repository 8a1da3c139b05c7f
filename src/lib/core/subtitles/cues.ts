/**
 * Subtitles as a list of lines in time, whatever file they came from. Plain text: marks of style are gone.
 */
import type { Seconds } from '../units.ts'

export interface Cue {
	readonly startS: Seconds
	readonly endS: Seconds
	/** One line or several, as they stand over each other. */
	readonly text: string
}

export const CUES_MAX = 20_000
export const CUE_MAX_CHARS = 1_000
/** Of a file as text, and of what unpacks from records. */
export const SUBTITLE_MAX_CHARS = 1024 * 1024

/** In the order in which they come up. */
export const compareCues = (a: Cue, b: Cue): number => a.startS - b.startS || a.endS - b.endS

/** What stands on the screen at a moment: a question asked many times a second of a list that does not change. */
export const createCueFinder = (cues: readonly Cue[]): ((positionS: Seconds) => readonly Cue[]) => {
	/** The latest end of all up to each: where it is over, nothing before can still be on. */
	const lastEnds: number[] = []
	for (const { endS } of cues) lastEnds.push(Math.max(endS, lastEnds.at(-1) ?? 0))
	return (positionS) => {
		let [low, high] = [0, cues.length]
		while (low < high) {
			const middle = (low + high) >> 1
			if ((cues[middle]?.startS ?? 0) <= positionS) low = middle + 1
			else high = middle
		}
		const found: Cue[] = []
		for (let at = low - 1; at >= 0 && (lastEnds[at] ?? 0) > positionS; at--) {
			const cue = cues[at]
			if (cue !== undefined && cue.endS > positionS) found.unshift(cue)
		}
		return found
	}
}
