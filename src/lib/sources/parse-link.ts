/**
 * The way from pasted text to a MediaRef: find the address, see that it is safe, ask one site after the other. Or to
 * all of them, for whoever pastes a list.
 */
import { isMediaUrl, MEDIA_URL_MAX_CHARS, type MediaKind } from '#lib/core/media.ts'
import { pageRef } from '#lib/core/page-address.ts'
import { bilibili, isBilibiliId } from './bilibili.ts'
import { dailymotion } from './dailymotion.ts'
import { direct } from './direct.ts'
import { findAddress, findAddresses, type Address } from './find-address.ts'
import { knownPages } from './known-pages.ts'
import { ownLinks } from './own-links.ts'
import { peertube } from './peertube.ts'
import { soundcloud } from './soundcloud.ts'
import { found, PLAYABLE_KINDS, segments, type ParsedLink, type Source } from './source.ts'
import { titleFrom } from './title.ts'
import { twitch } from './twitch.ts'
import { vimeo } from './vimeo.ts'
import { youtube } from './youtube.ts'

export interface ParseOptions {
	/** The page is served over https: browsers then refuse media over plain http. */
	readonly pageIsSecure: boolean
	/** The page's own address, for same-site paths and our own links. */
	readonly base?: string
	/** There is somebody to play the pages of other sites (the extension): such an address is taken as the page it is. */
	readonly takesPages?: boolean
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

const pageIn = (url: URL): ParsedLink => {
	const media = pageRef(url.href)
	return media === null ? { type: 'too-long', limit: MEDIA_URL_MAX_CHARS } : found(media, titleFrom(url))
}
/** The front page of a site plays nothing that will be on it tomorrow. */
const mayPlayThere = (parsed: ParsedLink, url: URL): boolean =>
	(parsed.type === 'unsupported-site' || (parsed.type === 'not-media' && parsed.mayPlayThere === true)) &&
	(segments(url).length > 0 || url.search !== '')

const readAddress = (address: Address, base: URL | null, options: ParseOptions): ParsedLink => {
	if (address.type === 'none') return { type: 'not-a-link' }
	if (address.type === 'scheme') return { type: 'unsafe', scheme: address.scheme }
	if (address.url.username !== '' || address.url.password !== '')
		return { type: 'unsafe', scheme: 'credentials' }
	const url = securedUrl(address.url, options.pageIsSecure)
	if (!url) return { type: 'unsafe', scheme: 'http' }

	const playable = options.playable ?? PLAYABLE_KINDS
	const sites = base ? [ownLinks(base), ...SITES] : SITES
	for (const site of sites) {
		const parsed = site.parse(url)
		if (!parsed) continue
		if (options.takesPages === true && mayPlayThere(parsed, url)) return pageIn(url)
		const isOpen =
			parsed.type === 'media'
				? playable.includes(parsed.media.kind)
				: (site.kinds?.some((kind) => playable.includes(kind)) ?? true)
		if (!isOpen) return { type: 'unsupported-site', site: site.site }
		if (parsed.type === 'media' && 'url' in parsed.media && !isMediaUrl(parsed.media.url))
			return { type: 'too-long', limit: MEDIA_URL_MAX_CHARS }
		return parsed
	}
	return { type: 'not-a-link' }
}

/** More than any share text holds; what is behind is not read. */
export const TEXT_MAX_CHARS = 100_000

const prepare = (
	text: string,
	options: ParseOptions,
): { readonly text: string; readonly base: URL | null } => {
	const cut = text.slice(0, TEXT_MAX_CHARS)
	return {
		text: isBilibiliId(cut.trim()) ? `https://www.bilibili.com/video/${cut.trim()}` : cut,
		base: options.base === undefined ? null : URL.parse(options.base),
	}
}

/** The first link in the text. Never throws; the same text and options always give the same answer. */
export const parseLink = (text: string, options: ParseOptions): ParsedLink => {
	const { text: pasted, base } = prepare(text, options)
	return readAddress(findAddress(pasted, base), base, options)
}

/** As many as go into the queue at one paste. */
export const LINKS_MAX = 100

export interface ParsedLinks {
	/** In the order of the text, each once; refused ones too, so that they can be named. */
	readonly links: readonly ParsedLink[]
	/** Different ones beyond the limit. */
	readonly leftOut: number
}

/** All links in the text. Never throws; no link at all is an empty list. */
export const parseLinks = (text: string, options: ParseOptions): ParsedLinks => {
	const { text: pasted, base } = prepare(text, options)
	const links = new Map<string, ParsedLink>()
	const beyond = new Set<string>()
	for (const address of findAddresses(pasted, base)) {
		const link = readAddress(address, base, options)
		// The same video twice is one, whatever the two addresses look like.
		const key = JSON.stringify(link.type === 'media' ? link.media : link)
		if (links.has(key)) continue
		if (links.size < LINKS_MAX) links.set(key, link)
		else beyond.add(key)
	}
	return { links: [...links.values()], leftOut: beyond.size }
}
