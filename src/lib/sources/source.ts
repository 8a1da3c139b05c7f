/**
 * From what a person pasted to a MediaRef. Pure: no request is made; one file a site beside this one.
 */
import type { LinkRef, MediaKind } from '#lib/core/media.ts'

export type ParsedLink =
	| { readonly type: 'media'; readonly media: LinkRef; readonly title: string }
	/** No address in the text at all. */
	| { readonly type: 'not-a-link' }
	/**
	 * An address, but of a page we know to be no video (a channel, a search, a picture…): `what` in words; `instead`
	 * is a sentence on what would do, where that is more than the usual one.
	 */
	| {
			readonly type: 'not-media'
			readonly what: string
			readonly instead?: string
			/** Its site may play a video on it. */
			readonly mayPlayThere?: true
	  }
	/** http that an https page cannot load, javascript:, file:, data:, a password in the address… */
	| { readonly type: 'unsafe'; readonly scheme: string }
	/** A known site for which there is no player. */
	| { readonly type: 'unsupported-site'; readonly site: string }
	/** A short link that only its site can resolve; `url` is its address. */
	| { readonly type: 'short'; readonly site: string; readonly url: string }
	/** A list of videos, which the server may be able to open. */
	| { readonly type: 'playlist'; readonly site: 'YouTube'; readonly id: string }
	/** More than a record can carry. */
	| { readonly type: 'too-long'; readonly limit: number }

export interface Source {
	readonly site: string
	/** What it finds; where none of them has a player, none of its links is taken. */
	readonly kinds?: readonly MediaKind[]
	/** Null: not this site's link. */
	parse(url: URL): ParsedLink | null
}

/** What a site file found; `parse-link.ts` decides whether there is a player for it. */
export const found = (media: LinkRef, title: string): ParsedLink => ({ type: 'media', media, title })
export const page = (what: string, instead?: string): ParsedLink => ({
	type: 'not-media',
	what,
	...(instead === undefined ? {} : { instead }),
})
/** A page that may have a video which plays there alone. */
export const pageThatPlays = (what: string): ParsedLink => ({ type: 'not-media', what, mayPlayThere: true })
/** A page of a site whose videos do play. */
export const pageOf = (what: string, one = 'videos'): ParsedLink =>
	page(what, `Open one of its ${one} and paste that address.`)

/** True for `domain` itself and everything under it. */
export const isUnder = (url: URL, ...domains: readonly string[]): boolean =>
	domains.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`))

/** The path in pieces, without empty ones; percent signs stay as they are. */
export const segments = (url: URL): readonly string[] => url.pathname.split('/').filter((part) => part !== '')

const CLOCK = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})(?:\.\d{1,9})?s?)?$/i

/** Whole seconds out of `t=90`, `90s`, `90.5`, `1h2m3s`, `1:02:03`; an empty object where there is no such time. */
export const startAt = (text: string | null | undefined): { readonly startS?: number } => {
	if (!text) return {}
	const colons = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})$/.exec(text)
	const parts = colons ?? CLOCK.exec(text)
	if (!parts) return {}
	const [h, m, s] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
	]
	const seconds = h * 3600 + m * 60 + s
	return seconds > 0 && seconds < 1e6 ? { startS: seconds } : {}
}

/** The first of these names that holds a time, in the query or behind the `#`. */
export const startIn = (url: URL, ...names: readonly string[]): { readonly startS?: number } => {
	const behind = new URLSearchParams(url.hash.slice(1))
	for (const name of names) {
		for (const text of [url.searchParams.get(name), behind.get(name)]) {
			const time = startAt(text)
			if (time.startS !== undefined) return time
		}
	}
	return {}
}

/** Kinds whose player exists today. The others are recognised and refused by name. */
export const PLAYABLE_KINDS: readonly MediaKind[] = [
	'file',
	'hls',
	'youtube',
	'vimeo',
	'bilibili',
	'twitch',
	'twitch-live',
	'dailymotion',
	'peertube',
	'soundcloud',
]
