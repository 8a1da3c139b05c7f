import { describe, expect, it } from 'vitest'
import type { Signer } from '#lib/core/crypto.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { appPathOf, appUrlOf } from './app-path.ts'
import type { ServerTrouble } from './find-server.ts'
import { sampleItem } from './sample-film.ts'
import { createServerApi } from './server-api.ts'
import { describeTrouble } from './server-trouble.ts'
import { createAwayWatch } from './why-away.ts'

const CONFIG = {
	server: '',
	audience: 'https://api.example',
	iceServers: [],
	auth: { guests: true, passwords: true, signUp: true, door: false, issuers: [] },
	version: '1',
}
const config = () => Response.json(CONFIG)
const note = (server: unknown) => () => Response.json({ server, '//': 'ours' })

/** `silent`: addresses that answer only where nobody may read the answer. */
const apiAt = (
	page: string,
	answers: Record<string, () => Response>,
	{ shut = [] as readonly string[], headers = {} } = {},
) => {
	const asked: { url: string; init: RequestInit | undefined }[] = []
	const pageUrl = new URL(page)
	const api = createServerApi({
		pageOrigin: pageUrl.origin,
		appPath: appPathOf(pageUrl),
		wallNowMs: () => 1_000,
		authHeaders: async () => headers,
		fetch: async (input, init) => {
			const url = new URL(input as string, page).href
			asked.push({ url, init })
			if (shut.includes(url) && init?.mode === 'no-cors') return Response.error()
			const answer = answers[url]
			if (answer === undefined || shut.includes(url)) throw new TypeError('Failed to fetch')
			return answer()
		},
	})
	return { api, asked: () => asked.map(({ url }) => url), requests: asked }
}
const PAGES = 'https://pages.example'
const AT = `${PAGES}/watch/r`
const API = 'https://api.example/config.json'

describe('an app below a path of its host', () => {
	it.each([
		['https://a.example/', '', 'https://a.example/'],
		['https://a.example/r?x=1#CODE', '', 'https://a.example/'],
		['https://a.example/watch/', '/watch', 'https://a.example/watch/'],
		['https://a.example/watch/login#back=%2F', '/watch', 'https://a.example/watch/'],
		['https://a.example/one/two/settings', '/one/two', 'https://a.example/one/two/'],
	])('[DE1] knows from %s where it is', (page, path, url) => {
		expect(appPathOf(new URL(page))).toBe(path)
		expect(appUrlOf(new URL(page)).href).toBe(url)
	})

	it('[DE1] finds its film, its configuration, a server behind the same path, and that one’s socket', async () => {
		expect(sampleItem(new URL(AT)).media).toMatchObject({ url: `${PAGES}/watch/film/saltmarsh.mp4` })
		const { api, asked } = apiAt(AT, { [`${PAGES}/watch/config.json`]: config })
		expect(await api.socketUrl()).toBe('wss://pages.example/watch/ws')
		await api.keySet()
		expect(api.pictureUrl('p')).toBe('/watch/api/pictures/p')
		expect(asked()).toEqual([`${PAGES}/watch/config.json`, `${PAGES}/watch/.well-known/jwks.json`])
	})
})

describe('a server elsewhere', () => {
	it('[DE3] is named by one line beside the pages and asked for the rest, with what stands for cookies', async () => {
		const { api, asked, requests } = apiAt(
			AT,
			{ [`${PAGES}/watch/config.json`]: note('https://api.example/'), [API]: config },
			{ headers: { authorization: 'Bearer x' } },
		)
		const known = await api.config()
		expect(known).toMatchObject({
			type: 'ok',
			value: { server: 'https://api.example', audience: CONFIG.audience },
		})
		expect(await api.socketUrl()).toBe('wss://api.example/ws')
		expect(api.pictureUrl('p')).toBe('https://api.example/api/pictures/p')
		expect(asked()).toEqual([`${PAGES}/watch/config.json`, API])
		expect(requests.map(({ init }) => init?.headers)).toEqual([{}, { authorization: 'Bearer x' }])
		expect(api.trouble()).toBeNull()
	})

	it('[DE3] is asked itself even where its whole configuration was copied beside the pages', async () => {
		const { api } = apiAt(AT, {
			[`${PAGES}/watch/config.json`]: () =>
				Response.json({ ...CONFIG, audience: 'old', server: 'https://api.example' }),
			[API]: config,
		})
		expect(await api.config()).toMatchObject({
			value: { audience: CONFIG.audience, server: 'https://api.example' },
		})
	})

	const beside = `${PAGES}/watch/config.json`
	const cases: readonly (readonly [
		string,
		Record<string, () => Response>,
		ServerTrouble | null,
		(readonly string[])?,
	])[] = [
		[
			'no configuration beside the page',
			{ [beside]: () => new Response('Not found', { status: 404 }) },
			{ type: 'no-config', url: beside, status: 404 },
		],
		[
			'a page in its place',
			{ [beside]: () => new Response('<!doctype html>') },
			{ type: 'no-config', url: beside, status: 200 },
		],
		['nothing named', { [beside]: note('') }, { type: 'no-config', url: beside, status: 200 }],
		['something else named', { [beside]: note(7) }, { type: 'no-config', url: beside, status: 200 }],
		['a proxy whose server is down', { [beside]: () => new Response('Bad gateway', { status: 502 }) }, null],
		['no network', {}, null],
		['no address', { [beside]: note('api.example') }, { type: 'bad-address', server: 'api.example' }],
		[
			'another kind of address',
			{ [beside]: note('wss://api.example') },
			{ type: 'bad-address', server: 'wss://api.example' },
		],
		[
			'an address without https',
			{ [beside]: note('http://api.example') },
			{ type: 'not-https', server: 'http://api.example' },
		],
		[
			'a server that does not know this page',
			{ [beside]: note('https://api.example') },
			{ type: 'origin-refused', server: 'https://api.example', origin: PAGES },
			[API],
		],
		[
			'no answer',
			{ [beside]: note('https://api.example') },
			{ type: 'silent', server: 'https://api.example' },
		],
		[
			'somebody else’s server',
			{ [beside]: note('https://api.example'), [API]: () => new Response('Welcome to nginx') },
			{ type: 'stranger', server: 'https://api.example', status: 200 },
		],
		[
			'a proxy there whose server is down',
			{ [beside]: note('https://api.example'), [API]: () => new Response('', { status: 503 }) },
			null,
		],
	]
	for (const [what, answers, trouble, shut] of cases)
		it(`[DE4] ${what}: told apart`, async () => {
			const { api } = apiAt(AT, answers, { shut: shut ?? [] })
			expect((await api.config()).type).not.toBe('ok')
			expect(api.trouble()).toEqual(trouble)
			expect(await api.socketUrl()).toBeNull()
		})

	it('[DE4] a server on this machine may speak http to a page of https', async () => {
		const at = 'http://localhost:8080/config.json'
		const { api } = apiAt(AT, { [beside]: note('http://localhost:8080'), [at]: config })
		expect(await api.socketUrl()).toBe('ws://localhost:8080/ws')
	})

	it('[DE4] every trouble is told with what to change, and is over once it is mended', async () => {
		for (const [, answers, trouble] of cases) {
			if (trouble === null || trouble.type === 'page-refused') continue
			const { title, detail } = describeTrouble(trouble)
			expect(title.length).toBeGreaterThan(10)
			expect(detail).toContain('server' in trouble ? trouble.server : trouble.url)
			const mended = { ...answers }
			const { api } = apiAt(AT, mended)
			await api.config()
			mended[beside] = config
			expect((await api.config()).type).toBe('ok')
			expect(api.trouble()).toBeNull()
		}
		expect(
			describeTrouble({ type: 'origin-refused', server: 'https://api.example', origin: PAGES }).detail,
		).toContain(`ALLOWED_ORIGINS=${PAGES}`)
	})

	it('[DE14] a page that may ask but get no socket hears the server’s own words, until it gets a ticket', async () => {
		const signer = {
			publicKey: new Uint8Array(32),
			sign: async () => new Uint8Array(64),
		} as unknown as Signer
		const words = 'This server takes no pages of https://pages.example.'
		let isAllowed = false
		const { api } = apiAt('https://pages.example/', {
			'https://pages.example/config.json': config,
			'https://pages.example/api/tickets': () =>
				isAllowed
					? Response.json({ ticket: 't', expiresAtMs: 2_000 })
					: Response.json({ error: 'not-allowed', message: words }, { status: 403 }),
		})
		const ask = () => api.ticket(signer, 'a.b.c', 'A'.repeat(22) as RoomId, 'B'.repeat(22) as PeerId)
		await ask()
		const trouble = api.trouble()
		expect(trouble).toEqual({ type: 'page-refused', words })
		expect(trouble === null ? '' : describeTrouble(trouble).detail).toBe(words)
		isAllowed = true
		await ask()
		expect(api.trouble()).toBeNull()
	})

	it('[DE4] a room hears of it once, and of the next one anew', async () => {
		let trouble: ServerTrouble | null = { type: 'silent', server: 'https://api.example' }
		let changes = 0
		const heard = Promise.withResolvers<void>()
		const watch = createAwayWatch({ trouble: () => trouble }, () => {
			changes++
			heard.resolve()
		})
		expect(watch.text()).toBeNull()
		await heard.promise
		expect(watch.text()).toContain('https://api.example')
		expect(watch.text()).toContain('https://api.example')
		expect(changes).toBe(1)
		trouble = null
		expect(watch.text()).toBeNull()
	})
})
