/** YouTube: watch, short, embed, live, youtu.be and music addresses. Ids are 11 characters. */
import { found, isUnder, page, segments, startAt, type Source } from './source.ts'

const ID = /^[A-Za-z0-9_-]{11}$/
const BEFORE_ID = new Set(['embed', 'shorts', 'live', 'v', 'e'])

const idOf = (url: URL): string | undefined => {
	const [first, second] = segments(url)
	if (url.hostname === 'youtu.be') return first
	if (first === 'watch' || first === 'ytscreeningroom') return url.searchParams.get('v') ?? undefined
	return first !== undefined && BEFORE_ID.has(first) ? second : undefined
}

export const youtube: Source = {
	site: 'YouTube',
	parse(url) {
		if (!isUnder(url, 'youtube.com', 'youtube-nocookie.com', 'youtu.be')) return null
		const id = idOf(url)
		if (id !== undefined && ID.test(id)) {
			const at = url.searchParams.get('t') ?? url.searchParams.get('start')
			return found({ kind: 'youtube', id, ...startAt(at) }, 'A YouTube video')
		}
		const [first] = segments(url)
		if (first === 'playlist') return page('a YouTube playlist, not one video of it')
		if (first === 'results') return page('a search on YouTube')
		if (first === 'channel' || first === 'c' || first === 'user' || first?.startsWith('@'))
			return page('a YouTube channel')
		return page('a page on YouTube, not one of its videos')
	},
}
