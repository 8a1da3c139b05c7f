/** SoundCloud: tracks (`/artist/track`), private ones with their token, and short links, kept as addresses. */
import { found, isUnder, page, segments, type Source } from './source.ts'
import { tidyName } from './title.ts'

const PAGES = new Set(['discover', 'stream', 'search', 'upload', 'you', 'charts', 'people', 'tags', 'pages'])
const LISTS = new Set([
	'sets',
	'likes',
	'tracks',
	'albums',
	'reposts',
	'popular-tracks',
	'followers',
	'following',
])

export const soundcloud: Source = {
	site: 'SoundCloud',
	parse(url) {
		if (!isUnder(url, 'soundcloud.com')) return null
		const [artist, track] = segments(url)
		if (
			artist === undefined ||
			PAGES.has(artist) ||
			(track === undefined && url.hostname !== 'on.soundcloud.com')
		)
			return page('a page on SoundCloud, not one of its tracks')
		if (track !== undefined && LISTS.has(track)) return page('a list on SoundCloud, not one track of it')
		const title = track === undefined ? 'A SoundCloud track' : `${tidyName(track)}, ${tidyName(artist)}`
		return found({ kind: 'soundcloud', url: `${url.origin}${url.pathname}` }, title)
	},
}
