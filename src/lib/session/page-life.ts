/**
 * The life of the page that a room is open in: hidden and shown, gone, and brought back from the browser's cache.
 */
/** Whether anybody can see the film: the page that a room is open in, unless it plays on another one. */
export interface PageVisibility {
	isHidden(): boolean
	/** Runs `fn` when it is hidden and when it is shown; returns its undo. */
	onChange(fn: () => void): () => void
}

export const isPageHidden = (): boolean => document.visibilityState === 'hidden'

/** This page's own. */
export const pageVisibility: PageVisibility = {
	isHidden: isPageHidden,
	onChange: (fn) => {
		document.addEventListener('visibilitychange', fn)
		return () => document.removeEventListener('visibilitychange', fn)
	},
}

export interface PageLifeDeps {
	readonly visibility: PageVisibility
	readonly onVisibility: () => void
	/** It goes: this is the last that it does. */
	readonly onGo: () => void
}

/** Returns its undo. */
export const watchPageLife = ({ visibility, onVisibility, onGo }: PageLifeDeps): (() => void) => {
	// A page brought back from the browser's cache has left the room; it comes in again.
	const onPageShow = (event: PageTransitionEvent) => (event.persisted ? location.reload() : undefined)
	const offVisibility = visibility.onChange(onVisibility)
	addEventListener('pagehide', onGo)
	addEventListener('pageshow', onPageShow)
	return () => {
		offVisibility()
		removeEventListener('pagehide', onGo)
		removeEventListener('pageshow', onPageShow)
	}
}
