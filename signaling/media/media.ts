/**
 * Answers to what members' browsers ask about links: by site, through what was kept, with what may be kept for how
 * long. Who asks is not known here.
 */
import {
	describeAnswer,
	lookAnswer,
	playlistAnswer,
	searchAnswer,
	type DescribedRef,
	type LookAnswer,
	type MediaDescription,
	type PlaylistAnswer,
	type SearchAnswer,
} from '#lib/protocol/media.ts'
import { createBucket } from '../buckets.ts'
import type { Counters } from '../counters.ts'
import type { Store } from '../store/store.ts'
import type { SiteAnswer } from './facts.ts'
import { createFetchPublic, type Net } from './fetch-public.ts'
import { createKeptAnswers, type Fresh } from './kept-answers.ts'
import { lookAt } from './look.ts'
import { describeBilibili } from './sites/bilibili.ts'
import { describeDailymotion } from './sites/dailymotion.ts'
import { describePeertube } from './sites/peertube.ts'
import { describeSoundcloud } from './sites/soundcloud.ts'
import { describeTwitch, describeTwitchLive } from './sites/twitch.ts'
import { describeVimeo } from './sites/vimeo.ts'
import { createYoutubeData } from './sites/youtube-data.ts'
import { describeYoutube } from './sites/youtube.ts'
import { createUpstreams } from './upstreams.ts'

const DAY_MS = 86_400_000
/** Titles seldom change. */
export const KEEP_MS = 7 * DAY_MS
/** What is refused may be allowed in a moment, and what is live is another thing by then. */
export const KEEP_REFUSED_MS = 10 * 60_000
/** Known in part only: by the way without a key while the key's quota is used up. */
const KEEP_PARTLY_MS = 6 * 3_600_000
/** A site that is down is not asked by everybody who wonders. */
export const KEEP_FAILED_MS = 60_000
const AWAY = { type: 'away', retryAfterMs: KEEP_FAILED_MS } as const
const PRUNE_EVERY_MS = 10 * 60_000

export interface MediaDeps {
	readonly store: Pick<Store, 'media'>
	readonly counters: Counters
	readonly nowMs: () => number
	readonly onFault: (error: unknown) => void
	readonly youtubeKey: string | null
	readonly searchesPerDay: number
	/** Tests put another one here. */
	readonly net?: Partial<Net>
	readonly fetchTimeoutMs?: number
}

export type Media = ReturnType<typeof createMedia>

const failed = { answer: AWAY, keepMs: KEEP_FAILED_MS }

/** The same thing has one name, wherever in it people start. */
const nameOf = (media: DescribedRef): string => {
	const parts = Object.entries(media)
		.filter(([key, value]) => key !== 'startS' && value !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1))
	return JSON.stringify(['describe', ...parts])
}

export const createMedia = (deps: MediaDeps) => {
	const { counters, nowMs } = deps
	const fetchPublic = createFetchPublic({
		...(deps.net === undefined ? {} : { net: deps.net }),
		...(deps.fetchTimeoutMs === undefined ? {} : { timeoutMs: deps.fetchTimeoutMs }),
	})
	const upstreams = createUpstreams({ fetchPublic, counters, nowMs })
	const kept = createKeptAnswers(deps)
	const data =
		deps.youtubeKey === null ? null : createYoutubeData({ key: deps.youtubeKey, upstreams, counters, nowMs })
	/** A search costs a hundredth of a day's quota; titles are to be had in the evening too. */
	const searches = createBucket(
		{ perSecond: deps.searchesPerDay / 86_400, burst: deps.searchesPerDay },
		nowMs(),
	)
	let prunedMs = nowMs()

	const askSite = async (media: DescribedRef): Promise<SiteAnswer> => {
		switch (media.kind) {
			case 'youtube': {
				const answer = (await data?.describe(media.id)) ?? { type: 'failed' as const }
				return answer.type === 'failed' ? describeYoutube(media, upstreams) : answer
			}
			case 'vimeo':
				return describeVimeo(media, upstreams)
			case 'twitch':
				return describeTwitch(media, upstreams)
			case 'twitch-live':
				return describeTwitchLive(media, upstreams)
			case 'bilibili':
				return describeBilibili(media, upstreams)
			case 'dailymotion':
				return describeDailymotion(media, upstreams)
			case 'peertube':
				return describePeertube(media, upstreams)
			case 'soundcloud':
				return describeSoundcloud(media, upstreams)
		}
	}

	const describe = async (media: DescribedRef): Promise<Fresh<MediaDescription>> => {
		const answer = await askSite(media)
		if (answer.type === 'failed') return failed
		if (answer.refusal !== null || answer.isLive) return { answer, keepMs: KEEP_REFUSED_MS }
		const isPart = data !== null && media.kind === 'youtube' && answer.durationS === null
		return { answer, keepMs: isPart ? KEEP_PARTLY_MS : KEEP_MS }
	}

	const look = async (url: string): Promise<Fresh<LookAnswer>> => {
		const answer = await lookAt(url, upstreams)
		if (answer.type === 'failed') return failed
		return { answer, keepMs: answer.type === 'nothing' ? KEEP_REFUSED_MS : KEEP_MS }
	}

	return {
		hasKey: data !== null,

		describe: (media: DescribedRef): Promise<MediaDescription> =>
			kept.ask(nameOf(media), describeAnswer, () => describe(media)),

		look: (url: string): Promise<LookAnswer> =>
			kept.ask(JSON.stringify(['look', url]), lookAnswer, () => look(url)),

		/** Only with a key. */
		playlist: (id: string): Promise<PlaylistAnswer> =>
			kept.ask(JSON.stringify(['playlist', id]), playlistAnswer, async () => {
				const answer = (await data?.playlist(id)) ?? { type: 'failed' as const }
				if (answer.type === 'failed') return failed
				if (answer.type === 'nothing') return { answer, keepMs: KEEP_REFUSED_MS }
				// Lists grow.
				return { answer: { ...answer, items: [...answer.items] }, keepMs: KEEP_REFUSED_MS }
			}),

		/** Only with a key. */
		search: (text: string): Promise<SearchAnswer> => {
			const words = text.trim().replace(/\s+/g, ' ')
			return kept.ask(JSON.stringify(['search', words.toLowerCase()]), searchAnswer, async () => {
				if (data === null || words === '') return { answer: { type: 'results', results: [] }, keepMs: 0 }
				if (!searches.take(nowMs())) {
					counters.refused('media-searches')
					return { answer: { ...AWAY, retryAfterMs: searches.waitMs(nowMs()) }, keepMs: 0 }
				}
				const answer = await data.search(words)
				if (answer.type !== 'results') return failed
				return { answer: { type: 'results', results: [...answer.results] }, keepMs: DAY_MS }
			})
		},

		sweep(atMs: number): void {
			upstreams.prune(atMs)
			if (atMs - prunedMs < PRUNE_EVERY_MS) return
			prunedMs = atMs
			void kept.trim()
		},
	}
}
