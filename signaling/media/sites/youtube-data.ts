/**
 * YouTube's Data API v3, for operators who have a key (`YOUTUBE_API_KEY`): durations, whether a video may be embedded,
 * lists, the search. A day's quota is 10,000 units: a video 1, fifty of them 1, a search 100. When it is used up the
 * API answers 403, and is not asked again for a while.
 */
import type { FoundVideo, VideoRefusal } from '#lib/protocol/media.ts'
import { LIST_MAX_ITEMS, SEARCH_MAX_RESULTS } from '#lib/protocol/media.ts'
import type { Counters } from '../../counters.ts'
import {
	described,
	FAILED,
	factsOf,
	refused,
	thumbnailOf,
	type Described,
	type SiteAnswer,
} from '../facts.ts'
import { at, listAt, numberAt, textAt } from '../read-json.ts'
import type { JsonAnswer, Upstreams } from '../upstreams.ts'
import { YOUTUBE_STILLS } from './youtube.ts'

const BASE = 'https://www.googleapis.com/youtube/v3'
/** How long it is left alone after it refused. */
export const QUOTA_PAUSE_MS = 15 * 60_000
const ID = /^[A-Za-z0-9_-]{11}$/

export type DataAnswer<T> = T | { readonly type: 'failed' } | { readonly type: 'nothing' }

export interface YoutubeData {
	/** `failed` also while there is no quota left. */
	describe(id: string): Promise<SiteAnswer>
	playlist(id: string): Promise<DataAnswer<{ type: 'playlist'; items: readonly FoundVideo[]; left: number }>>
	search(text: string): Promise<DataAnswer<{ type: 'results'; results: readonly FoundVideo[] }>>
	/** Until when it is not asked; 0 when it is. */
	pausedUntilMs(): number
}

/** ISO 8601: `PT1H2M3S`, `P1DT2S`. Null for what is none, and for `P0D`, which a live stream has. */
export const secondsOf = (duration: string | null): number | null => {
	const parts =
		/^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d{1,9})?S)?)?$/.exec(
			duration ?? '',
		)
	if (parts === null) return null
	const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
	]
	const all = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
	return all > 0 ? all : null
}

const stillOf = (snippet: unknown): string | null =>
	thumbnailOf(
		textAt(snippet, 'thumbnails', 'medium', 'url') ??
			textAt(snippet, 'thumbnails', 'high', 'url') ??
			textAt(snippet, 'thumbnails', 'default', 'url'),
		YOUTUBE_STILLS,
	)

const refusalOf = (video: unknown): VideoRefusal | null => {
	const privacy = textAt(video, 'status', 'privacyStatus')
	if (privacy === 'private') return 'private'
	const upload = textAt(video, 'status', 'uploadStatus')
	if (upload === 'deleted' || upload === 'rejected' || upload === 'failed') return 'gone'
	if (at(video, 'status', 'embeddable') === false) return 'embedding-off'
	if (textAt(video, 'contentDetails', 'contentRating', 'ytRating') === 'ytAgeRestricted')
		return 'age-restricted'
	return textAt(video, 'snippet', 'liveBroadcastContent') === 'upcoming' ? 'not-available' : null
}

const videoOf = (video: unknown): Described => {
	const snippet = at(video, 'snippet')
	return described(
		{
			title: textAt(snippet, 'title'),
			author: textAt(snippet, 'channelTitle'),
			durationS: secondsOf(textAt(video, 'contentDetails', 'duration')),
			thumbnailUrl: stillOf(snippet),
			isLive: textAt(snippet, 'liveBroadcastContent') === 'live',
		},
		refusalOf(video),
	)
}

export const createYoutubeData = (deps: {
	readonly key: string
	readonly upstreams: Pick<Upstreams, 'json'>
	readonly counters: Counters
	readonly nowMs: () => number
}): YoutubeData => {
	const { counters } = deps
	let pausedUntilMs = 0

	/** The key goes in a header: addresses end up in logs, of others too. */
	const ask = async (path: string, query: Readonly<Record<string, string>>): Promise<JsonAnswer> => {
		if (deps.nowMs() < pausedUntilMs) return { type: 'failed', why: 'rate' }
		const answer = await deps.upstreams.json(`${BASE}/${path}?${new URLSearchParams(query).toString()}`, {
			'x-goog-api-key': deps.key,
		})
		if (answer.type !== 'answer') return answer
		const reason = textAt(answer.value, 'error', 'errors', 0, 'reason')
		// A list may be forbidden by itself; then the next question is welcome.
		const isAboutUs =
			answer.status === 429 ||
			(answer.status === 400 && reason === 'badRequest' && !path.startsWith('playlist')) ||
			(answer.status === 403 &&
				!/^(?:playlistItemsNotAccessible|watchHistory|playlistForbidden)/.test(reason ?? ''))
		if (isAboutUs) {
			counters.refused('media-quota')
			pausedUntilMs = deps.nowMs() + QUOTA_PAUSE_MS
			return { type: 'failed', why: 'rate' }
		}
		return answer
	}

	/** By id, at the price of one question. Null where it could not be asked. */
	const videosOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, Described> | null> => {
		if (ids.length === 0) return new Map()
		const answer = await ask('videos', {
			part: 'snippet,contentDetails,status',
			id: ids.join(','),
			maxResults: '50',
		})
		if (answer.type === 'failed' || answer.status !== 200) return null
		const found = new Map<string, Described>()
		for (const video of listAt(answer.value, 'items')) {
			const id = textAt(video, 'id')
			if (id !== null && ids.includes(id)) found.set(id, videoOf(video))
		}
		return found
	}

	/** In the order of `ids`; without those that nobody can watch here. */
	const playable = (ids: readonly string[], videos: ReadonlyMap<string, Described>): readonly FoundVideo[] =>
		ids.flatMap((id) => {
			const video = videos.get(id)
			if (video === undefined || video.refusal !== null) return []
			return [{ media: { kind: 'youtube' as const, id }, ...factsOf(video) }]
		})

	return {
		pausedUntilMs: () => (deps.nowMs() < pausedUntilMs ? pausedUntilMs : 0),

		async describe(id) {
			const videos = await videosOf([id])
			if (videos === null) return FAILED
			// Deleted and private ones are not told apart.
			return videos.get(id) ?? refused('gone')
		},

		async playlist(id) {
			const answer = await ask('playlistItems', {
				part: 'contentDetails',
				playlistId: id,
				maxResults: String(LIST_MAX_ITEMS),
			})
			if (answer.type === 'failed') return FAILED
			if (answer.status === 404 || answer.status === 403) return { type: 'nothing' }
			if (answer.status !== 200) return FAILED
			const ids = listAt(answer.value, 'items')
				.map((item) => textAt(item, 'contentDetails', 'videoId'))
				.filter((one): one is string => one !== null && ID.test(one))
				.slice(0, LIST_MAX_ITEMS)
			const videos = await videosOf([...new Set(ids)])
			if (videos === null) return FAILED
			const items = playable(ids, videos)
			const total = numberAt(answer.value, 'pageInfo', 'totalResults') ?? ids.length
			const left = Math.min(1e6, Math.max(0, Math.floor(total) - items.length))
			return items.length === 0 ? { type: 'nothing' } : { type: 'playlist', items, left }
		},

		async search(text) {
			const answer = await ask('search', {
				part: 'id',
				type: 'video',
				videoEmbeddable: 'true',
				videoSyndicated: 'true',
				maxResults: String(SEARCH_MAX_RESULTS),
				q: text,
			})
			if (answer.type === 'failed' || answer.status !== 200) return FAILED
			const ids = listAt(answer.value, 'items')
				.map((item) => textAt(item, 'id', 'videoId'))
				.filter((one): one is string => one !== null && ID.test(one))
				.slice(0, SEARCH_MAX_RESULTS)
			const videos = await videosOf([...new Set(ids)])
			return videos === null ? FAILED : { type: 'results', results: playable(ids, videos) }
		},
	}
}
