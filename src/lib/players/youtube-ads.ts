/**
 * Whether an ad runs in YouTube's embed, which has no word for it: told to play it stays unstarted, or buffers while it
 * has data, or says that it plays and does not move, or tells another length than the film's. A start that the browser
 * refuses looks nearly the same; whether it may have refused is asked from outside. Pure: times come in.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { YouTubeState } from './youtube-words.ts'

export type Meaning = 'content' | 'ad' | 'blocked'

export interface AdJudge {
	told(wantsPlay: boolean, atMs: Millis): void
	/** In the order in which they come; a length is the one that goes with the state. */
	state(state: YouTubeState, atMs: Millis): void
	position(positionS: Seconds, atMs: Millis): void
	length(durationS: Seconds, atMs: Millis): void
	/** The film's own length, as far as it is known. */
	lengthS(): Seconds | null
	/** `aheadS`: loaded ahead of the position; `mayBeBlocked`: nobody has touched the page, and it has sound. */
	judge(atMs: Millis, aheadS: Seconds, mayBeBlocked: boolean): Meaning
}

/** Lengths are rounded differently at different moments; further apart they belong to different films. */
const SAME_LENGTH_S = 2
/** Told to play and unstarted for so long: no start takes that. */
const UNSTARTED_MS = 1_000
const BLOCKED_MS = 2_000
/** Standing still with so much loaded is no lack of data. */
const STILL_MS = 1_500
const STILL_AHEAD_S = 2
/** Loading with so much loaded, likewise; but seeks take a while to go on. */
const LOADING_MS = 4_000
/** Reports older than this say nothing of whether it moves. */
const FRESH_MS = 1_300
/** No ad is this long: it is the film that changed (a premiere, an edit). */
const AD_MAX_MS = 10 * 60_000

export const createAdJudge = (): AdJudge => {
	let wantsPlay = false
	let state: YouTubeState = -1
	let sinceMs: Millis = 0
	let hasPlayed = false
	let positionS: Seconds | null = null
	let movedMs: Millis = 0
	let reportMs: Millis = -Infinity
	let ownS: Seconds | null = null
	/** It was told before anything played, so it is the film's. */
	let isOwnSure = false
	let otherSinceMs: Millis | null = null
	let otherS: Seconds = Infinity

	const isAtRest = (): boolean => state === -1 || state === 5
	return {
		told(next, atMs) {
			if (next !== wantsPlay) {
				sinceMs = atMs
				movedMs = atMs
			}
			wantsPlay = next
		},
		state(next, atMs) {
			if (next === state) return
			state = next
			sinceMs = atMs
			movedMs = atMs
			if (next === 1) hasPlayed = true
		},
		position(next, atMs) {
			reportMs = atMs
			if (positionS === null || Math.abs(next - positionS) > 0.01) movedMs = atMs
			positionS = next
			// Beyond the ad's end, though no other length was told: it is the film again.
			if (next > otherS + SAME_LENGTH_S) otherSinceMs = null
		},
		length(saidS, atMs) {
			const isBefore = isAtRest() && !wantsPlay
			const isSame = ownS !== null && Math.abs(saidS - ownS) <= SAME_LENGTH_S
			// A longer one in play, where the first was only heard in play too: that first was an ad's.
			const isBetter = state === 1 && !isOwnSure && ownS !== null && saidS > ownS
			const hasLasted = otherSinceMs !== null && atMs - otherSinceMs > AD_MAX_MS
			if (ownS === null ? isBefore || state === 1 || state === 2 : isSame || isBetter || hasLasted) {
				ownS = saidS
				isOwnSure ||= isBefore
				otherSinceMs = null
			} else if (ownS !== null) {
				otherSinceMs ??= atMs
				otherS = saidS
			}
		},
		lengthS: () => ownS,
		judge(atMs, aheadS, mayBeBlocked) {
			if (otherSinceMs !== null && state !== 2 && state !== 0) return 'ad'
			if (!wantsPlay) return 'content'
			const forMs = atMs - sinceMs
			if (state === -1 || (state === 5 && hasPlayed)) {
				if (!hasPlayed && mayBeBlocked) return forMs >= BLOCKED_MS ? 'blocked' : 'content'
				return forMs >= UNSTARTED_MS ? 'ad' : 'content'
			}
			if (state === 5) return forMs >= BLOCKED_MS ? 'blocked' : 'content'
			if (state === 3) return forMs >= LOADING_MS && aheadS >= STILL_AHEAD_S ? 'ad' : 'content'
			const isStill = atMs - movedMs >= STILL_MS && atMs - reportMs <= FRESH_MS
			return state === 1 && isStill && aheadS >= STILL_AHEAD_S ? 'ad' : 'content'
		},
	}
}
