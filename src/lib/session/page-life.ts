/**
 * The life of the page that a room is open in: hidden and shown, gone, and brought back from the browser's cache.
 */
export interface PageLifeDeps {
	readonly onVisibility: () => void
	/** It goes: this is the last that it does. */
	readonly onGo: () => void
}

/** Returns its undo. */
export const watchPageLife = ({ onVisibility, onGo }: PageLifeDeps): (() => void) => {
	// A page brought back from the browser's cache has left the room; it comes in again.
	const onPageShow = (event: PageTransitionEvent) => (event.persisted ? location.reload() : undefined)
	document.addEventListener('visibilitychange', onVisibility)
	addEventListener('pagehide', onGo)
	addEventListener('pageshow', onPageShow)
	return () => {
		document.removeEventListener('visibilitychange', onVisibility)
		removeEventListener('pagehide', onGo)
		removeEventListener('pageshow', onPageShow)
	}
}

export const isPageHidden = (): boolean => document.visibilityState === 'hidden'

/** Returns its undo. */
export const onPageHidden = (fn: () => void): (() => void) => {
	const onChange = () => (isPageHidden() ? fn() : undefined)
	document.addEventListener('visibilitychange', onChange)
	return () => document.removeEventListener('visibilitychange', onChange)
}
