/**
 * What the server can find out about links, over HTTP with JSON both ways: titles, short links, lists, a search. Only
 * for holders of an identity, and asked only where the room's setting allows it. Nobody's link is kept with a name.
 */
import { jwt } from './http.ts'
import {
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	optional,
	real,
	text,
	union,
	type Parsed,
	type Schema,
} from './schema.ts'

/** `union`, with the type made of its members. */
const either = <const S extends readonly Schema<unknown>[]>(...members: S): Schema<Parsed<S[number]>> =>
	union<Parsed<S[number]>>(...(members as unknown as Schema<Parsed<S[number]>>[]))

const startS = optional(real(0, 1e6))
const https = (max: number) => text(max, /^https:\/\/[^\s"<>\\^`{|}]+$/)
/** As records have it (`core/media.ts`). */
export const MEDIA_URL_MAX_CHARS = 700
const webUrl = text(MEDIA_URL_MAX_CHARS, /^https?:\/\/[^\s"<>\\^`{|}]+$/)

/** Sites whose items the server knows how to ask about; files and playlists stay in the browser. */
const youtubeRef = object({ kind: literal('youtube'), id: text(11, /^[A-Za-z0-9_-]{11}$/), startS })
export const describedRef = either(
	youtubeRef,
	object({
		kind: literal('vimeo'),
		id: text(12, /^\d{1,12}$/),
		hash: optional(text(40, /^[0-9a-f]{1,40}$/i)),
		startS,
	}),
	object({ kind: literal('twitch'), video: text(20, /^\d{1,20}$/), startS }),
	object({ kind: literal('twitch-live'), channel: text(25, /^[A-Za-z0-9_]{1,25}$/) }),
	object({
		kind: literal('bilibili'),
		id: text(24, /^(?:BV[A-Za-z0-9]{10}|av\d{1,20})$/),
		page: integer(1, 10_000),
		startS,
	}),
	object({ kind: literal('dailymotion'), id: text(20, /^[A-Za-z0-9]{1,20}$/), startS }),
	object({
		kind: literal('peertube'),
		origin: text(200, /^https:\/\/[a-z0-9.-]+$/),
		id: text(64, /^[A-Za-z0-9-]{1,64}$/),
		startS,
	}),
	object({
		kind: literal('soundcloud'),
		url: text(MEDIA_URL_MAX_CHARS, /^https:\/\/(?:www\.|m\.)?soundcloud\.com\/[A-Za-z0-9_./-]+$/),
	}),
)
export type DescribedRef = Parsed<typeof describedRef>

/** Why a video will not play here, whatever else is known of it. */
export const VIDEO_REFUSALS = [
	'gone',
	'private',
	'embedding-off',
	'age-restricted',
	/** Not out yet, under review, for some countries or members only. */
	'not-available',
] as const
export type VideoRefusal = (typeof VIDEO_REFUSALS)[number]

const facts = {
	title: nullable(text(300)),
	author: nullable(text(100)),
	durationS: nullable(real(0, 1e7)),
	/** Of the site's own hosts. */
	thumbnailUrl: nullable(https(MEDIA_URL_MAX_CHARS)),
	isLive: flag,
}
/** It could not be found out just now; asking before then is of no use. */
const away = object({ type: literal('away'), retryAfterMs: integer(0, 86_400_000) })

/** POST /api/media/describe → 200. */
export const describeRequest = object({ token: jwt, media: describedRef })
export const describeAnswer = either(
	object({ type: literal('described'), ...facts, refusal: nullable(oneOf(...VIDEO_REFUSALS)) }),
	away,
)
export type MediaDescription = Parsed<typeof describeAnswer>

/** POST /api/media/look → 200: where a short link leads, or what stands at an address that tells nothing. */
export const lookRequest = object({ token: jwt, url: webUrl })
export const lookAnswer = either(
	/** To be read as if it had been pasted. */
	object({ type: literal('leads-to'), url: webUrl }),
	object({ type: literal('media'), kind: oneOf('file', 'hls') }),
	object({
		type: literal('page'),
		...facts,
		/** A file that the page offers to players elsewhere. */
		video: nullable(object({ kind: oneOf('file', 'hls'), url: https(MEDIA_URL_MAX_CHARS) })),
	}),
	/** A short link that leads nowhere any more, or an address where the server goes for nobody. */
	object({ type: literal('nothing') }),
	away,
)
export type LookAnswer = Parsed<typeof lookAnswer>

const foundVideo = object({ media: youtubeRef, ...facts })
export type FoundVideo = Parsed<typeof foundVideo>
export const LIST_MAX_ITEMS = 50

/** POST /api/media/playlist → 200, or 403 not-offered. */
export const playlistRequest = object({
	token: jwt,
	site: literal('YouTube'),
	id: text(64, /^[A-Za-z0-9_-]{2,64}$/),
})
export const playlistAnswer = either(
	object({
		type: literal('playlist'),
		items: list(foundVideo, LIST_MAX_ITEMS),
		/** Videos that are in it and not in `items`, with those that cannot be watched here. */
		left: integer(0, 1e6),
	}),
	object({ type: literal('nothing') }),
	away,
)
export type PlaylistAnswer = Parsed<typeof playlistAnswer>

/** POST /api/media/search → 200, or 403 not-offered. */
export const SEARCH_MAX_CHARS = 100
export const SEARCH_MAX_RESULTS = 10
export const searchRequest = object({ token: jwt, text: text(SEARCH_MAX_CHARS) })
export const searchAnswer = either(
	object({ type: literal('results'), results: list(foundVideo, SEARCH_MAX_RESULTS) }),
	away,
)
export type SearchAnswer = Parsed<typeof searchAnswer>
