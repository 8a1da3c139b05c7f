/**
 * The account page over HTTP: name, password, devices, picture, export, deletion.
 */
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountDevices, accountView } from '#lib/protocol/accounts.ts'
import { apiError } from '#lib/protocol/http.ts'
import { readConfig } from '../../signaling/config.ts'
import { createAccountClient, GOOD_PASSWORD, type AccountClient } from '../support/account-client.ts'
import type { Answer } from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

const MANY = 1_000_000
let server: TestServer
let alice: AccountClient
beforeEach(async () => {
	server = await startServer({
		users: readConfig({ AUTH_USERS: 'lizi:lizi456' }).users,
		limits: {
			signInsPerMinute: MANY,
			signUpsPerMinute: MANY,
			accountChangesPerMinute: MANY,
			signInsPerAccountPerMinute: 5,
		},
	})
	alice = createAccountClient(server.url, {
		userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
	})
	await alice.signUp('alice')
})
afterEach(() => server.close())

const errorOf = (answer: Answer): [number, string] => {
	const error = apiError.parse(answer.body)
	if (error === undefined) throw new Error(`not an error of ours: ${JSON.stringify(answer.body)}`)
	return [answer.status, error.error]
}
const browser = () => createAccountClient(server.url)

it.each([
	['GET', '/api/account'],
	['POST', '/api/account'],
	['POST', '/api/account/password'],
	['POST', '/api/account/delete'],
	['GET', '/api/account/devices'],
	['DELETE', '/api/account/devices/x'],
	['GET', '/api/account/export'],
	['PUT', '/api/account/picture'],
	['DELETE', '/api/account/picture'],
])('[AU13] %s %s is for somebody signed in', async (method, path) => {
	const body = method === 'GET' || method === 'DELETE' ? undefined : {}
	expect(errorOf(await browser().ask(method, path, body))).toEqual([401, 'signed-out'])
})

describe('the name', () => {
	it('[AU13] can be changed', async () => {
		const answer = await alice.ask('POST', '/api/account', { name: 'Alice M.' })
		expect(accountView.parse(answer.body)).toMatchObject({ name: 'Alice M.', username: 'alice' })
		expect((await alice.ask('GET', '/api/account')).body).toEqual(answer.body)
	})

	it.each(['', ' ', 'Ali\u202ece', 'x'.repeat(33), 'Zoe\u0308'])('[AU13] cannot be %j', async (name) => {
		expect(errorOf(await alice.ask('POST', '/api/account', { name }))).toEqual([400, 'bad-request'])
	})
})

describe('the password', () => {
	const next = 'quite another one'

	it('[AU14] can be changed by whoever knows it, and signs every other device out', async () => {
		const other = browser()
		await other.signIn('alice')
		expect(
			errorOf(await alice.ask('POST', '/api/account/password', { current: 'not this one', next })),
		).toEqual([401, 'wrong-password'])
		expect((await other.ask('GET', '/api/account')).status).toBe(200)
		const answer = await alice.ask('POST', '/api/account/password', { current: GOOD_PASSWORD, next })
		expect(answer.status).toBe(200)
		expect((await other.ask('GET', '/api/account')).status).toBe(401)
		expect((await alice.ask('GET', '/api/account')).status).toBe(200)
		expect((await browser().signIn('alice')).status).toBe(401)
		expect((await browser().signIn('alice', next)).status).toBe(200)
	})

	it('[AU14] a weak one is refused with the reason', async () => {
		const answer = await alice.ask('POST', '/api/account/password', { current: GOOD_PASSWORD, next: 'short' })
		expect(errorOf(answer)).toEqual([422, 'weak-password'])
		expect(answer.body['message']).toMatch(/too short/)
	})

	it('[AU4] cannot be guessed from a session that was left open', async () => {
		// The address is known as good, and has five tries of its own.
		for (let tries = 0; tries < 5; tries++)
			await alice.ask('POST', '/api/account/password', { current: `guess ${String(tries)}`, next })
		expect(
			errorOf(await alice.ask('POST', '/api/account/password', { current: GOOD_PASSWORD, next })),
		).toEqual([429, 'too-many-requests'])
		expect(errorOf(await alice.ask('POST', '/api/account/delete', { password: GOOD_PASSWORD }))).toEqual([
			429,
			'too-many-requests',
		])
	})

	it('[AU14] of people on the list is not changed here', async () => {
		const lizi = browser()
		await lizi.signIn('lizi', 'lizi456')
		expect(errorOf(await lizi.ask('POST', '/api/account/password', { current: 'lizi456', next }))).toEqual([
			403,
			'not-offered',
		])
	})
})

describe('devices', () => {
	it('[AU15] are listed in words, this one marked, and can be signed out one by one', async () => {
		const phone = createAccountClient(server.url, {
			userAgent:
				'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
		})
		await phone.signIn('alice')
		const list = accountDevices.parse((await alice.ask('GET', '/api/account/devices')).body)?.devices ?? []
		expect(list.map(({ agent, isThis }) => [agent, isThis]).sort()).toEqual([
			['Firefox on Linux', true],
			['Safari on iPhone', false],
		])
		const other = list.find(({ isThis }) => !isThis)
		expect((await alice.ask('DELETE', `/api/account/devices/${other?.id ?? ''}`)).status).toBe(200)
		expect((await phone.ask('GET', '/api/account')).status).toBe(401)
		expect(errorOf(await alice.ask('DELETE', `/api/account/devices/${other?.id ?? ''}`))).toEqual([
			404,
			'not-found',
		])
	})

	it('[AU15] of somebody else cannot be signed out', async () => {
		const mallory = browser()
		await mallory.signUp('mallory')
		const [mine] = accountDevices.parse((await alice.ask('GET', '/api/account/devices')).body)?.devices ?? []
		expect((await mallory.ask('DELETE', `/api/account/devices/${mine?.id ?? ''}`)).status).toBe(404)
		expect((await alice.ask('GET', '/api/account')).status).toBe(200)
	})
})

describe('deleting the account', () => {
	it('[AU16] takes the password; then account, sessions, picture and name are gone', async () => {
		const other = browser()
		await other.signIn('alice')
		const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
			.png()
			.toBuffer()
		const put = await alice.ask('PUT', '/api/account/picture', picture, { 'content-type': 'image/png' })
		const path = `/api/pictures/${String(put.body['picture'])}`
		expect((await alice.ask('GET', path)).status).toBe(200)
		for (const body of [{}, { password: 'not this one' }])
			expect(errorOf(await alice.ask('POST', '/api/account/delete', body))).toEqual([401, 'wrong-password'])
		const answer = await alice.ask('POST', '/api/account/delete', { password: GOOD_PASSWORD })
		expect(answer.status).toBe(200)
		expect(alice.cookies.has('sid')).toBe(false)
		expect((await other.ask('GET', '/api/account')).status).toBe(401)
		expect((await browser().signIn('alice')).status).toBe(401)
		expect((await browser().ask('GET', path)).status).toBe(404)
		const anew = await browser().signUp('alice')
		expect(anew.status).toBe(201)
	})
})

describe('the export', () => {
	it('[AU17] holds all that is kept about the account, and no secret', async () => {
		const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
			.png()
			.toBuffer()
		const { body: account } = await alice.ask('PUT', '/api/account/picture', bytes, {
			'content-type': 'image/png',
		})
		const answer = await alice.ask('GET', '/api/account/export')
		expect(answer.headers.get('content-disposition')).toBe('attachment; filename="matinee-account.json"')
		expect(answer.headers.get('cache-control')).toBe('no-store')
		const exported = answer.body as {
			account: unknown
			sessions: { agent: string }[]
			pictures: { id: string; type: string; base64: string }[]
		}
		expect(exported.account).toEqual(account)
		expect(exported.sessions.map(({ agent }) => agent)).toEqual(['Firefox on Linux'])
		const [picture] = exported.pictures
		expect(picture).toMatchObject({ id: account['picture'], type: 'image/webp' })
		expect((await sharp(Buffer.from(picture?.base64 ?? '', 'base64')).metadata()).width).toBe(256)
		const text = JSON.stringify(exported)
		expect(text).not.toContain('argon2')
		expect(text).not.toContain(alice.cookies.get('sid'))
		expect(text).not.toMatch(/[0-9a-f]{64}/)
	})
})

describe('the picture', () => {
	const red = () => sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } })
	const put = (bytes: Uint8Array, type = 'image/png') =>
		alice.ask('PUT', '/api/account/picture', bytes, { 'content-type': type })

	it('[AU19] is shown to whoever has its id, for ever, and can do nothing', async () => {
		const id = String((await put(await red().png().toBuffer())).body['picture'])
		const response = await fetch(`${server.url}/api/pictures/${id}`, {
			headers: { origin: 'https://other.example' },
		})
		expect(response.status).toBe(200)
		expect(Object.fromEntries(response.headers)).toMatchObject({
			'content-type': 'image/webp',
			'cache-control': 'public, max-age=31536000, immutable',
			'content-security-policy': "default-src 'none'; sandbox",
			'x-content-type-options': 'nosniff',
			'access-control-allow-origin': '*',
			'cross-origin-resource-policy': 'cross-origin',
		})
		expect(await sharp(Buffer.from(await response.arrayBuffer())).metadata()).toMatchObject({
			format: 'webp',
			width: 256,
			height: 256,
		})
	})

	it('[AU19] changes with its owner, and is gone once nobody wears it', async () => {
		const first = String((await put(await red().png().toBuffer())).body['picture'])
		const second = String((await put(await red().negate().png().toBuffer())).body['picture'])
		expect(second).not.toBe(first)
		expect((await alice.ask('GET', '/api/account')).body['picture']).toBe(second)
		const removed = await alice.ask('DELETE', '/api/account/picture')
		expect(accountView.parse(removed.body)?.picture).toBeNull()
		for (const id of [first, second, 'x', '../account', 'A'.repeat(22)])
			expect((await browser().ask('GET', `/api/pictures/${encodeURIComponent(id)}`)).status).toBe(404)
	})

	it('[AU18] is judged by what it is, whatever the header says', async () => {
		const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
		for (const type of ['image/png', 'image/svg+xml', 'text/html', 'application/json'])
			expect(errorOf(await put(svg, type))).toEqual([422, 'bad-picture'])
		expect((await put(await red().jpeg().toBuffer(), 'image/gif')).status).toBe(200)
		expect(server.app.counters.count('bad-picture')).toBe(4)
	})

	it('[AU18] of more than 4 MB is refused, and bytes of nobody are not even read', async () => {
		const big = new Uint8Array(4 * 1024 * 1024 + 1)
		const answer = await put(big)
		expect(errorOf(answer)).toEqual([413, 'bad-request'])
		expect(answer.body['message']).toMatch(/4 MB/)
		expect(
			errorOf(await browser().ask('PUT', '/api/account/picture', big, { 'content-type': 'image/png' })),
		).toEqual([401, 'signed-out'])
	})

	it('[AU18] is the only thing taken that is not JSON', async () => {
		for (const path of ['/api/account', '/api/auth/sign-in', '/api/identity'])
			expect((await alice.ask('POST', path, new Uint8Array(9), { 'content-type': 'image/png' })).status).toBe(
				415,
			)
	})
})
