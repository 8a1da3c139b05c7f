/**
 * A page's local time against the room's, from questions and answers over the port. Both are the same monotonic clock
 * unless the system's was set between their starts, so 0 is kept wherever it fits what was heard.
 */
import type { Millis } from '#lib/core/units.ts'

export interface PageClock {
	/** Asked at `sentMs`, said at `pageMs` by the page's clock, heard at `heardMs`. */
	heard(sentMs: Millis, pageMs: Millis, heardMs: Millis): void
	/** A moment of the page's in the room's local time. */
	toLocal(pageMs: Millis): Millis
}

export const createPageClock = (): PageClock => {
	/** The page's time minus ours lies within these. */
	let least = -Infinity
	let most = Infinity
	return {
		heard(sentMs, pageMs, heardMs) {
			const [low, high] = [pageMs - heardMs, pageMs - sentMs]
			const didPart = low > most || high < least
			least = didPart ? low : Math.max(least, low)
			most = didPart ? high : Math.min(most, high)
		},
		toLocal: (pageMs) => pageMs - (least <= 0 && most >= 0 ? 0 : (least + most) / 2),
	}
}
