/**
 * YouTube: watch, shorts, live, embed and short addresses, on every host it has; lists and what is no video told
 * apart. Ids are 11 characters.
 */
import { found, isUnder, page, pageOf, segments, startIn, type ParsedLink, type Source } from './source.ts'

const ID = /^[A-Za-z0-9_-]{11}$/
/** They look like ids and stand where one would. */
const NO_IDS = new Set(['videoseries', 'live_stream'])
const LIST = /^[A-Za-z0-9_-]{2,64}$/
/** Lists that each person has of their own: later, liked, liked music. */
const OWN_LISTS = new Set(['WL', 'LL', 'LM'])
const BEFORE_ID = new Set(['embed', 'shorts', 'live', 'v', 'e', 'vi', 'watch', 'video'])
const WITH_QUERY = new Set(['watch', 'watch_popup', 'playlist', 'ytscreeningroom', 'movie', undefined])

const idOf = (url: URL): string | undefined => {
	const [first, second] = segments(url)
	if (url.hostname === 'youtu.be') return first
	const asked = WITH_QUERY.has(first) ? url.searchParams.get('v') : null
	if (asked !== null) return asked
	return first !== undefined && BEFORE_ID.has(first) ? second : undefined
}

/** Addresses that carry another one inside: attribution links, sign-in and consent pages, oEmbed. */
const inner = (url: URL): URL | null => {
	const [first] = segments(url)
	const name =
		first === 'attribution_link'
			? 'u'
			: first === 'oembed'
				? 'url'
				: url.hostname === 'consent.youtube.com'
					? 'continue'
					: first === 'signin'
						? 'next'
						: null
	const text = name === null ? null : url.searchParams.get(name)
	return text === null ? null : URL.parse(text, 'https://www.youtube.com')
}

const listOf = (url: URL): ParsedLink | null => {
	const list = url.searchParams.get('list')
	if (list === null) return null
	if (OWN_LISTS.has(list)) return pageOf('a YouTube list of your own, which nobody else can open')
	return LIST.test(list) ? { type: 'playlist', site: 'YouTube', id: list } : null
}

const isYoutube = (url: URL): boolean =>
	isUnder(url, 'youtube.com', 'youtube-nocookie.com', 'youtu.be', 'youtubekids.com')

const read = (url: URL): ParsedLink => {
	const id = idOf(url)
	if (id !== undefined && ID.test(id) && !NO_IDS.has(id))
		return found({ kind: 'youtube', id, ...startIn(url, 't', 'start', 'time_continue') }, 'A YouTube video')
	const list = listOf(url)
	if (list) return list
	const [first, second] = segments(url)
	if (first === 'playlist') return pageOf('a page of YouTube playlists')
	if (first === 'results') return pageOf('a search on YouTube')
	if (first === 'clip')
		return page('a YouTube clip', 'Open the video it was cut from and paste that address.')
	if (first === 'post' || second === 'community') return page('a post on YouTube')
	if (first === 'channel' || first === 'c' || first === 'user' || first?.startsWith('@') === true)
		return pageOf('a YouTube channel')
	return pageOf('a page on YouTube, not one of its videos')
}

export const youtube: Source = {
	site: 'YouTube',
	kinds: ['youtube'],
	parse(url) {
		if (!isYoutube(url)) return null
		const carried = inner(url)
		return read(carried && isYoutube(carried) ? carried : url)
	},
}
