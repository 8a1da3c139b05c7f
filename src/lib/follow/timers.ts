/**
 * Timers as the follow loop sees them. In the app a Worker stands behind them, because a hidden page's own timers
 * run once a second.
 */
export interface Timers {
	/** Runs `fn` once in `ms`; returns its undo. */
	after(ms: number, fn: () => void): () => void
}

const POLL_FROM_MS = 15

/** Runs `fn` when `now` reaches `atMs`: a timer to 15 ms before, then polls of 1 ms, since timers come late. */
export const atMoment = (timers: Timers, now: () => number, atMs: number, fn: () => void): (() => void) => {
	let cancel: () => void = () => undefined
	const wait = (): void => {
		const restMs = atMs - now()
		if (restMs <= 0) fn()
		else cancel = timers.after(restMs > POLL_FROM_MS ? restMs - POLL_FROM_MS : Math.min(1, restMs), wait)
	}
	wait()
	return () => cancel()
}
