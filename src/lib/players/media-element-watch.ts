/**
 * Notices a server that has gone silent: no browser gives up on one by itself. Looks every few seconds while the
 * element asks for data; hearing anything at all starts the patience anew.
 */
export interface WatchDeps {
	readonly local: () => number
	readonly setTimer: (fn: () => void, ms: number) => () => void
	/** It has no film yet: find out why, meanwhile. */
	readonly onQuietStart: () => void
	/** Nothing came for so long that nothing will. */
	readonly onNoAnswer: () => void
	/** Data keeps coming, and there is still no film in it. */
	readonly onNoBeginning: () => void
	/** In mid-film, nothing more comes, or nothing moves though all seems well: ask again. */
	readonly onSilence: () => void
}

export interface SilenceWatch {
	/** Loading begins, again or for the first time. */
	begin(): void
	dispose(): void
}

const LOOK_EACH_MS = 2_500
const QUIET_START_MS = 6_000
/** Both leave a look's length to 20 s and 60 s, in which a load has begun or is given up. */
const NO_ANSWER_MS = 16_000
const NO_BEGINNING_MS = 57_000
const SILENCE_MS = 12_000
/** Chromium's own HLS player says that it plays when it cannot decode a thing. */
const STANDING_MS = 10_000
const NETWORK_LOADING = 2
const HAVE_METADATA = 1
const HAVE_FUTURE_DATA = 3
const SIGNS = ['loadstart', 'progress', 'loadedmetadata', 'loadeddata', 'canplay', 'suspend', 'playing']

export const createSilenceWatch = (element: HTMLMediaElement, deps: WatchDeps): SilenceWatch => {
	let beganAtMs = deps.local()
	let heardAtMs = deps.local()
	let hasAsked = false
	let lastS = 0
	let movedAtMs = deps.local()
	let cancel: () => void = () => undefined
	const heard = (): void => {
		heardAtMs = deps.local()
	}
	const look = (): void => {
		cancel = deps.setTimer(look, LOOK_EACH_MS)
		const isMeantToMove =
			!element.paused && !element.ended && !element.seeking && element.readyState >= HAVE_FUTURE_DATA
		if (!isMeantToMove || element.currentTime !== lastS) movedAtMs = deps.local()
		lastS = element.currentTime
		if (deps.local() - movedAtMs >= STANDING_MS) {
			movedAtMs = deps.local()
			deps.onSilence()
			return
		}
		const isWaiting =
			element.networkState === NETWORK_LOADING && (element.readyState < HAVE_FUTURE_DATA || element.seeking)
		if (!isWaiting) {
			heard()
			return
		}
		const quietMs = deps.local() - heardAtMs
		if (element.readyState >= HAVE_METADATA) {
			if (quietMs < SILENCE_MS) return
			heard()
			deps.onSilence()
			return
		}
		if (quietMs >= NO_ANSWER_MS) deps.onNoAnswer()
		else if (deps.local() - beganAtMs >= NO_BEGINNING_MS) deps.onNoBeginning()
		else if (quietMs >= QUIET_START_MS && !hasAsked) {
			hasAsked = true
			deps.onQuietStart()
		}
	}
	for (const name of SIGNS) element.addEventListener(name, heard)
	return {
		begin() {
			cancel()
			beganAtMs = deps.local()
			heard()
			hasAsked = false
			movedAtMs = deps.local()
			cancel = deps.setTimer(look, LOOK_EACH_MS)
		},
		dispose() {
			cancel()
			for (const name of SIGNS) element.removeEventListener(name, heard)
		},
	}
}
