/**
 * When a page goes on within itself: another address, another title, another film. A site's own calls of the History API
 * are not seen from our world; the browser's Navigation API tells of them, and where it is missing, the sites' own
 * events and whoever looks now and then.
 */
import type { Millis } from '#lib/core/units.ts'
import { allIn } from './page-dom.ts'

/** However often the page says so. */
const EVERY_MS: Millis = 100
/** What a site shows at its new address comes a little later, and not every site's videos tell. */
const LATER_MS: readonly Millis[] = [400, 1_500, 4_000]

export interface MovesDeps {
	readonly setTimer: (fn: () => void, ms: Millis) => () => void
	/** The page may be another one: look at it. */
	readonly onMoved: () => void
}

/** Listens until its undo is called, after which nothing of it is left. */
export const watchMoves = (window: Window, { setTimer, onMoved }: MovesDeps): (() => void) => {
	const { document } = window
	let cancelWait: (() => void) | null = null
	let isDue = false
	let cancelLater: (() => void)[] = []
	const look = (): void => {
		if (cancelWait !== null) {
			isDue = true
			return
		}
		cancelWait = setTimer(() => {
			cancelWait = null
			if (!isDue) return
			isDue = false
			look()
		}, EVERY_MS)
		onMoved()
	}
	const lookLater = (): void => {
		for (const cancel of cancelLater) cancel()
		cancelLater = LATER_MS.map((ms) => setTimer(look, ms))
	}
	const onMove = (): void => {
		look()
		lookLater()
	}

	const navigation = 'navigation' in window ? (window.navigation as EventTarget) : null
	const LISTENED: readonly (readonly [
		target: EventTarget | null,
		name: string,
		fn: () => void,
		doesCapture: boolean,
	])[] = [
		[navigation, 'currententrychange', onMove, false],
		[window, 'popstate', onMove, false],
		// YouTube, once its new page is there.
		[document, 'yt-navigate-finish', onMove, false],
		[document, 'visibilitychange', look, false],
		// These do not bubble, but are heard on their way down; not those of shadow roots.
		[window, 'loadedmetadata', look, true],
		[window, 'emptied', look, true],
	]
	for (const [target, name, fn, doesCapture] of LISTENED) target?.addEventListener(name, fn, doesCapture)
	const titles = new MutationObserver(look)
	const head = allIn(document, 'head')[0]
	if (head !== undefined) titles.observe(head, { childList: true, characterData: true, subtree: true })
	lookLater()

	return () => {
		for (const [target, name, fn, doesCapture] of LISTENED) target?.removeEventListener(name, fn, doesCapture)
		titles.disconnect()
		cancelWait?.()
		for (const cancel of cancelLater) cancel()
	}
}
