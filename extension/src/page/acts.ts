/**
 * Tells what a person does with a site's own controls from the echo of our commands. What was told to the video is
 * expected for a moment; anything else it does while a person touches the page is that person's act, told once it has
 * stayed for a fifth of a second: sites pause and start again while their bar is dragged.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export type Act = 'play' | 'pause' | 'seek'

export interface Acts {
	/** Told to the video by us. `positionS` of a seek. */
	told(act: Act, positionS?: Seconds): void
	/** Seen of the video. */
	seen(act: Act): void
	/** The same of what is known to be nobody's. */
	passed(act: Act): void
	/** Something else was loaded: what was being watched was no act upon it. */
	forget(): void
	/** A person may be at it: how the video stands now says nothing yet. It is ahead of its own events. */
	isWatching(): boolean
	dispose(): void
}

export interface ActsDeps {
	readonly local: () => Millis
	readonly setTimer: (fn: () => void, ms: Millis) => () => void
	/** A person touches the page, or did a moment ago. */
	readonly isTouched: () => boolean
	/** They are still at it: what they do is told when they let go. */
	readonly isHeld?: () => boolean
	readonly isPaused: () => boolean
	readonly isSeeking: () => boolean
	readonly positionS: () => Seconds
	readonly onAct: (act: Act) => void
	/** What was being watched has come to rest, after what it was has been told. */
	readonly onRest: () => void
}

const ECHO_MS: Millis = 700
const STAYS_MS: Millis = 200
/** A bar is dragged no longer; the end of a press may be lost to another window. */
const HELD_MAX_MS: Millis = 10_000
/** A seek lands where it was sent, or at the picture before. */
const SAME_PLACE_S: Seconds = 0.5

export const createActs = (deps: ActsDeps): Acts => {
	const expectedUntilMs: Record<Act, Millis> = { play: -Infinity, pause: -Infinity, seek: -Infinity }
	let sentToS: Seconds | null = null
	/** As far as events have told: the video itself is ahead of them. */
	let wasPaused = deps.isPaused()
	/** What is being watched whether it stays. */
	let watched: {
		readonly wasPaused: boolean
		readonly sinceMs: Millis
		didSeek: boolean
		cancel: () => void
	} | null = null

	const isAwaited = (act: Act): boolean => deps.local() < expectedUntilMs[act]
	const isEcho = (act: Act): boolean => {
		if (!isAwaited(act)) return false
		if (act === 'seek') return sentToS !== null && Math.abs(deps.positionS() - sentToS) <= SAME_PLACE_S
		// One answer for one command; seeks may be answered once or twice.
		expectedUntilMs[act] = -Infinity
		return true
	}
	const isAhead = (): boolean => {
		const isPaused = deps.isPaused()
		if (isPaused !== wasPaused && !isAwaited(isPaused ? 'pause' : 'play')) return true
		return deps.isSeeking() && !isAwaited('seek')
	}
	const passed = (act: Act): void => {
		if (act !== 'seek') wasPaused = act === 'pause'
	}
	const settle = (): void => {
		const seen = watched
		if (seen === null) return
		if (deps.isHeld?.() === true && deps.local() - seen.sinceMs < HELD_MAX_MS) {
			seen.cancel = deps.setTimer(settle, STAYS_MS)
			return
		}
		watched = null
		const isPaused = deps.isPaused()
		wasPaused = isPaused
		if (seen.didSeek) deps.onAct('seek')
		if (isPaused !== seen.wasPaused) deps.onAct(isPaused ? 'pause' : 'play')
		deps.onRest()
	}
	return {
		told(act, positionS) {
			expectedUntilMs[act] = deps.local() + ECHO_MS
			// The later one is the truth: after a pause nothing that plays is an answer.
			if (act === 'play') expectedUntilMs.pause = -Infinity
			if (act === 'pause') expectedUntilMs.play = -Infinity
			if (act === 'seek') sentToS = positionS ?? null
			// What was under way is overtaken; that a person pauses or starts it is not by where it is sent.
			if (act === 'seek' && watched !== null && deps.isPaused() !== watched.wasPaused) {
				watched.didSeek = false
				return
			}
			watched?.cancel()
			watched = null
		},
		seen(act) {
			if (isEcho(act) || !deps.isTouched()) {
				passed(act)
				return
			}
			watched ??= {
				wasPaused,
				sinceMs: deps.local(),
				didSeek: false,
				cancel: deps.setTimer(settle, STAYS_MS),
			}
			if (act === 'seek') watched.didSeek = true
		},
		passed,
		forget() {
			watched?.cancel()
			watched = null
			sentToS = null
			wasPaused = deps.isPaused()
		},
		isWatching: () => watched !== null || (deps.isTouched() && isAhead()),
		dispose() {
			watched?.cancel()
			watched = null
		},
	}
}
