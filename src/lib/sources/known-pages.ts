/**
 * Sites everybody knows whose addresses are pages and never media, and sites of videos for which there is no player,
 * so that the answer is a sentence and not a player that fails. Their media hosts (upload.wikimedia.org, …) have
 * other names and pass.
 */
import { isMediaFile } from './direct.ts'
import { isUnder, page, pageThatPlays, segments, type Source } from './source.ts'

type Sites = readonly (readonly [what: string, ...domains: string[]])[]

const SITES: Sites = [
	['a search', 'google.com', 'bing.com', 'duckduckgo.com', 'ecosia.org', 'search.brave.com', 'baidu.com'],
	['an article', 'wikipedia.org', 'medium.com', 'fandom.com'],
	['a page about films, not a film', 'imdb.com', 'letterboxd.com', 'rottentomatoes.com', 'themoviedb.org'],
	['a page on Spotify, which plays only inside its own site', 'spotify.com'],
	['a page on GitHub', 'github.com', 'gitlab.com'],
]
/** Pages on which their own site may play a video. */
const FILM_PAGES: Sites = [
	['a page on Netflix, which plays only inside its own site', 'netflix.com'],
	['a page on Disney+, which plays only inside its own site', 'disneyplus.com'],
	['a page on Prime Video, which plays only inside its own site', 'primevideo.com'],
	['a page on Max, which plays only inside its own site', 'max.com', 'hbomax.com'],
	['a post on TikTok', 'tiktok.com'],
	['a post on Instagram', 'instagram.com'],
	['a page on Facebook', 'facebook.com'],
	['a post on X', 'x.com', 'twitter.com', 't.co'],
	['a post on Reddit', 'reddit.com', 'redd.it'],
]
/** Videos, but not for the players of other pages, or with players that nobody wrote for Matinee. */
const VIDEO_SITES: Sites = [
	['Rumble', 'rumble.com'],
	['Kick', 'kick.com'],
	['Odysee', 'odysee.com'],
	['Niconico', 'nicovideo.jp', 'nico.ms'],
	['iQIYI', 'iqiyi.com', 'iq.com'],
	['Youku', 'youku.com'],
	['Tencent Video', 'v.qq.com', 'wetv.vip'],
	['Mango TV', 'mgtv.com'],
	['AcFun', 'acfun.cn'],
	['Douyin', 'douyin.com', 'iesdouyin.com'],
	['Xigua Video', 'ixigua.com'],
	['Kuaishou', 'kuaishou.com'],
	['Rutube', 'rutube.ru'],
	['VK Video', 'vk.com', 'vkvideo.ru', 'vk.ru'],
	['OK', 'ok.ru'],
	['Streamable', 'streamable.com'],
	['BitChute', 'bitchute.com'],
	['Crunchyroll', 'crunchyroll.com'],
	['Hulu', 'hulu.com'],
	['Apple TV', 'tv.apple.com'],
	['BBC iPlayer', 'bbc.co.uk'],
	['Mixcloud', 'mixcloud.com'],
	['Bandcamp', 'bandcamp.com'],
	['Facebook', 'fb.watch'],
]

/** Under these names the same companies hand out files. */
const MEDIA_HOSTS = /^(?:v|i|video|media|cdn|storage|raw|objects|drive|docs|photos|lh\d)\./

export const knownPages: Source = {
	site: 'page',
	parse(url) {
		const other = VIDEO_SITES.find(([, ...domains]) => isUnder(url, ...domains))
		if (other) return isMediaFile(url) ? null : { type: 'unsupported-site', site: other[0] }
		if (MEDIA_HOSTS.test(url.hostname)) return null
		const [film] = FILM_PAGES.find(([, ...domains]) => isUnder(url, ...domains)) ?? []
		if (film !== undefined) return pageThatPlays(film)
		for (const [what, ...domains] of SITES) {
			if (!isUnder(url, ...domains)) continue
			if (what === 'a search' && segments(url).length === 0 && url.search === '')
				return page('the front page of a site')
			return page(what)
		}
		// google.de, google.co.uk and the rest of them
		return /^(?:www\.)?google\.[a-z.]{2,6}$/.test(url.hostname) ? page('a search') : null
	},
}
