/**
 * A film that ran when everybody left, seen by whoever comes alone and has the room from the server: it stands where
 * it was when the server last heard of it, instead of having run on for nobody.
 */
import { positionAt } from '#lib/core/playback.ts'
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { Millis } from '#lib/core/units.ts'

/** Longer than a reload: then nobody has watched on. */
export const LEFT_AFTER_MS: Millis = 20_000

export interface SetDownFacts {
	readonly isAlone: boolean
	readonly mayControl: boolean
	/** When the server last heard of the room, in room time; and now. */
	readonly atMs: Millis
	readonly nowMs: Millis
}

/** The vector to write, or null where the film is left as it is. */
export const setDown = (
	playback: PlaybackVector,
	{ isAlone, mayControl, atMs, nowMs }: SetDownFacts,
): Pick<PlaybackVector, 'positionS' | 'isPlaying' | 'rate' | 'atMs'> | null => {
	if (!isAlone || !mayControl || !playback.isPlaying || nowMs - atMs < LEFT_AFTER_MS) return null
	// Started after the server last heard: nothing of it was seen.
	const positionS = positionAt(playback, Math.max(atMs, playback.atMs))
	return { positionS, isPlaying: false, rate: playback.rate, atMs: nowMs }
}
