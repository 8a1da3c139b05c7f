/**
 * Providers that are down, hang, fail or lie: nobody gets in by them, nobody waits for ever, and the server goes on.
 */
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseIssuers } from '../../signaling/auth/oidc-issuers.ts'
import {
	FAKE_CLIENT_ID,
	hang,
	pourOut,
	reset,
	sendJson,
	sendText,
	startFakeIssuer,
} from '../support/fake-issuer.ts'
import type { Behaviour, FakeIssuer, Route } from '../support/fake-issuer.ts'
import { freePort } from '../support/app.ts'
import { createJar, visit, type Jar } from '../support/oidc-provider.ts'
import { ask } from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

let server: TestServer
let fake: FakeIssuer
let nonce: string
let jar: Jar

const issuersOf = (url: string, more: object = {}) => {
	const list = parseIssuers(
		JSON.stringify([{ id: 'fake', name: 'Fake', issuer: url, clientId: FAKE_CLIENT_ID, ...more }]),
	)
	if (list.type === 'problem') throw new Error(list.problem)
	return list.issuers
}
beforeEach(async () => {
	nonce = ''
	jar = createJar()
	fake = await startFakeIssuer(() => nonce)
	server = await startServer({ issuers: issuersOf(fake.url) }, { providerTimeoutMs: 300 })
})
afterEach(async () => {
	await server.close()
	await fake.close()
})

const base = () => `${server.url}/api/auth/oidc/fake`
/** Where one is sent: to the provider, or back to the sign-in page with a reason. */
const start = async () => new URL((await visit(jar, `${base()}/start`)).location ?? '')
/** What `start`, or coming back with a code, ends with. */
const outcomeOf = (location: string | null): string => {
	const url = new URL(location ?? '')
	if (url.origin !== server.url) return 'away'
	return url.searchParams.get('problem') ?? `signed in at ${url.pathname}`
}
const comeBack = async (query: Record<string, string> = { code: 'a-code' }): Promise<string> => {
	const to = await start()
	if (to.origin !== fake.url) return `start: ${to.searchParams.get('problem') ?? ''}`
	nonce = to.searchParams.get('nonce') ?? ''
	const state = to.searchParams.get('state') ?? ''
	const params = new URLSearchParams({ state, ...query })
	return outcomeOf((await visit(jar, `${base()}/callback?${params.toString()}`)).location)
}
const isSignedIn = async () => {
	const url = `${server.url}/api/account`
	return (await ask(url, { headers: jar.headerFor(url) })).status === 200
}

it('[OI7] a provider that does everything right lets its people in', async () => {
	expect(await comeBack()).toBe('signed in at /')
	expect(await isSignedIn()).toBe(true)
})

const TROUBLE: readonly (readonly [string, Behaviour, string])[] = [
	['answers 500', sendJson({ error: 'server_error' }, 500), 'provider-down'],
	['answers a page of 503', sendText('<h1>Down</h1>', 503, 'text/html'), 'provider-down'],
	['hangs', hang, 'provider-down'],
	['resets the connection', reset, 'provider-down'],
	['answers text that is not JSON', sendText('{"issuer":'), 'provider-nonsense'],
	['answers a page', sendText('<h1>Welcome</h1>', 200, 'text/html'), 'provider-nonsense'],
	['answers nothing', sendText(''), 'provider-nonsense'],
	['answers null', sendJson(null), 'provider-nonsense'],
	['answers a list', sendJson([]), 'provider-nonsense'],
	['answers an empty object', sendJson({}), 'provider-nonsense'],
	['never stops talking', pourOut, 'provider-nonsense'],
	[
		'sends us elsewhere',
		(response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
		'provider-nonsense',
	],
]

describe.each<[Route, string]>([
	['discovery', 'start: '],
	['token', ''],
	['keys', ''],
])('a provider whose %s', (route, prefix) => {
	it.each(TROUBLE)(
		'[OI6] %s lets nobody in, says why, and works again later',
		async (_what, behaviour, why) => {
			fake.behave(route, behaviour)
			expect(await comeBack()).toBe(`${prefix}${why}`)
			expect(await isSignedIn()).toBe(false)
			expect((await ask(`${server.url}/healthz`)).status).toBe(200)
			fake.behave(route, null)
			expect(await comeBack()).toBe('signed in at /')
		},
	)
})

describe('metadata', () => {
	const metadata = () => ({
		issuer: fake.url,
		authorization_endpoint: `${fake.url}/authorize`,
		token_endpoint: `${fake.url}/token`,
		jwks_uri: `${fake.url}/keys`,
	})
	it('[OI7] of another issuer are refused', async () => {
		fake.behave('discovery', sendJson({ ...metadata(), issuer: 'https://accounts.google.com' }))
		expect(await comeBack()).toBe('start: provider-nonsense')
	})
	it.each([
		['javascript:alert(1)'],
		['data:text/html,x'],
		['file:///etc/passwd'],
		['//evil.example'],
		['nonsense'],
		[5],
		[null],
	])('[OI7] that send people to %j are refused', async (address) => {
		fake.behave('discovery', sendJson({ ...metadata(), authorization_endpoint: address }))
		expect(await comeBack()).toBe('start: provider-nonsense')
	})
	it('[OI6] are asked for once, not at each sign-in, and not before the first', async () => {
		expect(fake.asked).toEqual([])
		for (let i = 0; i < 3; i++) expect(await comeBack()).toBe('signed in at /')
		expect(fake.asked.filter((route) => route === 'discovery')).toHaveLength(1)
	})
})

describe('an id token', () => {
	const nowS = () => Math.floor(Date.now() / 1000)

	it.each([
		['by a key that nobody published', 'unknown key'],
		['signed by nobody', 'nobody'],
	] as const)('[OI7] %s lets nobody in', async (_what, signer) => {
		fake.signer = signer
		expect(await comeBack()).toBe('provider-nonsense')
		expect(await isSignedIn()).toBe(false)
	})

	it.each<[string, Record<string, unknown>]>([
		['of another issuer', { iss: 'https://accounts.google.com' }],
		['of no issuer', { iss: undefined }],
		['for somebody else', { aud: 'another-client' }],
		['for several, and not by our leave', { aud: [FAKE_CLIENT_ID, 'other'], azp: 'other' }],
		['for nobody', { aud: undefined }],
		['without a subject', { sub: undefined }],
		['with a subject that is no text', { sub: 5 }],
		['with an endless subject', { sub: 'x'.repeat(300) }],
		['that never expires', { exp: undefined }],
		['that was never issued', { iat: undefined }],
	])('[OI7] %s lets nobody in', async (_what, claims) => {
		fake.claims = claims
		expect(await comeBack()).toBe('provider-nonsense')
		expect(await isSignedIn()).toBe(false)
	})

	it('[OI4] with another nonce, an old one, or none lets nobody in', async () => {
		await comeBack()
		for (const wrong of ['x', nonce, undefined]) {
			fake.claims = { nonce: wrong }
			jar = createJar()
			expect(await comeBack()).toBe('provider-nonsense')
			expect(await isSignedIn()).toBe(false)
		}
	})

	it('[OI7] holds give or take a minute', async () => {
		for (const [expS, outcome] of [
			[nowS() - 50, 'signed in at /'],
			[nowS() - 65, 'provider-nonsense'],
		] as const) {
			fake.claims = { iat: nowS() - 400, exp: expS }
			expect(await comeBack()).toBe(outcome)
		}
		for (const [nbfS, outcome] of [
			[nowS() + 50, 'signed in at /'],
			[nowS() + 70, 'provider-nonsense'],
		] as const) {
			fake.claims = { nbf: nbfS }
			expect(await comeBack()).toBe(outcome)
		}
	})
})

describe('coming back', () => {
	it.each([
		[{ error: 'access_denied' }, 'refused'],
		[{ error: 'login_required', error_description: '<script>alert(1)</script>' }, 'refused'],
		[{ error: 'temporarily_unavailable' }, 'provider-down'],
		[{ error: 'server_error' }, 'provider-down'],
		[{ error: 'invalid_scope' }, 'provider-nonsense'],
		[{ error: '<b>' }, 'provider-nonsense'],
		[{}, 'provider-nonsense'],
		[{ code: '' }, 'provider-nonsense'],
	])('[OI6] with %j ends at the sign-in page', async (query, problem) => {
		expect(await comeBack(query)).toBe(problem)
		expect(fake.asked).not.toContain('token')
	})

	it('[OI4] with a code that the provider does not take says that it has run out', async () => {
		fake.behave('token', sendJson({ error: 'invalid_grant' }, 400))
		expect(await comeBack()).toBe('expired')
	})
	it('[OI6] while our own secret is refused is the provider’s trouble to the person', async () => {
		fake.behave('token', sendJson({ error: 'invalid_client' }, 401))
		expect(await comeBack()).toBe('provider-nonsense')
	})
	it('[OI7] without an id token lets nobody in', async () => {
		fake.behave('token', sendJson({ access_token: 'a', token_type: 'Bearer' }))
		expect(await comeBack()).toBe('provider-nonsense')
	})
})

it('[OI2] userinfo that fails, hangs or is somebody else’s costs the name, not the sign-in', async () => {
	fake.claims = { name: undefined }
	for (const [index, behaviour] of [
		sendJson({ sub: 'somebody-else', name: 'Mallory' }),
		sendJson({}, 500),
		hang,
		pourOut,
	].entries()) {
		fake.behave('userinfo', behaviour)
		fake.claims = { name: undefined, sub: `person-${String(index)}` }
		expect(await comeBack()).toBe('signed in at /')
		const url = `${server.url}/api/account`
		expect((await ask(url, { headers: jar.headerFor(url) })).body['name']).toBe('Fake account')
	}
})

it('[OI6] the server starts without its provider, says that it is down, and finds it once it is there', async () => {
	const port = await freePort()
	const url = `http://127.0.0.1:${String(port)}`
	const alone = await startServer({ issuers: issuersOf(url) }, { providerTimeoutMs: 300 })
	try {
		const startUrl = `${alone.url}/api/auth/oidc/fake/start`
		expect((await visit(jar, startUrl)).location).toBe(`${alone.url}/login?problem=provider-down`)
		const late = createServer((_request, response) => {
			sendJson({
				issuer: url,
				authorization_endpoint: `${url}/authorize`,
				token_endpoint: `${url}/token`,
				jwks_uri: `${url}/keys`,
			})(response)
		})
		await new Promise<void>((resolve) => late.listen(port, '127.0.0.1', resolve))
		try {
			expect((await visit(jar, startUrl)).location).toMatch(new RegExp(`^${url}/authorize`))
		} finally {
			late.closeAllConnections()
			late.close()
		}
	} finally {
		await alone.close()
	}
})
