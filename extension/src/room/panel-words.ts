/**
 * The one-time words by which a panel shows that the script in a page's tab has put it there. A word is bound to that
 * page's port, so it ends with the page; whoever says it spends it, whether it was theirs or not.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { RandomSource } from '#lib/core/clock.ts'
import type { Millis } from '#lib/core/units.ts'

export interface PanelWords<Page> {
	/** A word for a panel on this page. */
	give(page: Page): string
	/** The page it was given to; null for a word that is none, was said before, or is too old. */
	spend(word: string): Page | null
}

const WORD_BYTES = 16
/** The frame has loaded by then also on a busy machine. */
export const WORD_FOR_MS: Millis = 30_000
/** Of a page that asks and asks only the newest count. */
const WORDS_MAX = 16

export const createPanelWords = <Page>(random: RandomSource, local: () => Millis): PanelWords<Page> => {
	const words = new Map<string, { readonly page: Page; readonly untilMs: Millis }>()
	return {
		give(page) {
			const word = bytesToBase64url(random.bytes(WORD_BYTES))
			words.set(word, { page, untilMs: local() + WORD_FOR_MS })
			const [oldest] = words.keys()
			if (words.size > WORDS_MAX && oldest !== undefined) words.delete(oldest)
			return word
		},
		spend(word) {
			const given = words.get(word)
			words.delete(word)
			return given !== undefined && local() < given.untilMs ? given.page : null
		},
	}
}
