/**
 * What a queue item points at. A MediaRef names a source, not a player: the players' registry chooses one.
 * Everything in it has come from another person: `parseMediaRef` is the only way in.
 */
import { FILE_HASH_PATTERN, FILE_SIZE_MAX_BYTES } from './file-hash.ts'
import { fileNameText } from './text.ts'
import type { Seconds } from './units.ts'

export type MediaRef =
	/** A file the browser plays itself: video or audio, by its address. */
	| { readonly kind: 'file'; readonly url: string }
	/** An HLS playlist. */
	| { readonly kind: 'hls'; readonly url: string }
	| { readonly kind: 'youtube'; readonly id: string; readonly startS?: Seconds }
	| { readonly kind: 'vimeo'; readonly id: string; readonly hash?: string; readonly startS?: Seconds }
	| { readonly kind: 'twitch'; readonly video: string; readonly startS?: Seconds }
	| { readonly kind: 'twitch-live'; readonly channel: string }
	/** `id` is a BV id or `av` + digits; `page` counts from 1. */
	| { readonly kind: 'bilibili'; readonly id: string; readonly page: number; readonly startS?: Seconds }
	| { readonly kind: 'dailymotion'; readonly id: string; readonly startS?: Seconds }
	| { readonly kind: 'peertube'; readonly origin: string; readonly id: string; readonly startS?: Seconds }
	| { readonly kind: 'soundcloud'; readonly url: string }
	/** A page whose video only its own site plays (by the extension); `url` as `page-address.ts` writes it. */
	| { readonly kind: 'page'; readonly url: string }
	/** A file that each has on the own disk; `hash` as `file-hash.ts` takes it. Nothing of it is sent anywhere. */
	| {
			readonly kind: 'local-file'
			/** In bytes. */
			readonly size: number
			readonly hash: string
			readonly name: string
			readonly durationS?: Seconds
	  }

export type MediaKind = MediaRef['kind']
export type PageRef = Extract<MediaRef, { kind: 'page' }>
export type LocalFileRef = Extract<MediaRef, { kind: 'local-file' }>
/** What has an address on the web. */
export type LinkRef = Exclude<MediaRef, LocalFileRef>

export const MEDIA_URL_MAX_CHARS = 700

/** True for an absolute http(s) address without credentials, short enough for a record. */
export const isMediaUrl = (text: unknown): text is string => {
	if (typeof text !== 'string' || text.length > MEDIA_URL_MAX_CHARS || !URL.canParse(text)) return false
	const url = new URL(text)
	return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
}

const TOKEN = /^[A-Za-z0-9_-]{1,64}$/
const isToken = (text: unknown): text is string => typeof text === 'string' && TOKEN.test(text)

const DURATION_MAX_S = 1e7

const parseLocalFile = (get: (key: string) => unknown): LocalFileRef | null => {
	const [size, hash, name, durationS] = [
		get('size'),
		get('hash'),
		fileNameText.parse(get('name')),
		get('durationS'),
	]
	if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > FILE_SIZE_MAX_BYTES)
		return null
	if (typeof hash !== 'string' || !FILE_HASH_PATTERN.test(hash) || name === undefined) return null
	if (durationS === undefined) return { kind: 'local-file', size, hash, name }
	const isGood = typeof durationS === 'number' && durationS > 0 && durationS <= DURATION_MAX_S
	return isGood ? { kind: 'local-file', size, hash, name, durationS } : null
}

/**
 * A MediaRef out of untrusted, already decoded data, or null where it is none.
 * Only own keys are read; unknown keys are dropped.
 */
export const parseMediaRef = (input: unknown): MediaRef | null => {
	if (typeof input !== 'object' || input === null) return null
	const get = (key: string): unknown =>
		Object.hasOwn(input, key) ? (input as Record<string, unknown>)[key] : undefined
	const id = get('id')
	const start = get('startS')
	const isStartGood =
		start === undefined || (typeof start === 'number' && Number.isFinite(start) && start >= 0 && start < 1e6)
	if (!isStartGood) return null
	const from = start === undefined ? {} : { startS: start }
	const url = get('url')
	switch (get('kind')) {
		case 'file':
			return isMediaUrl(url) ? { kind: 'file', url } : null
		case 'hls':
			return isMediaUrl(url) ? { kind: 'hls', url } : null
		case 'soundcloud':
			return isMediaUrl(url) ? { kind: 'soundcloud', url } : null
		case 'page':
			// Any address: which parts of one are dropped may change, and a record counts for ever or never.
			return isMediaUrl(url) ? { kind: 'page', url } : null
		case 'youtube':
			return isToken(id) ? { kind: 'youtube', id, ...from } : null
		case 'dailymotion':
			return isToken(id) ? { kind: 'dailymotion', id, ...from } : null
		case 'vimeo': {
			const hash = get('hash')
			if (!isToken(id) || !(hash === undefined || isToken(hash))) return null
			return { kind: 'vimeo', id, ...(hash === undefined ? {} : { hash }), ...from }
		}
		case 'twitch': {
			const video = get('video')
			return isToken(video) ? { kind: 'twitch', video, ...from } : null
		}
		case 'twitch-live': {
			const channel = get('channel')
			return isToken(channel) ? { kind: 'twitch-live', channel } : null
		}
		case 'bilibili': {
			const page = get('page')
			if (!isToken(id) || typeof page !== 'number' || !Number.isInteger(page) || page < 1 || page > 10_000)
				return null
			return { kind: 'bilibili', id, page, ...from }
		}
		case 'peertube': {
			const origin = get('origin')
			if (!isToken(id) || !isMediaUrl(origin) || new URL(origin).origin !== origin) return null
			return { kind: 'peertube', origin, id, ...from }
		}
		case 'local-file':
			return parseLocalFile(get)
		default:
			return null
	}
}
