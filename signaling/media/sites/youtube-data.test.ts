import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeSites, jsonAnswer, type FakeSites } from '../../../tests/support/fake-sites.ts'
import { createCounters, type Counters } from '../../counters.ts'
import { createYoutubeData, QUOTA_PAUSE_MS, secondsOf, type YoutubeData } from './youtube-data.ts'

const BASE = 'https://www.googleapis.com/youtube/v3'
const idOf = (number: number): string => `video-${String(number).padStart(5, '0')}`
const video = (id: string, change: Record<string, unknown> = {}) => ({
	id,
	snippet: {
		title: `Film ${id}`,
		channelTitle: 'Ann',
		liveBroadcastContent: 'none',
		thumbnails: { medium: { url: `https://i.ytimg.com/vi/${id}/mqdefault.jpg` } },
	},
	contentDetails: { duration: 'PT1M2S' },
	status: { embeddable: true, privacyStatus: 'public', uploadStatus: 'processed' },
	...change,
})

let sites: FakeSites
let counters: Counters
let data: YoutubeData
let nowMs: number
beforeEach(() => {
	sites = createFakeSites()
	counters = createCounters()
	nowMs = 1_000
	data = createYoutubeData({ key: 'AIza-secret', upstreams: sites, counters, nowMs: () => nowMs })
})
const videos = (...items: readonly unknown[]) => sites.answers.set(`${BASE}/videos`, jsonAnswer({ items }))

describe('durations', () => {
	it.each([
		['PT3M33S', 213],
		['PT1H2M3S', 3_723],
		['P1DT1S', 86_401],
		['P1W', 604_800],
		['PT0.5S', null],
		['PT59.9S', 59],
		['P0D', null],
		['PT0S', null],
		['', null],
		['3:33', null],
		['PT1S2M', null],
		['-PT1S', null],
		[`PT${'9'.repeat(400)}S`, null],
		[null, null],
	])('[MD4] %j is %j seconds', (text, seconds) => {
		expect(secondsOf(text)).toBe(seconds)
	})
})

describe('one video', () => {
	it('[MD4] has a length; the key stands in the head of the question, in no address', async () => {
		videos(video('dQw4w9WgXcQ'))
		expect(await data.describe('dQw4w9WgXcQ')).toEqual({
			type: 'described',
			title: 'Film dQw4w9WgXcQ',
			author: 'Ann',
			durationS: 62,
			thumbnailUrl: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/mqdefault.jpg',
			isLive: false,
			refusal: null,
		})
		expect(sites.asked).toHaveLength(1)
		expect(sites.asked[0]?.headers).toEqual({ 'x-goog-api-key': 'AIza-secret' })
		expect(sites.asked[0]?.url).not.toContain('AIza')
	})

	it.each([
		[{ status: { embeddable: false } }, 'embedding-off'],
		[{ status: { privacyStatus: 'private' } }, 'private'],
		[{ status: { uploadStatus: 'deleted' } }, 'gone'],
		[{ status: { uploadStatus: 'rejected' } }, 'gone'],
		[{ contentDetails: { contentRating: { ytRating: 'ytAgeRestricted' } } }, 'age-restricted'],
		[{ snippet: { title: 'x', liveBroadcastContent: 'upcoming' } }, 'not-available'],
	])('[MD3] %j: %s', async (change, refusal) => {
		videos(video('dQw4w9WgXcQ', change))
		expect(await data.describe('dQw4w9WgXcQ')).toMatchObject({ refusal })
	})

	it('[MD3] one that is not listed is gone', async () => {
		videos(video('another-one'))
		expect(await data.describe('dQw4w9WgXcQ')).toMatchObject({ refusal: 'gone' })
	})

	it('[MD2] live has no length', async () => {
		const snippet = { title: 'News', liveBroadcastContent: 'live' }
		videos(video('dQw4w9WgXcQ', { snippet, contentDetails: { duration: 'PT5H' } }))
		expect(await data.describe('dQw4w9WgXcQ')).toMatchObject({ isLive: true, durationS: null })
	})
})

describe('quota', () => {
	const quota = (reason: string, status = 403) =>
		jsonAnswer({ error: { code: status, errors: [{ reason }] } }, status)

	it('[MD4] used up: nothing is asked for a quarter of an hour, and it is counted', async () => {
		sites.answers.set(`${BASE}/videos`, quota('quotaExceeded'))
		expect(await data.describe('dQw4w9WgXcQ')).toEqual({ type: 'failed' })
		expect(counters.count('media-quota')).toBe(1)
		videos(video('dQw4w9WgXcQ'))
		nowMs += QUOTA_PAUSE_MS - 1
		expect(await data.describe('dQw4w9WgXcQ')).toEqual({ type: 'failed' })
		expect(sites.asked).toHaveLength(1)
		nowMs += 1
		expect(await data.describe('dQw4w9WgXcQ')).toMatchObject({ durationS: 62 })
	})

	it.each([
		['keyInvalid', 403],
		['rateLimitExceeded', 429],
		['badRequest', 400],
	])('[MD4] a key that is refused (%s) is left alone in the same way', async (reason, status) => {
		sites.answers.set(`${BASE}/videos`, quota(reason, status))
		expect(await data.describe('dQw4w9WgXcQ')).toEqual({ type: 'failed' })
		await data.describe('dQw4w9WgXcQ')
		expect(sites.asked).toHaveLength(1)
	})

	it('[MD4] a list that is forbidden says nothing against the key', async () => {
		sites.answers.set(`${BASE}/playlistItems`, quota('playlistItemsNotAccessible'))
		expect(await data.playlist('PLx')).toEqual({ type: 'nothing' })
		expect(counters.count('media-quota')).toBe(0)
		videos(video('dQw4w9WgXcQ'))
		expect(await data.describe('dQw4w9WgXcQ')).toMatchObject({ durationS: 62 })
	})
})

describe('lists and the search', () => {
	const listOf = (ids: readonly string[], totalResults = ids.length) =>
		sites.answers.set(
			`${BASE}/playlistItems`,
			jsonAnswer({
				items: ids.map((videoId) => ({ contentDetails: { videoId } })),
				pageInfo: { totalResults },
			}),
		)

	it('[MD4] fifty of a list, in their order, at the price of two questions; the rest is counted', async () => {
		const ids = Array.from({ length: 60 }, (_, index) => idOf(index))
		listOf(ids, 137)
		videos(...ids.toReversed().map((id) => video(id)))
		const answer = await data.playlist('PLx')
		if (answer.type !== 'playlist') throw new Error(answer.type)
		expect(answer.items.map(({ media }) => media.id)).toEqual(ids.slice(0, 50))
		expect(answer.items[0]).toMatchObject({ title: `Film ${idOf(0)}`, durationS: 62 })
		expect(answer.left).toBe(87)
		expect(sites.asked).toHaveLength(2)
	})

	it('[MD4] what cannot be watched here is left out, and counted', async () => {
		listOf([idOf(1), idOf(2), idOf(3), idOf(4), 'no id at all', idOf(1)])
		videos(video(idOf(1)), video(idOf(2), { status: { embeddable: false } }), video(idOf(4)))
		const answer = await data.playlist('PLx')
		if (answer.type !== 'playlist') throw new Error(answer.type)
		expect(answer.items.map(({ media }) => media.id)).toEqual([idOf(1), idOf(4), idOf(1)])
		expect(answer.left).toBe(3)
	})

	it('[MD4] an empty list, and one that is not there, are nothing', async () => {
		listOf([])
		expect(await data.playlist('PLx')).toEqual({ type: 'nothing' })
		sites.answers.set(`${BASE}/playlistItems`, jsonAnswer({ error: {} }, 404))
		expect(await data.playlist('PLx')).toEqual({ type: 'nothing' })
	})

	it('[MD4] a search has at most ten results, with lengths', async () => {
		const ids = Array.from({ length: 12 }, (_, index) => idOf(index))
		sites.answers.set(`${BASE}/search`, jsonAnswer({ items: ids.map((videoId) => ({ id: { videoId } })) }))
		videos(...ids.map((id) => video(id)))
		const answer = await data.search('night & bus')
		if (answer.type !== 'results') throw new Error(answer.type)
		expect(answer.results).toHaveLength(10)
		expect(answer.results[0]).toMatchObject({ media: { kind: 'youtube', id: idOf(0) }, durationS: 62 })
		expect(sites.asked[0]?.url).toContain('q=night+%26+bus')
	})

	it('[MD9] nonsense teaches nothing', async () => {
		for (const value of [undefined, null, [], { items: 5 }, { items: [null, 5, { id: {} }] }]) {
			for (const path of ['search', 'playlistItems', 'videos'])
				sites.answers.set(`${BASE}/${path}`, jsonAnswer(value))
			expect(await data.playlist('PLx')).toEqual({ type: 'nothing' })
			expect(await data.search('x')).toEqual({ type: 'results', results: [] })
		}
	})
})
