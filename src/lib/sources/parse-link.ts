/**
 * The way from pasted text to a MediaRef: find the address, see that it is safe, ask one site after the other.
 */
import { isMediaUrl, MEDIA_URL_MAX_CHARS, type MediaKind } from '#lib/core/media.ts'
import { bilibili } from './bilibili.ts'
import { dailymotion } from './dailymotion.ts'
import { direct } from './direct.ts'
import { findAddress } from './find-address.ts'
import { knownPages } from './known-pages.ts'
import { ownLinks } from './own-links.ts'
import { peertube } from './peertube.ts'
import { soundcloud } from './soundcloud.ts'
import { PLAYABLE_KINDS, type ParsedLink, type Source } from './source.ts'
import { twitch } from './twitch.ts'
import { vimeo } from './vimeo.ts'
import { youtube } from './youtube.ts'

export interface ParseOptions {
	/** The page is served over https: browsers then refuse media over plain http. */
	readonly pageIsSecure: boolean
	/** The page's own address, for same-site paths and our own links. */
	readonly base?: string
	/** Kinds with a player; the others answer `unsupported-site`. */
	readonly playable?: readonly MediaKind[]
}

const SITES: readonly Source[] = [
	youtube,
	vimeo,
	twitch,
	bilibili,
	dailymotion,
	soundcloud,
	knownPages,
	peertube,
	direct,
]

/** Loopback counts as secure for browsers, whatever the scheme. */
export const isLoopback = (url: URL): boolean =>
	url.hostname === 'localhost' ||
	url.hostname.endsWith('.localhost') ||
	url.hostname === '[::1]' ||
	/^127(?:\.\d{1,3}){3}$/.test(url.hostname)

/**
 * What an https page can do with a plain http address: try the same one over https, which most hosts answer,
 * unless it names a port of its own, where https surely is not. Null: nothing.
 */
export const securedUrl = (url: URL, pageIsSecure: boolean): URL | null => {
	if (url.protocol === 'https:' || !pageIsSecure || isLoopback(url)) return url
	return url.port === '' ? new URL(`https:${url.href.slice('http:'.length)}`) : null
}

/** Never throws; the same text and options always give the same answer. */
export const parseLink = (text: string, options: ParseOptions): ParsedLink => {
	const base = options.base === undefined ? null : URL.parse(options.base)
	const address = findAddress(text, base)
	if (address.type === 'none') return { type: 'not-a-link' }
	if (address.type === 'scheme') return { type: 'unsafe', scheme: address.scheme }
	if (address.url.username !== '' || address.url.password !== '')
		return { type: 'unsafe', scheme: 'credentials' }
	const url = securedUrl(address.url, options.pageIsSecure)
	if (!url) return { type: 'unsafe', scheme: 'http' }

	const sites = base ? [ownLinks(base), ...SITES] : SITES
	for (const site of sites) {
		const parsed = site.parse(url)
		if (!parsed) continue
		if (parsed.type !== 'media') return parsed
		if (!(options.playable ?? PLAYABLE_KINDS).includes(parsed.media.kind))
			return { type: 'unsupported-site', site: site.site }
		if ('url' in parsed.media && !isMediaUrl(parsed.media.url))
			return { type: 'too-long', limit: MEDIA_URL_MAX_CHARS }
		return parsed
	}
	return { type: 'not-a-link' }
}
