/**
 * The door password: before it was given, nothing that holds anybody's data opens.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { apiError } from '#lib/protocol/http.ts'
import { createAccountClient } from '../support/account-client.ts'
import type { Answer } from '../support/ws-client.ts'
import { startServer, type ConfigChange, type TestServer } from '../support/ws-server.ts'

const PAGES = 'https://pages.example'
const PASSWORD = 'open sesame'
let server: TestServer
const start = (change: ConfigChange = {}): Promise<TestServer> =>
	startServer({ doorPassword: PASSWORD, allowedOrigins: [PAGES], ...change })
beforeEach(async () => {
	server = await start({ limits: { doorTriesPerMinute: 5 } })
})
afterEach(() => server.close())

const errorOf = (answer: Answer): [number, string] => {
	const error = apiError.parse(answer.body)
	if (error === undefined) throw new Error(`not an error of ours: ${JSON.stringify(answer.body)}`)
	return [answer.status, error.error]
}
const knock = (client: ReturnType<typeof createAccountClient>, password = PASSWORD): Promise<Answer> =>
	client.ask('POST', '/api/door', { password })

/** How the upgrade was answered: 101, or the status of the refusal. */
const upgrade = (path: string, headers: Record<string, string> = {}): Promise<number> =>
	new Promise((resolve, reject) => {
		const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers })
		socket.on('open', () => {
			socket.terminate()
			resolve(101)
		})
		socket.on('unexpected-response', (_request, response) => {
			response.resume()
			resolve(response.statusCode ?? 0)
		})
		socket.on('error', reject)
	})

const ROUTES = [
	['GET', '/api/account'],
	['POST', '/api/account'],
	['POST', '/api/account/password'],
	['POST', '/api/account/delete'],
	['GET', '/api/account/devices'],
	['DELETE', '/api/account/devices/x'],
	['GET', '/api/account/export'],
	['PUT', '/api/account/picture'],
	['DELETE', '/api/account/picture'],
	['GET', '/api/pictures/AAAAAAAAAAAAAAAAAAAAAA'],
	['HEAD', '/api/pictures/AAAAAAAAAAAAAAAAAAAAAA'],
	['POST', '/api/auth/sign-up'],
	['POST', '/api/auth/sign-in'],
	['POST', '/api/auth/sign-out'],
	['POST', '/api/identity'],
	['POST', '/api/tickets'],
	['GET', '/api/rooms/AAAAAAAAAAAAAAAAAAAAAA'],
	['PUT', '/api/rooms/AAAAAAAAAAAAAAAAAAAAAA'],
	['POST', '/api/rooms/AAAAAAAAAAAAAAAAAAAAAA/orders'],
	['GET', '/%61pi/account'],
	['GET', '/api/%61ccount'],
	['POST', '/%61pi/identity'],
] as const

describe('a closed door', () => {
	it.each(ROUTES)('[AU12] keeps %s %s', async (method, path) => {
		const body = method === 'POST' || method === 'PUT' ? {} : undefined
		const answer = await createAccountClient(server.url).ask(method, path, body)
		expect(answer.status).toBe(401)
		if (method !== 'HEAD') expect(errorOf(answer)).toEqual([401, 'door-closed'])
	})

	it('[AU12] leaves open what holds nobody\u2019s data', async () => {
		const client = createAccountClient(server.url)
		for (const path of ['/config.json', '/healthz', '/.well-known/jwks.json'])
			expect((await client.ask('GET', path)).status).toBe(200)
	})

	it('[AU12] is closed to stock apps of y-webrtc too', async () => {
		expect(await upgrade('/y-webrtc')).toBe(401)
		expect(await upgrade('/y-webrtc?x')).toBe(401)
		const client = createAccountClient(server.url)
		await knock(client)
		expect(await upgrade('/y-webrtc', { cookie: `door=${client.cookies.get('door') ?? ''}` })).toBe(101)
		expect(await upgrade('/y-webrtc', { cookie: `door=${'9'.repeat(10)}.${'A'.repeat(43)}` })).toBe(401)
		expect(server.app.counters.count('door-closed')).toBe(3)
	})
})

describe('giving the door password', () => {
	it('[AU12] opens everything for 30 days, by a cookie that no script reads', async () => {
		const client = createAccountClient(server.url)
		const answer = await knock(client)
		expect([answer.status, answer.body]).toEqual([200, {}])
		expect(answer.headers.getSetCookie()[0]).toMatch(
			/^door=\d+\.[A-Za-z0-9_-]{43}; HttpOnly; Max-Age=2592000; Path=\/; SameSite=Lax$/,
		)
		expect((await client.signUp('alice')).status).toBe(201)
		expect((await client.ask('GET', '/api/account')).status).toBe(200)
	})

	it('[AU12] gives a page of an allowed origin its pass in the answer, for a header', async () => {
		const page = createAccountClient(server.url, { origin: PAGES })
		const answer = await knock(page)
		expect(answer.headers.getSetCookie()).toEqual([])
		const headers = { 'x-matinee-door': String(answer.body['door']) }
		expect(errorOf(await page.ask('GET', '/api/account', undefined, headers))).toEqual([401, 'signed-out'])
		expect(errorOf(await page.ask('GET', '/api/account'))).toEqual([401, 'door-closed'])
	})

	it('[AU12] other pages cannot knock', async () => {
		const evil = createAccountClient(server.url, { origin: 'https://evil.example' })
		expect(errorOf(await knock(evil))).toEqual([403, 'not-allowed'])
	})

	it('[AU12] five wrong ones a minute, then 429 with how long to wait; right ones do not count', async () => {
		const client = createAccountClient(server.url)
		for (let times = 0; times < 8; times++)
			expect((await knock(createAccountClient(server.url))).status).toBe(200)
		for (let tries = 0; tries < 5; tries++)
			expect(errorOf(await knock(client, `guess ${String(tries)}`))).toEqual([401, 'wrong-password'])
		const sixth = await knock(client)
		expect(errorOf(sixth)).toEqual([429, 'too-many-requests'])
		expect(sixth.body['message']).toMatch(/try again in \d+ seconds/)
		expect(client.cookies.size).toBe(0)
	})

	it('[AU9] what only the door\u2019s cookie vouches for comes from a page of this server too', async () => {
		const client = createAccountClient(server.url)
		await knock(client)
		for (const origin of [undefined, 'null', 'https://evil.example'])
			expect(errorOf(await client.ask('POST', '/api/identity', {}, { origin }))).toEqual([403, 'not-allowed'])
	})

	it('[AU12] there is nothing to give where there is no door', async () => {
		const open = await start({ doorPassword: null })
		try {
			const client = createAccountClient(open.url)
			expect(errorOf(await knock(client))).toEqual([403, 'not-offered'])
			expect((await client.signUp('alice')).status).toBe(201)
		} finally {
			await open.close()
		}
	})
})
