/**
 * `/api/media` as a browser meets it, with the net of the tests behind it: who may ask, what is kept for how long,
 * what is refused and counted.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientConfig } from '#lib/protocol/http.ts'
import { describeAnswer, lookAnswer, playlistAnswer, searchAnswer } from '#lib/protocol/media.ts'
import type { AppDeps } from '../../signaling/app.ts'
import { KEEP_FAILED_MS, KEEP_MS, KEEP_REFUSED_MS } from '../../signaling/media/media.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import type { Store } from '../../signaling/store/store.ts'
import { createAccountClient } from '../support/account-client.ts'
import { freePort } from '../support/app.ts'
import { html, json, openMediaNet, redirect, type MediaNet, type Site } from '../support/media-net.ts'
import { ROOT } from '../support/source-files.ts'
import {
	ask,
	askIdentity,
	audienceOf,
	newDevice,
	send,
	type Answer,
	type Person,
} from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

const MANY = 1_000_000
const GENEROUS = { mediaPerMinute: MANY, mediaPerSubjectPerMinute: MANY, searchesPerSubjectPerMinute: MANY }
const KEY = 'AIzaSyTestKeyOfNobody'
const FILM = { kind: 'youtube', id: 'dQw4w9WgXcQ' }
const O_EMBED = {
	title: 'Never Gonna Give You Up',
	author_name: 'Rick Astley',
	thumbnail_url: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
}

let media: MediaNet
let store: Store
let nowMs: number
const servers: TestServer[] = []
beforeEach(async () => {
	media = await openMediaNet()
	store = createMemoryStore()
	nowMs = Date.now()
	media.sites.set('www.youtube.com', json(O_EMBED))
})
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close()
	await media.close()
	await store.close()
})
const start = async (change: ConfigChange = {}, deps: AppDeps = {}): Promise<TestServer> => {
	const server = await startServer(
		{ ...change, limits: { ...GENEROUS, ...change.limits } },
		{
			store: { ...store, close: () => Promise.resolve() },
			mediaNet: media.net,
			mediaTimeoutMs: 2_000,
			nowMs: () => nowMs,
			...deps,
		},
	)
	servers.push(server)
	return server
}
/** By the clock of the test. */
const newPerson = async (url: string): Promise<Person> => {
	const device = newDevice()
	const proof = device.prove(`matinee-identity-1|${await audienceOf(url)}|${String(nowMs)}|Alice`)
	const { body } = await askIdentity(url, device, 'Alice', { atMs: nowMs, proof })
	return { ...device, token: String(body['token']), subject: String(body['subject']) }
}
const question = (server: TestServer, path: string, person: Person, body: object): Promise<Answer> =>
	send(`${server.url}/api/media/${path}`, 'POST', { token: person.token, ...body })
const describeFilm = (server: TestServer, person: Person, film: object = FILM) =>
	question(server, 'describe', person, { media: film })
const errorOf = ({ status, body }: Answer): unknown[] => [status, body['error']]

/** YouTube's Data API, as far as it is asked. */
const dataApi =
	(quota: { left: number }): Site =>
	(request, response) => {
		if (request.headers['x-goog-api-key'] !== KEY || quota.left <= 0)
			return json({ error: { errors: [{ reason: 'quotaExceeded' }] } }, 403)(request, response)
		quota.left--
		const url = new URL(request.url ?? '', 'https://www.googleapis.com')
		const ids = ['aaaaaaaaaaa', 'bbbbbbbbbbb']
		switch (url.pathname.split('/').at(-1)) {
			case 'playlistItems':
				return json({
					items: ids.map((videoId) => ({ contentDetails: { videoId } })),
					pageInfo: { totalResults: 9 },
				})(request, response)
			case 'search':
				return json({ items: ids.map((videoId) => ({ id: { videoId } })) })(request, response)
			default:
				return json({
					items: (url.searchParams.get('id') ?? '').split(',').map((id) => ({
						id,
						snippet: { title: `Film ${id}`, channelTitle: 'Ann' },
						contentDetails: { duration: 'PT1M' },
						status: { embeddable: true },
					})),
				})(request, response)
		}
	}

describe('who may ask', () => {
	it('[MD1] holders of an identity; the answer is not for caches', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		const answer = await describeFilm(server, alice)
		expect(answer.status).toBe(200)
		expect(answer.headers.get('cache-control')).toBe('no-store')
		expect(describeAnswer.parse(answer.body)).toEqual({
			type: 'described',
			title: 'Never Gonna Give You Up',
			author: 'Rick Astley',
			durationS: null,
			thumbnailUrl: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
			isLive: false,
			refusal: null,
		})
		expect(errorOf(await describeFilm(server, { ...alice, token: 'a.b.c' }))).toEqual([401, 'bad-token'])
		nowMs += 25 * 3_600_000
		expect(errorOf(await describeFilm(server, alice))).toEqual([401, 'expired-token'])
		expect(media.requests).toHaveLength(1)
	})

	it.each([
		['describe', { media: { kind: 'youtube', id: '../../x' } }],
		['describe', { media: { kind: 'youtube', id: 'dQw4w9WgXcQ', url: 'https://x.example' } }],
		['describe', { media: { kind: 'file', url: 'https://films.example/a.mp4' } }],
		['describe', { media: { kind: 'peertube', origin: 'https://tube.example:8443', id: 'x' } }],
		['describe', { media: { kind: 'peertube', origin: 'http://tube.example', id: 'x' } }],
		['describe', { media: { kind: 'peertube', origin: 'https://a@tube.example', id: 'x' } }],
		['describe', { media: { kind: 'peertube', origin: 'https://tube.example', id: '../users' } }],
		['describe', { media: { kind: 'soundcloud', url: 'https://soundcloud.com.evil.example/a/b' } }],
		['describe', { media: { kind: 'soundcloud', url: 'https://soundcloud.com/a/b?x=y' } }],
		['describe', { media: { kind: 'bilibili', id: 'BV1GJ411x7h7&x=y', page: 1 } }],
		['describe', { media: { kind: 'vimeo', id: '1/../2' } }],
		['describe', { media: { kind: 'twitch-live', channel: 'a/b' } }],
		['describe', { media: null }],
		['describe', {}],
		['look', { url: 'file:///etc/passwd' }],
		['look', { url: 'gopher://127.0.0.1:6379/_' }],
		['look', { url: `https://x.example/${'x'.repeat(800)}` }],
		['look', { url: ['https://x.example/'] }],
		['playlist', { site: 'YouTube', id: 'a b' }],
		['playlist', { site: 'Vimeo', id: 'PLx' }],
		['search', { text: 'x'.repeat(101) }],
		['search', { text: '\ud800' }],
	])('[MD1] %s %j is no question', async (path, body) => {
		const server = await start({ youtubeApiKey: KEY })
		const answer = await question(server, path, await newPerson(server.url), body)
		expect(errorOf(answer)).toEqual([400, 'bad-request'])
		expect(media.dials).toEqual([])
	})

	it('[MD1] behind the door, and never by a cookie from another page', async () => {
		const server = await start({ doorPassword: 'sesame' })
		expect(
			errorOf(await send(`${server.url}/api/media/describe`, 'POST', { token: 'a.b.c', media: FILM })),
		).toEqual([401, 'door-closed'])
		const open = await start()
		const alice = createAccountClient(open.url)
		await alice.signUp('Alice')
		const forged = await alice.ask(
			'POST',
			'/api/media/describe',
			{ token: 'a.b.c', media: FILM },
			{ origin: 'https://evil.example' },
		)
		expect(errorOf(forged)).toEqual([403, 'not-allowed'])
		expect(media.dials).toEqual([])
	})

	it('[MD1] what is switched off, or needs a key, is not offered', async () => {
		const off = await start({ hasMetadata: false, youtubeApiKey: KEY })
		const alice = await newPerson(off.url)
		const bodies = {
			describe: { media: FILM },
			look: { url: 'https://b23.tv/x' },
			playlist: { site: 'YouTube', id: 'PLx' },
			search: { text: 'x' },
		}
		for (const [path, body] of Object.entries(bodies))
			expect(errorOf(await question(off, path, alice, body))).toEqual([403, 'not-offered'])
		expect(off.app.counters.count('not-offered')).toBe(4)
		const offerOf = async ({ url }: TestServer) =>
			clientConfig.parse((await ask(`${url}/config.json`)).body)?.media
		expect(await offerOf(off)).toEqual({ titles: false, search: false })
		const plain = await start()
		expect(await offerOf(plain)).toEqual({ titles: true, search: false })
		for (const path of ['playlist', 'search'] as const)
			expect(errorOf(await question(plain, path, alice, bodies[path]))).toEqual([403, 'not-offered'])
		expect(await offerOf(await start({ youtubeApiKey: KEY }))).toEqual({ titles: true, search: true })
		expect(media.dials).toEqual([])
	})
})

describe('what is answered', () => {
	it('[MD5] a short link, over the real way out', async () => {
		const server = await start()
		media.sites.set('b23.tv', redirect('https://www.bilibili.com/video/BV1GJ411x7h7?p=2&share_source=copy'))
		const answer = await question(server, 'look', await newPerson(server.url), { url: 'https://b23.tv/abc' })
		expect(lookAnswer.parse(answer.body)).toEqual({
			type: 'leads-to',
			url: 'https://www.bilibili.com/video/BV1GJ411x7h7?p=2',
		})
		expect(media.requests.map(({ url }) => url)).toEqual(['b23.tv/abc'])
	})

	it('[MD6] nothing of the inside, by any question that names a host', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		media.names.set('tube.example', [['127.0.0.1']])
		media.names.set('rebind.example', [['93.184.215.14'], ['127.0.0.1']])
		media.sites.set('rebind.example', redirect('https://rebind.example/again'))
		media.sites.set('films.example', redirect('http://127.0.0.1/'))
		const peertube = { kind: 'peertube', origin: 'https://tube.example', id: 'x' }
		expect((await describeFilm(server, alice, peertube)).body).toEqual({
			type: 'away',
			retryAfterMs: KEEP_FAILED_MS,
		})
		for (const url of ['https://tube.example/', 'https://rebind.example/', 'https://films.example/'])
			expect((await question(server, 'look', alice, { url })).body['type']).toBe('away')
		for (const url of ['http://127.0.0.1/', 'http://localhost/', 'http://[::1]/', 'http://2130706433/'])
			expect((await question(server, 'look', alice, { url })).body['type']).toBe('nothing')
		expect(server.app.counters.count('media-barred')).toBe(4)
		expect(media.canaryHits()).toBe(0)
	})

	it('[MD9] nonsense is an answer without facts', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		media.sites.set('www.youtube.com', html('<h1>502</h1>'))
		expect((await describeFilm(server, alice)).body['type']).toBe('away')
		media.sites.set('films.example', html(new Uint8Array(5_000).fill(0xff), 'text/html; charset=klingon'))
		expect((await question(server, 'look', alice, { url: 'https://films.example/' })).body['type']).toBe(
			'nothing',
		)
		media.sites.set('www.youtube.com', (request) => request.socket.destroy())
		const other = { kind: 'youtube', id: 'aaaaaaaaaaa' }
		expect((await describeFilm(server, alice, other)).body['type']).toBe('away')
		expect(server.app.counters.count('internal')).toBe(0)
	})

	it('[MD4] with a key: lengths, lists, a search', async () => {
		media.sites.set('www.googleapis.com', dataApi({ left: 100 }))
		const server = await start({ youtubeApiKey: KEY })
		const alice = await newPerson(server.url)
		expect((await describeFilm(server, alice)).body).toMatchObject({
			title: 'Film dQw4w9WgXcQ',
			durationS: 60,
		})
		const list = playlistAnswer.parse(
			(await question(server, 'playlist', alice, { site: 'YouTube', id: 'PLx' })).body,
		)
		expect(list).toMatchObject({ type: 'playlist', left: 7 })
		const found = searchAnswer.parse((await question(server, 'search', alice, { text: 'night' })).body)
		expect(found).toMatchObject({ type: 'results', results: [{ title: 'Film aaaaaaaaaaa' }, {}] })
		expect(media.requests.every(({ url }) => !url.includes(KEY))).toBe(true)
	})

	it('[MD4] without quota titles come by the way without a key, and the key is tried again later', async () => {
		const quota = { left: 0 }
		media.sites.set('www.googleapis.com', dataApi(quota))
		const server = await start({ youtubeApiKey: KEY })
		const alice = await newPerson(server.url)
		expect((await describeFilm(server, alice)).body).toMatchObject({ title: O_EMBED.title, durationS: null })
		await describeFilm(server, alice, { kind: 'youtube', id: 'aaaaaaaaaaa' })
		expect((await question(server, 'search', alice, { text: 'night' })).body['type']).toBe('away')
		expect(server.app.counters.count('media-quota')).toBe(1)
		expect(media.requests.filter(({ url }) => url.startsWith('www.googleapis.com'))).toHaveLength(1)
		quota.left = 10
		nowMs += 6 * 3_600_000
		expect((await describeFilm(server, alice)).body).toMatchObject({ durationS: 60 })
	})
})

describe('what is kept', () => {
	it('[MD10] titles for seven days, across restarts, wherever in it people start', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		await describeFilm(server, alice)
		await describeFilm(server, alice, { ...FILM, startS: 90 })
		const again = await start()
		nowMs += KEEP_MS - 1
		const bob = await newPerson(server.url)
		expect((await describeFilm(again, bob)).body).toMatchObject({ title: O_EMBED.title })
		expect(media.requests).toHaveLength(1)
		nowMs += 1
		await describeFilm(again, bob)
		expect(media.requests).toHaveLength(2)
	})

	it('[MD10] refusals for ten minutes, failures for one', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		const refuse = (status: number) => media.sites.set('www.youtube.com', json({}, status))
		refuse(401)
		expect((await describeFilm(server, alice)).body).toMatchObject({ refusal: 'embedding-off' })
		refuse(200)
		nowMs += KEEP_REFUSED_MS - 1
		expect((await describeFilm(server, alice)).body).toMatchObject({ refusal: 'embedding-off' })
		nowMs += 1
		expect((await describeFilm(server, alice)).body).toEqual({ type: 'away', retryAfterMs: 60_000 })
		nowMs += KEEP_FAILED_MS - 1
		expect((await describeFilm(server, alice)).body['type']).toBe('away')
		expect(media.requests).toHaveLength(2)
		media.sites.set('www.youtube.com', json(O_EMBED))
		nowMs += 1
		expect((await describeFilm(server, alice)).body).toMatchObject({ title: O_EMBED.title })
	})

	it('[MD10] what is live for ten minutes', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		media.sites.set('www.twitch.tv', html('<meta property="og:title" content="Alice - Twitch">'))
		const live = { kind: 'twitch-live', channel: 'alice' }
		await describeFilm(server, alice, live)
		nowMs += KEEP_REFUSED_MS - 1
		await describeFilm(server, alice, live)
		expect(media.requests).toHaveLength(1)
		nowMs += 1
		await describeFilm(server, alice, live)
		expect(media.requests).toHaveLength(2)
	})

	it('[MD10] many who ask at once are one question', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		media.sites.set('www.youtube.com', (request, response) => {
			setTimeout(() => json(O_EMBED)(request, response), 50)
		})
		const answers = await Promise.all(Array.from({ length: 20 }, () => describeFilm(server, alice)))
		expect(answers.every(({ body }) => body['title'] === O_EMBED.title)).toBe(true)
		expect(media.requests).toHaveLength(1)
	})
})

describe('limits', () => {
	it('[MD11] of an address, and of a person at many addresses', async () => {
		const byAddress = await start({ limits: { mediaPerMinute: 3 } })
		const alice = await newPerson(byAddress.url)
		for (let i = 0; i < 3; i++) expect((await describeFilm(byAddress, alice)).status).toBe(200)
		expect(errorOf(await describeFilm(byAddress, await newPerson(byAddress.url)))).toEqual([
			429,
			'too-many-requests',
		])
		expect(byAddress.app.counters.count('http-rate')).toBe(1)

		const bySubject = await start({ limits: { mediaPerSubjectPerMinute: 2 } })
		for (let i = 0; i < 2; i++) expect((await describeFilm(bySubject, alice)).status).toBe(200)
		const refused = await describeFilm(bySubject, alice)
		expect(errorOf(refused)).toEqual([429, 'too-many-requests'])
		expect(refused.body['retryAfterMs']).toBeGreaterThan(0)
		expect((await describeFilm(bySubject, await newPerson(bySubject.url))).status).toBe(200)
		expect(bySubject.app.counters.count('media-rate')).toBe(1)
		nowMs += 30_000
		expect((await describeFilm(bySubject, alice)).status).toBe(200)
	})

	it('[MD11] of searches, by person and by day', async () => {
		media.sites.set('www.googleapis.com', dataApi({ left: 100 }))
		const limits = { searchesPerSubjectPerMinute: 3, searchesPerDay: 4 }
		const server = await start({ youtubeApiKey: KEY, limits })
		const search = async (person: Person, text: string) => question(server, 'search', person, { text })
		const alice = await newPerson(server.url)
		for (const text of ['a', 'b', 'c']) expect((await search(alice, text)).body['type']).toBe('results')
		expect(errorOf(await search(alice, 'd'))).toEqual([429, 'too-many-requests'])
		const bob = await newPerson(server.url)
		expect((await search(bob, 'd')).body['type']).toBe('results')
		expect((await search(bob, 'e')).body).toMatchObject({ type: 'away' })
		// What was found today costs nothing.
		expect((await search(bob, ' A ')).body['type']).toBe('results')
		expect(server.app.counters.count('media-searches')).toBe(1)
		nowMs += 6 * 3_600_000
		expect((await search(await newPerson(server.url), 'e')).body['type']).toBe('results')
	})

	it('[MD11] of a site, said as away', async () => {
		const server = await start()
		const alice = await newPerson(server.url)
		const answers = await Promise.all(
			Array.from({ length: 70 }, (_, index) =>
				describeFilm(server, alice, { kind: 'youtube', id: `video-${String(index).padStart(5, '0')}` }),
			),
		)
		const away = answers.filter(({ body }) => body['type'] === 'away').length
		expect(away).toBeGreaterThanOrEqual(10)
		expect(media.requests.length).toBeLessThanOrEqual(60)
		const { counters } = server.app
		expect(counters.count('media-upstream-rate') + counters.count('media-busy')).toBe(away)
	})
})

describe('silence', () => {
	const dir = mkdtempSync(join(tmpdir(), 'matinee-media-'))
	afterEach(() => rmSync(dir, { recursive: true, force: true }))

	it('[MD12] nothing of a link is printed, counted, or noted, at whatever level', async () => {
		const port = await freePort()
		const { PATH = '', HOME = '' } = process.env
		const child = spawn(process.execPath, ['signaling/server.ts'], {
			cwd: ROOT,
			env: {
				PATH,
				HOME,
				MATINEE_CLIENT: 'none',
				HOST: '127.0.0.1',
				PORT: String(port),
				MATINEE_DATA: dir,
				LOG_LEVEL: 'trace',
				YOUTUBE_API_KEY: 'CanaryKey_1234567890',
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		let said = ''
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
		const exit = once(child, 'close')
		try {
			await expect.poll(() => said, { timeout: 60_000 }).toContain('Matinee is at')
			const url = `http://127.0.0.1:${String(port)}`
			const alice = await newPerson(url)
			const questions: [string, object][] = [
				['look', { url: 'http://127.0.0.1/CanaryLink' }],
				['look', { url: 'https://canary-link.invalid/CanaryLink?CanaryLink' }],
				['look', { url: 'CanaryLink' }],
				['describe', { media: { kind: 'youtube', id: 'CanaryLink!' } }],
				[
					'describe',
					{ media: { kind: 'peertube', origin: 'https://canary-link.invalid', id: 'CanaryLink' } },
				],
			]
			for (const [path, body] of questions)
				await send(`${url}/api/media/${path}`, 'POST', { token: alice.token, ...body })
			await send(`${url}/api/media/CanaryLink?CanaryLink`, 'POST', { token: alice.token })
			said += JSON.stringify((await ask(`${url}/healthz`)).body)
		} finally {
			child.kill('SIGTERM')
			await exit
		}
		const kept = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'latin1'))
		for (const text of [said, ...kept]) {
			expect(text).not.toMatch(/canary-?link/i)
			expect(text).not.toContain('CanaryKey')
		}
	}, 30_000)
})
