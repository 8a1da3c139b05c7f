/**
 * SoundCloud: tracks (`/artist/track`), private ones with their token, its embed player, and short links that only
 * SoundCloud can resolve. Tracks are kept as addresses of the site itself, without what the phone app adds.
 */
import { found, isUnder, pageOf, segments, type ParsedLink, type Source } from './source.ts'
import { tidyName } from './title.ts'

const PAGES = new Set(
	(
		'discover stream search upload you charts people tags pages settings messages notifications go pro download ' +
		'feed library player mobile signin logout stations artists premium popular trending imprint terms-of-use'
	).split(' '),
)
const LISTS = new Set([
	'sets',
	'likes',
	'tracks',
	'albums',
	'reposts',
	'popular-tracks',
	'followers',
	'following',
	'comments',
])
const SLUG = /^[A-Za-z0-9_-]{1,255}$/
const TOKEN = /^s-[A-Za-z0-9]{4,32}$/

const read = (url: URL): ParsedLink => {
	const [artist, track, third] = segments(url)
	if (url.hostname === 'api.soundcloud.com') {
		if (artist !== 'tracks' || !/^\d{1,12}$/.test(track ?? ''))
			return pageOf('a list on SoundCloud', 'tracks')
		const secret = url.searchParams.get('secret_token') ?? ''
		const query = TOKEN.test(secret) ? `?secret_token=${secret}` : ''
		return found(
			{ kind: 'soundcloud', url: `https://api.soundcloud.com/tracks/${track ?? ''}${query}` },
			'A SoundCloud track',
		)
	}
	if (!SLUG.test(artist ?? '') || !SLUG.test(track ?? '') || PAGES.has(artist ?? ''))
		return pageOf('a page on SoundCloud, not one of its tracks', 'tracks')
	if (artist === undefined || track === undefined || LISTS.has(track))
		return pageOf('a list on SoundCloud, not one track of it', 'tracks')
	const secret = third !== undefined && TOKEN.test(third) ? third : url.searchParams.get('secret_token')
	const token = secret !== null && TOKEN.test(secret) ? `/${secret}` : ''
	return found(
		{ kind: 'soundcloud', url: `https://soundcloud.com/${artist}/${track}${token}` },
		`${tidyName(track) || track}, ${tidyName(artist) || artist}`,
	)
}

export const soundcloud: Source = {
	site: 'SoundCloud',
	kinds: ['soundcloud'],
	parse(url) {
		if (!isUnder(url, 'soundcloud.com')) return null
		if (url.hostname === 'on.soundcloud.com') {
			const [code, more] = segments(url)
			return more === undefined && /^[A-Za-z0-9]{4,32}$/.test(code ?? '')
				? { type: 'short', site: 'SoundCloud', url: `https://on.soundcloud.com/${code ?? ''}` }
				: pageOf('a page on SoundCloud, not one of its tracks', 'tracks')
		}
		if (url.hostname === 'w.soundcloud.com') {
			const inner = URL.parse(url.searchParams.get('url') ?? '')
			return inner && isUnder(inner, 'soundcloud.com') && inner.hostname !== url.hostname
				? read(inner)
				: pageOf('SoundCloud’s player without a track', 'tracks')
		}
		return read(url)
	},
}
