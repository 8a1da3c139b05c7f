/**
 * Each site's answers, as they are recorded or documented, and what becomes of them.
 */
import { describe, expect, it } from 'vitest'
import { createFakeSites, jsonAnswer } from '../../../tests/support/fake-sites.ts'
import { describeAnswer } from '#lib/protocol/media.ts'
import type { SiteAnswer } from '../facts.ts'
import { describeBilibili } from './bilibili.ts'
import { describeDailymotion } from './dailymotion.ts'
import { describePeertube } from './peertube.ts'
import { describeSoundcloud } from './soundcloud.ts'
import { describeTwitch, describeTwitchLive } from './twitch.ts'
import { describeVimeo } from './vimeo.ts'
import { describeYoutube } from './youtube.ts'

type Sites = ReturnType<typeof createFakeSites>
const DESCRIBED = {
	type: 'described',
	author: null,
	durationS: null,
	thumbnailUrl: null,
	isLive: false,
	refusal: null,
}
const page = (head: string, status = 200) =>
	({
		type: 'answer',
		status,
		url: new URL('https://www.twitch.tv/'),
		contentType: 'text/html',
		text: `<head>${head}</head>`,
	}) as const

const YOUTUBE = 'https://www.youtube.com/oembed'
const VIMEO = 'https://vimeo.com/api/oembed.json'
const SOUNDCLOUD = 'https://soundcloud.com/oembed'
const BILIBILI = 'https://api.bilibili.com/x/web-interface/view'
const DAILYMOTION = 'https://api.dailymotion.com/video/x8abcd'
const PEERTUBE = 'https://tube.example/api/v1/videos/9c9de5e8-0a1e-484a-b099-e80766180a6d'
const RECORDING = 'https://www.twitch.tv/videos/1234567890'
const CHANNEL = 'https://www.twitch.tv/alice'

const ask: Readonly<Record<string, (sites: Sites) => Promise<SiteAnswer>>> = {
	youtube: (sites) => describeYoutube({ kind: 'youtube', id: 'dQw4w9WgXcQ' }, sites),
	vimeo: (sites) => describeVimeo({ kind: 'vimeo', id: '76979871' }, sites),
	soundcloud: (sites) => describeSoundcloud({ kind: 'soundcloud', url: 'https://soundcloud.com/a/b' }, sites),
	bilibili: (sites) => describeBilibili({ kind: 'bilibili', id: 'BV1GJ411x7h7', page: 1 }, sites),
	dailymotion: (sites) => describeDailymotion({ kind: 'dailymotion', id: 'x8abcd' }, sites),
	peertube: (sites) =>
		describePeertube(
			{ kind: 'peertube', origin: 'https://tube.example', id: '9c9de5e8-0a1e-484a-b099-e80766180a6d' },
			sites,
		),
	twitch: (sites) => describeTwitch({ kind: 'twitch', video: '1234567890' }, sites),
	'twitch-live': (sites) => describeTwitchLive({ kind: 'twitch-live', channel: 'alice' }, sites),
}

describe('facts of each site', () => {
	it('[MD2] YouTube by oEmbed', async () => {
		const sites = createFakeSites()
		sites.answers.set(
			YOUTUBE,
			jsonAnswer({
				title: 'Never Gonna Give You Up',
				author_name: 'Rick Astley',
				thumbnail_url: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
				html: '<iframe src="…"></iframe>',
			}),
		)
		expect(await ask['youtube']?.(sites)).toEqual({
			...DESCRIBED,
			title: 'Never Gonna Give You Up',
			author: 'Rick Astley',
			thumbnailUrl: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
		})
		expect(sites.asked[0]?.url).toBe(
			`${YOUTUBE}?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ`,
		)
	})

	it('[MD2] Vimeo by oEmbed, unlisted ones by their hash', async () => {
		const sites = createFakeSites()
		const answer = {
			title: 'The Mountain',
			author_name: 'TSO',
			duration: 62,
			thumbnail_url: 'http://i.vimeocdn.com/video/1.jpg',
		}
		sites.answers.set(VIMEO, jsonAnswer(answer))
		expect(await describeVimeo({ kind: 'vimeo', id: '76979871', hash: 'abcdef12' }, sites)).toEqual({
			...DESCRIBED,
			title: 'The Mountain',
			author: 'TSO',
			durationS: 62,
			thumbnailUrl: 'https://i.vimeocdn.com/video/1.jpg',
		})
		expect(sites.asked[0]?.url).toBe(`${VIMEO}?url=https%3A%2F%2Fvimeo.com%2F76979871%2Fabcdef12`)
	})

	it('[MD2] SoundCloud by oEmbed, without the artist behind the title', async () => {
		const sites = createFakeSites()
		const answer = {
			title: 'Night Bus by Bo',
			author_name: 'Bo',
			thumbnail_url: 'https://i1.sndcdn.com/a.jpg',
		}
		sites.answers.set(SOUNDCLOUD, jsonAnswer(answer))
		expect(await ask['soundcloud']?.(sites)).toMatchObject({ title: 'Night Bus', author: 'Bo' })
		sites.answers.set(SOUNDCLOUD, jsonAnswer({ title: 'Stand by Bo', author_name: 'Ann' }))
		expect(await ask['soundcloud']?.(sites)).toMatchObject({ title: 'Stand by Bo', author: 'Ann' })
	})

	it('[MD2] Bilibili by its view interface, each page by its name and length', async () => {
		const sites = createFakeSites()
		const data = {
			bvid: 'BV1GJ411x7h7',
			aid: 80433022,
			title: '【官方 MV】',
			pic: 'http://i1.hdslb.com/bfs/archive/a.jpg',
			duration: 400,
			owner: { name: '索尼音乐中国' },
			pages: [
				{ cid: 1, page: 1, part: '上', duration: 213 },
				{ cid: 2, page: 2, part: '下', duration: 187 },
			],
		}
		sites.answers.set(BILIBILI, jsonAnswer({ code: 0, message: '0', data }))
		expect(await describeBilibili({ kind: 'bilibili', id: 'av80433022', page: 2 }, sites)).toEqual({
			...DESCRIBED,
			title: '【官方 MV】 · 下',
			author: '索尼音乐中国',
			durationS: 187,
			thumbnailUrl: 'https://i1.hdslb.com/bfs/archive/a.jpg',
		})
		expect(sites.asked[0]?.url).toBe(`${BILIBILI}?aid=80433022`)
		expect(await describeBilibili({ kind: 'bilibili', id: 'BV1GJ411x7h7', page: 3 }, sites)).toMatchObject({
			refusal: 'gone',
		})
		sites.answers.set(
			BILIBILI,
			jsonAnswer({ code: 0, data: { ...data, pages: [{ page: 1, part: 'x', duration: 213 }] } }),
		)
		expect(await ask['bilibili']?.(sites)).toMatchObject({ title: '【官方 MV】', durationS: 213 })
		expect(sites.asked.at(-1)?.url).toBe(`${BILIBILI}?bvid=BV1GJ411x7h7`)
	})

	it('[MD2] Dailymotion by its data interface', async () => {
		const sites = createFakeSites()
		const answer = {
			title: 'Film',
			duration: 99,
			thumbnail_480_url: 'https://s1.dmcdn.net/v/x.jpg',
			'owner.screenname': 'Ann',
			allow_embed: true,
			private: false,
			mode: 'vod',
			onair: null,
		}
		sites.answers.set(DAILYMOTION, jsonAnswer(answer))
		expect(await ask['dailymotion']?.(sites)).toEqual({
			...DESCRIBED,
			title: 'Film',
			author: 'Ann',
			durationS: 99,
			thumbnailUrl: 'https://s1.dmcdn.net/v/x.jpg',
		})
		sites.answers.set(DAILYMOTION, jsonAnswer({ ...answer, mode: 'live', onair: true, duration: 86_400 }))
		expect(await ask['dailymotion']?.(sites)).toMatchObject({ isLive: true, durationS: null, refusal: null })
	})

	it('[MD2] PeerTube by the instance, asked as any stranger', async () => {
		const sites = createFakeSites()
		const answer = {
			name: 'What is PeerTube?',
			duration: 113,
			isLive: false,
			previewPath: '/lazy-static/previews/a.jpg',
			thumbnailPath: '/static/thumbnails/a.jpg',
			account: { displayName: 'Framasoft' },
			channel: { displayName: 'A channel' },
		}
		sites.answers.set(PEERTUBE, jsonAnswer(answer))
		expect(await ask['peertube']?.(sites)).toEqual({
			...DESCRIBED,
			title: 'What is PeerTube?',
			author: 'A channel',
			durationS: 113,
			thumbnailUrl: 'https://tube.example/lazy-static/previews/a.jpg',
		})
		expect(sites.asked[0]?.way).toBe('jsonOfAny')
	})

	it('[MD2] Twitch by the head of its page', async () => {
		const sites = createFakeSites()
		sites.answers.set(
			RECORDING,
			page(`<meta property="og:title" content="Chess night - alice on Twitch"/>
				<meta property="og:video:duration" content="3600"/>
				<meta property="og:image" content="https://static-cdn.jtvnw.net/a.jpg"/>`),
		)
		expect(await ask['twitch']?.(sites)).toEqual({
			...DESCRIBED,
			title: 'Chess night',
			author: 'alice',
			durationS: 3600,
			thumbnailUrl: 'https://static-cdn.jtvnw.net/a.jpg',
		})
		sites.answers.set(CHANNEL, page('<meta property="og:title" content="Alice - Twitch"/>'))
		expect(await ask['twitch-live']?.(sites)).toMatchObject({
			title: 'Alice on Twitch',
			author: 'Alice',
			isLive: true,
			durationS: null,
		})
	})
})

describe('refusals', () => {
	const refusals: readonly (readonly [string, string, Parameters<Sites['answers']['set']>[1], string])[] = [
		['youtube', YOUTUBE, jsonAnswer(undefined, 401), 'embedding-off'],
		['youtube', YOUTUBE, jsonAnswer(undefined, 403), 'private'],
		['youtube', YOUTUBE, jsonAnswer(undefined, 404), 'gone'],
		['youtube', YOUTUBE, jsonAnswer(undefined, 400), 'gone'],
		['vimeo', VIMEO, jsonAnswer({}, 403), 'embedding-off'],
		['vimeo', VIMEO, jsonAnswer({}, 404), 'gone'],
		['soundcloud', SOUNDCLOUD, jsonAnswer({}, 403), 'embedding-off'],
		['soundcloud', SOUNDCLOUD, jsonAnswer({}, 404), 'gone'],
		['bilibili', BILIBILI, jsonAnswer({ code: -404, message: '啥都木有' }), 'gone'],
		['bilibili', BILIBILI, jsonAnswer({ code: -403 }), 'private'],
		['bilibili', BILIBILI, jsonAnswer({ code: 62002 }), 'gone'],
		['bilibili', BILIBILI, jsonAnswer({ code: 62004 }), 'not-available'],
		['bilibili', BILIBILI, jsonAnswer({ code: 62012 }), 'private'],
		['dailymotion', DAILYMOTION, jsonAnswer({ error: { code: 404 } }, 404), 'gone'],
		['dailymotion', DAILYMOTION, jsonAnswer({ error: { code: 403 } }, 403), 'private'],
		['dailymotion', DAILYMOTION, jsonAnswer({ title: 'x', allow_embed: false }), 'embedding-off'],
		['dailymotion', DAILYMOTION, jsonAnswer({ title: 'x', private: true }), 'private'],
		['dailymotion', DAILYMOTION, jsonAnswer({ title: 'x', mode: 'live', onair: false }), 'not-available'],
		['peertube', PEERTUBE, jsonAnswer({}, 404), 'gone'],
		['peertube', PEERTUBE, jsonAnswer({}, 403), 'private'],
		['twitch', RECORDING, page('', 404), 'gone'],
	]
	it.each(refusals)('[MD3] %s: %s', async (site, url, answer, refusal) => {
		const sites = createFakeSites()
		sites.answers.set(url, answer)
		expect(await ask[site]?.(sites)).toMatchObject({ type: 'described', refusal })
	})
})

describe('nonsense', () => {
	const ADDRESSES = [YOUTUBE, VIMEO, SOUNDCLOUD, BILIBILI, DAILYMOTION, PEERTUBE]
	const HUGE = 'x'.repeat(500_000)
	const VALUES: readonly unknown[] = [
		undefined,
		null,
		0,
		'text',
		[],
		{},
		{ code: 0 },
		{ code: 0, data: null },
		{ code: 0, data: [] },
		{ code: NaN },
		{ title: 5, name: 5 },
		JSON.parse('{"__proto__": {"title": "x", "name": "x", "code": 0, "data": {"title": "x"}}}'),
		{ title: { toString: 'x' } },
	]
	it.each(Object.keys(ask))('[MD9] %s: answers of the wrong shape teach nothing', async (site) => {
		for (const value of VALUES)
			for (const status of [200, 204, 418, 500, 503]) {
				const sites = createFakeSites()
				for (const url of ADDRESSES) sites.answers.set(url, jsonAnswer(value, status))
				for (const url of [RECORDING, CHANNEL]) sites.answers.set(url, page('', status))
				expect(await ask[site]?.(sites)).toEqual({ type: 'failed' })
			}
	})

	it.each(Object.keys(ask))('[MD2, MD9, MD18] %s: what is hostile comes out tame', async (site) => {
		const nasty = `\u202e<script>alert(1)</script>\u0000\n\u2028 ${HUGE}`
		const value = {
			code: 0,
			title: nasty,
			name: nasty,
			author_name: nasty,
			duration: 1e300,
			thumbnail_url: 'https://evil.example/i.ytimg.com/a.jpg',
			thumbnail_480_url: 'javascript:alert(1)',
			previewPath: '//evil.example/a.jpg',
			channel: { displayName: nasty },
			'owner.screenname': nasty,
			data: {
				title: nasty,
				pic: 'https://hdslb.com.evil.example/a',
				owner: { name: nasty },
				duration: -5,
				pages: 7,
			},
		}
		const sites = createFakeSites()
		for (const url of ADDRESSES) sites.answers.set(url, jsonAnswer(value))
		const head = `<meta property="og:title" content="${nasty}"><meta property="og:image" content="https://jtvnw.net.evil.example/"><meta property="og:video:duration" content="1e300">`
		for (const url of [RECORDING, CHANNEL]) sites.answers.set(url, page(head))
		const answer = await ask[site]?.(sites)
		expect(answer).toMatchObject({ type: 'described', durationS: null, thumbnailUrl: null })
		if (answer?.type !== 'described') return
		expect(answer.title).toMatch(/^<script>alert\(1\)<\/script> x+…?$/)
		expect(answer.title?.length).toBeLessThanOrEqual(300)
		expect(answer.author?.length ?? 0).toBeLessThanOrEqual(100)
		expect(describeAnswer.parse(answer)).toEqual(answer)
	})
})
