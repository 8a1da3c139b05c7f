/**
 * Searching for videos from the add field, where the server offers it. Fetched with the first search.
 */
import type { VideoSearch } from '#lib/core/view.ts'
import { linksWords } from '#lib/words/links.ts'
import type { MediaHelp } from './media-help.ts'
import { itemOfFound } from './resolve-link.ts'

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
		return { type: 'refused', message: linksWords().searchTooLong(QUERY_MAX_CHARS) }
	const answer = await help.search(words)
	if (answer?.type !== 'results') return { type: 'refused', message: linksWords().searchAway }
	return {
		type: 'results',
		results: answer.results.map((video) => {
			const item = itemOfFound(video)
			const { author, durationS, thumbnailUrl, isLive } = video
			return { item, title: item.title, author, durationS, thumbnailUrl, isLive }
		}),
	}
}
