/**
 * Signing in with a real OpenID Connect provider, as a browser does it, and what becomes of everything that is not
 * quite that.
 */
import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountView, sessionAnswer } from '#lib/protocol/accounts.ts'
import { apiError, clientConfig, identityAnswer } from '#lib/protocol/http.ts'
import type { AppDeps } from '../../signaling/app.ts'
import { parseIssuers } from '../../signaling/auth/oidc-issuers.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import { StoreUnavailable } from '../../signaling/store/sql.ts'
import { freePort } from '../support/app.ts'
import {
	createJar,
	startProvider,
	visit,
	walk,
	type Jar,
	type TestProvider,
	type TestProviderOptions,
} from '../support/oidc-provider.ts'
import { ask, audienceOf, newDevice, type Answer } from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

let server: TestServer
let provider: TestProvider
/** What the server's clock is ahead of ours. */
let aheadMs: number
const closers: (() => Promise<void>)[] = []
beforeEach(() => {
	aheadMs = 0
})
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close()
})

const issuersOf = (...entries: readonly unknown[]) => {
	const list = parseIssuers(JSON.stringify(entries))
	if (list.type === 'problem') throw new Error(list.problem)
	return list.issuers
}

interface SetUp {
	readonly provider?: Partial<TestProviderOptions>
	readonly config?: ConfigChange
	readonly app?: AppDeps
}
const setUp = async (options: SetUp = {}): Promise<void> => {
	const port = await freePort()
	const url = `http://127.0.0.1:${String(port)}`
	provider = await startProvider({
		redirectUris: [`${url}/api/auth/oidc/work/callback`],
		...options.provider,
	})
	closers.push(() => provider.close())
	server = await startServer(
		{ port, issuers: issuersOf(provider.issuerEntry('work', 'Work')), ...options.config },
		{ nowMs: () => Date.now() + aheadMs, ...options.app },
	)
	closers.push(() => server.close())
}

const startUrl = (query = '') => `${server.url}/api/auth/oidc/work/start${query}`
const isCallback = (url: string) => url.includes('/api/auth/oidc/work/callback')
const toCallback = (jar: Jar, login: string, query = '') => walk(jar, startUrl(query), login, isCallback)
const signIn = async (jar: Jar, login: string, query = '') => visit(jar, await toCallback(jar, login, query))
const whoIs = async (jar: Jar) => {
	const url = `${server.url}/api/account`
	const { status, body } = await ask(url, { headers: jar.headerFor(url) })
	return status === 200 ? accountView.parse(body) : null
}
/** The reason that the page at /login is given, on this very origin. */
const problemIn = (location: string | null): string | null => {
	const url = new URL(location ?? '', server.url)
	expect([url.origin, url.pathname, url.hash]).toEqual([server.url, '/login', ''])
	return url.searchParams.get('problem')
}
const errorOf = (answer: Answer): [number, string | undefined] => [
	answer.status,
	apiError.parse(answer.body)?.error,
]
const changed = (url: string, change: Record<string, string | null>): string => {
	const out = new URL(url)
	for (const [key, value] of Object.entries(change))
		if (value === null) out.searchParams.delete(key)
		else out.searchParams.set(key, value)
	return out.href
}

describe('somebody who signs in with a provider', () => {
	it('[OI1] is sent there and comes back signed in, to the page it was begun from', async () => {
		await setUp()
		const { body } = await ask(`${server.url}/config.json`)
		expect(clientConfig.parse(body)?.auth.issuers).toEqual([{ id: 'work', name: 'Work' }])
		const jar = createJar()
		const page = await signIn(jar, 'alice', '?return=/settings')
		expect([page.status, page.location]).toEqual([302, `${server.url}/settings`])
		expect(await whoIs(jar)).toMatchObject({ kind: 'oidc', name: 'alice', username: null, provider: 'Work' })
		expect(jar.names().filter((name) => name.startsWith('oidc-'))).toEqual([])
	})

	it('[OI1] is the same account the next time, on another device too, and somebody else is another', async () => {
		await setUp()
		const [laptop, phone, other] = [createJar(), createJar(), createJar()]
		for (const [jar, login] of [
			[laptop, 'alice'],
			[phone, 'alice'],
			[other, 'bob'],
		] as const)
			await signIn(jar, login)
		const subjects = [await whoIs(laptop), await whoIs(phone), await whoIs(other)].map(
			(account) => account?.subject,
		)
		expect(subjects[0]).toMatch(/^a_[A-Za-z0-9_-]{22}$/)
		expect(subjects[1]).toBe(subjects[0])
		expect(subjects[2]).not.toBe(subjects[0])
	})

	it('[OI1] two tabs of one browser sign in side by side', async () => {
		await setUp()
		const jar = createJar()
		const callbacks = [await toCallback(jar, 'alice'), await toCallback(jar, 'alice')]
		for (const url of callbacks) expect((await visit(jar, url)).location).toBe(`${server.url}/`)
	})

	it('[OI1] a provider that wants the secret in the body gets it there', async () => {
		await setUp({ provider: { authMethod: 'client_secret_post' } })
		const jar = createJar()
		await signIn(jar, 'alice')
		expect(await whoIs(jar)).not.toBeNull()
	})

	it('[SG42] has the account’s identity: its name, its subject, whatever name the device sends', async () => {
		await setUp()
		const jar = createJar()
		await signIn(jar, 'alice')
		const device = newDevice()
		const atMs = Date.now()
		const name = 'Not Alice'
		const proof = device.prove(`matinee-identity-1|${await audienceOf(server.url)}|${String(atMs)}|${name}`)
		const url = `${server.url}/api/identity`
		const { body } = await ask(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: server.url, ...jar.headerFor(url) },
			body: JSON.stringify({ jwk: device.jwk, name, atMs, proof }),
		})
		expect(identityAnswer.parse(body)).toMatchObject({
			subject: (await whoIs(jar))?.subject,
			name: 'alice',
			isAccount: true,
			picture: null,
		})
	})

	it.each([
		[
			'the name in the id token',
			{ hasNamesInIdToken: true, claims: () => ({ name: 'Alice A.' }) },
			'Alice A.',
		],
		['the name that only userinfo tells', { claims: () => ({ name: 'Alice A.' }) }, 'Alice A.'],
		['the username where there is no name', { claims: () => ({ preferred_username: 'ali' }) }, 'ali'],
		[
			'a name without what hides in it',
			{ claims: () => ({ name: '  Ali\u202Ece\u0000 \n B ' }) },
			'Ali ce B',
		],
		['a long name, cut', { claims: () => ({ name: 'x'.repeat(200) }) }, 'x'.repeat(32)],
		[
			'the username where nothing of the name is left',
			{ claims: () => ({ name: '\u200B\u200B', preferred_username: 'ali' }) },
			'ali',
		],
		['something where nothing was told', { claims: () => ({}) }, 'Work account'],
	])('[OI2] is called by %s', async (_what, options, name) => {
		await setUp({ provider: options })
		const jar = createJar()
		await signIn(jar, 'alice')
		expect(await whoIs(jar)).toMatchObject({ name, picture: null })
	})

	it('[OI2] is called by what stands before the @ where there is nothing but an address', async () => {
		await setUp({ provider: { claims: () => ({ email: 'ali@example.org' }) } })
		await server.close()
		const entry = { ...provider.issuerEntry('work', 'Work'), scope: 'openid email' }
		server = await startServer({ port: server.port, issuers: issuersOf(entry) })
		const jar = createJar()
		await signIn(jar, 'alice')
		expect(await whoIs(jar)).toMatchObject({ name: 'ali' })
	})

	it('[OI12] has a new session, and the one before is over', async () => {
		await setUp()
		const jar = createJar()
		await signIn(jar, 'alice')
		const before = jar.headerFor(`${server.url}/api/account`)
		expect(before['cookie']).toMatch(/^sid=/)
		await signIn(jar, 'alice')
		expect(await whoIs(jar)).toMatchObject({ name: 'alice' })
		expect(jar.headerFor(`${server.url}/api/account`)).not.toEqual(before)
		expect((await ask(`${server.url}/api/account`, { headers: before })).status).toBe(401)
	})

	it('[OI12] is in the audit log, and nothing there lets anybody in', async () => {
		const events: object[] = []
		await setUp({ app: { auditLog: (_atMs, event) => void events.push(event) } })
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		await visit(jar, callback)
		await visit(createJar(), callback)
		const account = (await whoIs(jar))?.subject
		expect(events).toContainEqual(expect.objectContaining({ type: 'signed-up', account }))
		expect(events).toContainEqual(expect.objectContaining({ type: 'signed-in', kind: 'oidc', account }))
		const text = JSON.stringify(events)
		const { searchParams } = new URL(callback)
		for (const secret of [
			searchParams.get('code') ?? '?',
			searchParams.get('state') ?? '?',
			provider.clientSecret,
			jar.headerFor(server.url)['cookie']?.split('=')[1] ?? '?',
		])
			expect(text).not.toContain(secret)
	})
})

describe('coming back from a provider', () => {
	beforeEach(() => setUp())

	it('[OI3] counts once: again it is told to have been used', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		expect((await visit(jar, callback)).location).toBe(`${server.url}/`)
		expect(problemIn((await visit(jar, callback)).location)).toBe('reused')
		expect(await whoIs(jar)).not.toBeNull()
		expect(server.app.counters.count('oidc-reused')).toBe(1)
	})

	it('[OI3] of two at once with one cookie one goes on', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		const headers = jar.headerFor(callback)
		const places = await Promise.all(
			[1, 2, 3].map(async () =>
				(await fetch(callback, { redirect: 'manual', headers })).headers.get('location'),
			),
		)
		expect(places.sort()).toEqual(['/', '/login?problem=reused', '/login?problem=reused'])
	})

	it('[OI3] after ten minutes is too late', async () => {
		const jar = createJar()
		const [late, inTime] = [await toCallback(jar, 'alice'), await toCallback(jar, 'alice')]
		aheadMs = 9 * 60_000
		expect((await visit(jar, inTime)).location).toBe(`${server.url}/`)
		aheadMs = 10 * 60_000 + 5_000
		expect(problemIn((await visit(jar, late)).location)).toBe('expired')
	})

	it('[OI3] without a state, with another, or without the cookie is refused', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		for (const state of [null, '', '0', 'x', '0'.repeat(5_000), '__proto__'])
			expect(problemIn((await visit(jar, changed(callback, { state }))).location)).toBe('expired')
		const twice = `${callback}&state=${new URL(callback).searchParams.get('state') ?? ''}`
		expect(problemIn((await visit(jar, twice)).location)).toBe('expired')
		expect(await whoIs(jar)).toBeNull()
		expect((await visit(jar, callback)).location).toBe(`${server.url}/`)
	})

	it('[OI3] is for the browser it was begun in: a link from somebody else’s signs nobody in', async () => {
		const [mallory, alice] = [createJar(), createJar()]
		const callback = await toCallback(mallory, 'mallory')
		expect(problemIn((await visit(alice, callback)).location)).toBe('expired')
		await toCallback(alice, 'alice')
		expect(problemIn((await visit(alice, callback)).location)).toBe('expired')
		expect(await whoIs(alice)).toBeNull()
	})

	it('[OI3] a cookie that was altered, or made by another server, is none', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		const cookie = jar.headerFor(callback)['cookie'] ?? ''
		const flow = /oidc-0=([A-Za-z0-9_-]+)/.exec(cookie)?.[1] ?? ''
		const foreign = await startServer({ issuers: issuersOf(provider.issuerEntry('work', 'Work')) })
		closers.push(() => foreign.close())
		const other = createJar()
		await visit(other, `${foreign.url}/api/auth/oidc/work/start`)
		const bytes = Buffer.from(flow, 'base64url')
		bytes[40] = (bytes[40] ?? 0) ^ 1
		for (const value of [
			'',
			'x',
			'AAAA',
			flow.slice(0, -1),
			`${flow}A`,
			bytes.toString('base64url'),
			/oidc-0=([A-Za-z0-9_-]+)/.exec(other.headerFor(foreign.url)['cookie'] ?? '')?.[1] ?? '?',
		]) {
			const response = await fetch(callback, {
				redirect: 'manual',
				headers: { cookie: `oidc-0=${value}` },
			})
			expect(problemIn(response.headers.get('location'))).toBe('expired')
		}
	})

	it('[OI3] is not used up by a program that only asks for the head', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		await fetch(callback, { method: 'HEAD', redirect: 'manual', headers: jar.headerFor(callback) })
		expect((await visit(jar, callback)).location).toBe(`${server.url}/`)
	})

	it('[OI4] with a code from another’s sign-in lets nobody in', async () => {
		const [mallory, alice] = [createJar(), createJar()]
		const stolen = new URL(await toCallback(mallory, 'mallory')).searchParams.get('code')
		const own = await toCallback(alice, 'alice')
		const { location } = await visit(alice, changed(own, { code: stolen }))
		// The provider bound that code to another PKCE challenge.
		expect(problemIn(location)).toBe('expired')
		expect(await whoIs(alice)).toBeNull()
	})

	it('[OI4] named by another issuer than was asked is refused', async () => {
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		const { location } = await visit(jar, changed(callback, { iss: 'https://evil.example' }))
		expect(problemIn(location)).toBe('provider-nonsense')
	})

	it('[OI4] at the door of another provider than was asked is refused, and uses up nothing', async () => {
		const port = await freePort()
		const url = `http://127.0.0.1:${String(port)}`
		const both = await startProvider({
			redirectUris: [`${url}/api/auth/oidc/work/callback`, `${url}/api/auth/oidc/home/callback`],
		})
		closers.push(() => both.close())
		const issuers = issuersOf(both.issuerEntry('work', 'Work'), both.issuerEntry('home', 'Home'))
		server = await startServer({ port, issuers })
		closers.push(() => server.close())
		const jar = createJar()
		const callback = await toCallback(jar, 'alice')
		const mixedUp = callback.replace('/oidc/work/', '/oidc/home/')
		expect(mixedUp).not.toBe(callback)
		expect(problemIn((await visit(jar, mixedUp)).location)).toBe('expired')
		expect((await visit(jar, callback)).location).toBe(`${server.url}/`)
	})

	it('[OI6] because the person said no says so', async () => {
		const jar = createJar()
		const callback = await walk(jar, startUrl(), 'alice', isCallback, 'no')
		expect(problemIn((await visit(jar, callback)).location)).toBe('refused')
	})

	it('[OI6] at an issuer that is none here ends at the sign-in page', async () => {
		for (const path of ['nobody/start', 'nobody/callback?state=0', '__proto__/start'])
			expect(['not-offered', 'expired']).toContain(
				problemIn((await visit(createJar(), `${server.url}/api/auth/oidc/${path}`)).location),
			)
	})
})

describe('the page to come back to', () => {
	beforeEach(() => setUp())

	it.each(['/', '/r', '/login', '/settings'])('[OI5] is %s where that was asked for', async (path) => {
		const { location } = await signIn(createJar(), 'alice', `?return=${encodeURIComponent(path)}`)
		expect(location).toBe(`${server.url}${path}`)
	})

	it('[OI5] is the front page for whatever else was asked for', async () => {
		const evil = [
			'//evil.example',
			'/\\evil.example',
			'\\\\evil.example',
			'\\/evil.example',
			'https:evil.example',
			'https://evil.example',
			'https:/evil.example',
			'http:///evil.example',
			'/%2f/evil.example',
			'/%5cevil.example',
			'//evil.example/%2e%2e',
			'///evil.example',
			'/.//evil.example',
			'/..//evil.example',
			'/r/../../evil.example',
			'/r@evil.example',
			'/r#//evil.example',
			'/r?next=//evil.example',
			'/r ',
			' /r',
			'/r\t',
			'/\tr',
			'/\n/evil.example',
			'/r\r\nset-cookie: a=b',
			'/\u0000/evil.example',
			'/\u2028/evil.example',
			'/／evil.example',
			'javascript:alert(1)',
			'data:text/html,x',
			'.evil.example',
			'@evil.example',
			'evil.example',
			'/api/auth/sign-out',
			'/dev',
			'',
			'x'.repeat(5_000),
		]
		// Each flow is at its callback's door; the provider's part is the same for all.
		const jar = createJar()
		await signIn(jar, 'alice')
		for (const path of evil) {
			const { location } = await signIn(jar, 'alice', `?return=${encodeURIComponent(path)}`)
			expect([path, location]).toEqual([path, `${server.url}/`])
		}
		expect((await signIn(jar, 'alice', '?return=/r&return=//evil.example')).location).toBe(`${server.url}/`)
	})
})

describe('a page of another origin', () => {
	const origin = 'https://pages.example'
	const verifier = randomBytes(32).toString('base64url')
	const challengeOf = (text: string) => createHash('sha256').update(text).digest('base64url')
	const query = `?client=${encodeURIComponent(origin)}&challenge=${challengeOf(verifier)}`
	const exchange = (code: string, change: { verifier?: string; origin?: string | null } = {}) => {
		const from = change.origin === undefined ? origin : change.origin
		return ask(`${server.url}/api/auth/exchange`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...(from === null ? {} : { origin: from }) },
			body: JSON.stringify({ code, verifier: change.verifier ?? verifier }),
		})
	}
	/** What stands behind the # of the page that one comes back to. */
	const codeFor = async (login: string, jar = createJar()): Promise<string> => {
		const { location } = await signIn(jar, login, query)
		const url = new URL(location ?? '')
		expect([url.origin, url.pathname, url.search]).toEqual([origin, '/login', ''])
		expect(jar.names().filter((name) => name === 'sid')).toEqual([])
		return url.hash.replace('#code=', '')
	}
	beforeEach(() => setUp({ config: { allowedOrigins: [origin, 'https://other.example'] } }))

	it('[OI8] comes back with a code and gets its session for it, and no cookie', async () => {
		const answer = await exchange(await codeFor('alice'))
		expect(answer.status).toBe(200)
		expect(answer.headers.getSetCookie()).toEqual([])
		const { account, session } = sessionAnswer.parse(answer.body) ?? {}
		expect(account).toMatchObject({ name: 'alice', kind: 'oidc' })
		const { status, body } = await ask(`${server.url}/api/account`, {
			headers: { origin, authorization: `Bearer ${session ?? ''}` },
		})
		expect([status, body['subject']]).toEqual([200, account?.subject])
	})

	it('[OI8] gets it once', async () => {
		const code = await codeFor('alice')
		const answers = await Promise.all([exchange(code), exchange(code), exchange(code)])
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
		expect(errorOf(await exchange(code))).toEqual([401, 'bad-proof'])
	})

	it('[OI8] gets it within a minute', async () => {
		const [late, inTime] = [await codeFor('alice'), await codeFor('alice')]
		aheadMs += 55_000
		expect((await exchange(inTime)).status).toBe(200)
		aheadMs += 6_000
		expect(errorOf(await exchange(late))).toEqual([401, 'bad-proof'])
	})

	it('[OI8] needs its own PKCE verifier, and to be the page that asked', async () => {
		const code = await codeFor('alice')
		for (const wrong of [randomBytes(32).toString('base64url'), challengeOf(verifier), `${verifier}x`])
			expect(errorOf(await exchange(code, { verifier: wrong }))).toEqual([401, 'bad-proof'])
		expect(errorOf(await exchange(code, { origin: 'https://other.example' }))).toEqual([401, 'bad-proof'])
		expect(errorOf(await exchange(code, { origin: 'https://evil.example' }))).toEqual([403, 'not-allowed'])
		expect(errorOf(await exchange(code, { origin: server.url }))).toEqual([401, 'bad-proof'])
		expect(errorOf(await exchange(code, { origin: null }))).toEqual([401, 'bad-proof'])
		expect((await exchange(code)).status).toBe(200)
	})

	it('[OI8] a code that was altered or made up is none', async () => {
		const code = await codeFor('alice')
		const bytes = Buffer.from(code, 'base64url')
		bytes[20] = (bytes[20] ?? 0) ^ 1
		for (const bad of [
			bytes.toString('base64url'),
			code.slice(0, -4),
			randomBytes(90).toString('base64url'),
			'A',
		])
			expect(errorOf(await exchange(bad))).toEqual([401, 'bad-proof'])
		for (const none of ['', 'x'.repeat(129), 'a b'])
			expect(errorOf(await exchange(none))).toEqual([400, 'bad-request'])
	})

	it('[OI8] that is not allowed here, or brings no challenge, is not sent anywhere', async () => {
		for (const bad of [
			`?client=https://evil.example&challenge=${challengeOf(verifier)}`,
			`?client=${origin}.evil.example&challenge=${challengeOf(verifier)}`,
			`?client=${origin}/&challenge=${challengeOf(verifier)}`,
			`?client=null&challenge=${challengeOf(verifier)}`,
			`?client=${origin}`,
			`?client=${origin}&challenge=short`,
			`?client=${origin}&client=https://evil.example&challenge=${challengeOf(verifier)}`,
		]) {
			const page = await visit(createJar(), startUrl(bad))
			expect([page.status, page.location]).toEqual([400, null])
		}
	})

	it('[OI8] below a path of its origin it comes back there, with its code and with trouble alike', async () => {
		const below = `${query}&path=${encodeURIComponent('/watch/club')}`
		const { location } = await signIn(createJar(), 'alice', below)
		const url = new URL(location ?? '')
		expect([url.origin, url.pathname, url.search]).toEqual([origin, '/watch/club/login', ''])
		expect((await exchange(url.hash.replace('#code=', ''))).status).toBe(200)
		const jar = createJar()
		const callback = await walk(jar, startUrl(below), 'alice', isCallback, 'no')
		expect((await visit(jar, callback)).location).toBe(`${origin}/watch/club/login?problem=refused`)
	})

	it('[OI8] a path that leads elsewhere is not gone to', async () => {
		for (const path of [
			'watch',
			'/watch/',
			'//evil.example',
			'/..',
			'/a/../b',
			'/a\\b',
			'/%2e%2e',
			'/a?b',
			'/a#b',
			`/${'x'.repeat(200)}`,
		]) {
			const page = await visit(createJar(), startUrl(`${query}&path=${encodeURIComponent(path)}`))
			expect([path, page.status, page.location]).toEqual([path, 400, null])
		}
	})

	it('[OI8] hears of trouble on its own sign-in page', async () => {
		const jar = createJar()
		const callback = await walk(jar, startUrl(query), 'alice', isCallback, 'no')
		expect((await visit(jar, callback)).location).toBe(`${origin}/login?problem=refused`)
	})

	it('[OI11] may go to the provider before the door is opened, and gets nothing before it is', async () => {
		await server.close()
		server = await startServer({
			port: server.port,
			issuers: issuersOf(provider.issuerEntry('work', 'Work')),
			allowedOrigins: [origin],
			doorPassword: 'open sesame',
		})
		const page = await visit(createJar(), startUrl())
		expect([page.status, page.location]).toEqual([401, null])
		const code = await codeFor('alice')
		expect(errorOf(await exchange(code))).toEqual([401, 'door-closed'])
		const opened = await ask(`${server.url}/api/door`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin },
			body: JSON.stringify({ password: 'open sesame' }),
		})
		const answer = await ask(`${server.url}/api/auth/exchange`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				origin,
				'x-matinee-door': String(opened.body['door']),
			},
			body: JSON.stringify({ code, verifier }),
		})
		expect(answer.status).toBe(200)
	})
})

it('[OI6] while the store is away people are told so, and may try again', async () => {
	const working = createMemoryStore()
	let isAway = false
	await setUp({
		app: {
			store: {
				...working,
				accounts: {
					...working.accounts,
					byKey: (key) =>
						isAway ? Promise.reject(new StoreUnavailable('away')) : working.accounts.byKey(key),
				},
			},
		},
	})
	const jar = createJar()
	isAway = true
	expect(problemIn((await signIn(jar, 'alice')).location)).toBe('unavailable')
	isAway = false
	expect((await signIn(jar, 'alice')).location).toBe(`${server.url}/`)
})

it('[OI10] without PUBLIC_ORIGIN people come back to this machine only, whatever the Host header says', async () => {
	await setUp()
	const { request } = await import('node:http')
	const locationFor = (host: string) =>
		new Promise<string>((resolve, reject) => {
			const { port } = server
			const asked = request({ port, host: '127.0.0.1', path: '/api/auth/oidc/work/start', headers: { host } })
			asked.on('response', (response) => {
				response.resume()
				resolve(response.headers.location ?? '')
			})
			asked.on('error', reject)
			asked.end()
		})
	for (const host of [
		'evil.example',
		'127.0.0.1.evil.example',
		'localhost.evil.example',
		'127.0.0.1@evil.example',
	])
		expect(await locationFor(host)).toBe('/login?problem=not-offered')
	const good = new URL(await locationFor(`127.0.0.1:${String(server.port)}`))
	expect(good.origin).toBe(provider.url)
})

it('[OI10] with PUBLIC_ORIGIN they come back there, and the cookies are for https', async () => {
	await setUp({ config: { publicOrigin: 'https://watch.example' } })
	const response = await fetch(startUrl(), { redirect: 'manual' })
	const to = new URL(response.headers.get('location') ?? '')
	expect(to.searchParams.get('redirect_uri')).toBe('https://watch.example/api/auth/oidc/work/callback')
	expect(response.headers.getSetCookie()).toEqual([
		expect.stringMatching(/^__Host-oidc-0=[\w-]+; HttpOnly; Max-Age=600; Path=\/; SameSite=Lax; Secure$/),
	])
	expect(response.headers.get('cache-control')).toBe('no-store')
	for (const [key, pattern] of [
		['state', /^.{40,}$/],
		['nonce', /^.{40,}$/],
		['code_challenge', /^[\w-]{43}$/],
		['code_challenge_method', /^S256$/],
		['response_type', /^code$/],
	] as const)
		expect(to.searchParams.get(key)).toMatch(pattern)
})

it('[SG25] going to a provider is counted by address', async () => {
	await setUp({ config: { limits: { identitiesPerMinute: 2 } } })
	const statuses = []
	for (let i = 0; i < 3; i++) statuses.push((await visit(createJar(), startUrl())).status)
	expect(statuses).toEqual([302, 302, 429])
})
