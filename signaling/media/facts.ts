/**
 * What sites say of videos, made fit to be passed on: they are strangers, and what they say ends up in a room.
 */
import { cleanTitle, shorten } from '#lib/core/text.ts'
import { MEDIA_URL_MAX_CHARS, type MediaDescription, type VideoRefusal } from '#lib/protocol/media.ts'

export type Described = Extract<MediaDescription, { type: 'described' }>
export type Facts = Omit<Described, 'type' | 'refusal'>

/** What came of asking a site. `failed`: nothing was learnt, and why has been counted. */
export type SiteAnswer = Described | { readonly type: 'failed' }

const TITLE_MAX_CHARS = 300
const AUTHOR_MAX_CHARS = 100
const DURATION_MAX_S = 1e7

const words = (raw: string | null | undefined, max: number): string | null => {
	// A title of a megabyte is not cleaned to its end.
	const clean = shorten(cleanTitle((raw ?? '').slice(0, 4 * max)), max)
	return clean === '' ? null : clean
}

/** Hosts that a site keeps its stills on, each with all below it. A stranger's page may name any other. */
export type ThumbnailHosts = readonly string[]

/** Without the characters that the parser lets stand, and that stand in no address that is passed on. */
export const plainHref = (url: URL): string => url.href.replace(/[\s"<>\\^`{|}]/g, encodeURIComponent)

/** https, at one of the site's own hosts; null for all else. */
export const thumbnailOf = (
	raw: string | null | undefined,
	hosts: ThumbnailHosts,
	base?: string,
): string | null => {
	const url = raw ? URL.parse(raw, base) : null
	if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
	url.protocol = 'https:'
	if (url.port !== '' || url.username !== '' || url.password !== '') return null
	if (!hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))) return null
	url.hash = ''
	const href = plainHref(url)
	return href.length <= MEDIA_URL_MAX_CHARS ? href : null
}

export interface RawFacts {
	readonly title?: string | null
	readonly author?: string | null
	readonly durationS?: number | null
	/** As `thumbnailOf` gives it. */
	readonly thumbnailUrl?: string | null
	readonly isLive?: boolean
}

export const factsOf = (raw: RawFacts): Facts => {
	const { durationS } = raw
	const isLength =
		raw.isLive !== true &&
		typeof durationS === 'number' &&
		Number.isFinite(durationS) &&
		durationS > 0 &&
		durationS <= DURATION_MAX_S
	return {
		title: words(raw.title, TITLE_MAX_CHARS),
		author: words(raw.author, AUTHOR_MAX_CHARS),
		durationS: isLength ? durationS : null,
		thumbnailUrl: raw.thumbnailUrl ?? null,
		isLive: raw.isLive ?? false,
	}
}

export const described = (raw: RawFacts, refusal: VideoRefusal | null = null): Described => ({
	type: 'described',
	...factsOf(raw),
	refusal,
})

export const refused = (refusal: VideoRefusal): Described => described({}, refusal)
export const FAILED = { type: 'failed' } as const
