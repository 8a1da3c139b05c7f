/**
 * Searching for videos from the add field, where the server offers it. Fetched with the first search.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { MediaHelp } from './media-help.ts'
import { itemOfFound } from './resolve-link.ts'

export interface FoundVideoView {
	/** To be handed back when it is chosen. */
	readonly item: NewItem
	readonly title: string
	readonly author: string | null
	readonly durationS: number | null
	readonly thumbnailUrl: string | null
	readonly isLive: boolean
}

export type VideoSearch =
	| { readonly type: 'results'; readonly results: readonly FoundVideoView[] }
	/** An address is added, not searched for. */
	| { readonly type: 'is-link' }
	/** This server has none, or the room keeps its links to itself. */
	| { readonly type: 'not-offered' }
	| { readonly type: 'refused'; readonly message: string }

const QUERY_MAX_CHARS = 100

export const searchVideos = async (
	text: string,
	pageUrl: URL,
	help: Pick<MediaHelp, 'search' | 'hasSearch'>,
): Promise<VideoSearch> => {
	const words = text.trim().replace(/\s+/g, ' ')
	const { parseLink } = await import('./sites.ts')
	const parsed = parseLink(words, { pageIsSecure: pageUrl.protocol === 'https:', base: pageUrl.href })
	if (parsed.type !== 'not-a-link') return { type: 'is-link' }
	if (!(await help.hasSearch())) return { type: 'not-offered' }
	if (words === '') return { type: 'results', results: [] }
	if (words.length > QUERY_MAX_CHARS)
		return { type: 'refused', message: `A search has at most ${String(QUERY_MAX_CHARS)} characters.` }
	const answer = await help.search(words)
	if (answer?.type !== 'results')
		return {
			type: 'refused',
			message: 'The search does not answer just now. A link can be added all the same.',
		}
	return {
		type: 'results',
		results: answer.results.map((video) => {
			const item = itemOfFound(video)
			const { author, durationS, thumbnailUrl, isLive } = video
			return { item, title: item.title, author, durationS, thumbnailUrl, isLive }
		}),
	}
}
