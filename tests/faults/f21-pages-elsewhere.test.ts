/**
 * F21: hostile pages in the browser of somebody who is signed in. Which sockets they open, and what of the routes that
 * change anything they get done, with whatever cookies the browser sends along. The routes are read off the server:
 * one that comes to be and is not named here fails the suite.
 */
import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountDevices, accountView } from '#lib/protocol/accounts.ts'
import { readConfig } from '../../signaling/config.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import { createAccountClient, GOOD_PASSWORD, type AccountClient } from '../support/account-client.ts'
import { newDevice, newRoomId } from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'
import { createVerdict } from './verdict.ts'

const PAGES = 'https://pages.example'
const DOOR = 'open sesame'
const MANY = 1_000_000

let server: TestServer
let alice: AccountClient
let store: ReturnType<typeof createMemoryStore>
beforeAll(async () => {
	const perMinute = Object.keys(readConfig({}).limits).filter((name) => name.endsWith('PerMinute'))
	store = createMemoryStore()
	server = await startServer(
		{
			allowedOrigins: [PAGES],
			doorPassword: DOOR,
			limits: Object.fromEntries(perMinute.map((name) => [name, MANY])),
		},
		{ store },
	)
	alice = createAccountClient(server.url)
	expect((await alice.ask('POST', '/api/door', { password: DOOR })).status).toBeLessThan(300)
	expect((await alice.signUp('alice')).status).toBe(201)
})
afterAll(() => server.close())

/**
 * Origins that are not the server's, however much they look like it. The same host by https is not among them: behind a
 * proxy that is the server, unless PUBLIC_ORIGIN says otherwise.
 */
const foreign = (): readonly string[] => {
	const { host, port, url } = { ...server, host: new URL(server.url).host }
	return [
		'null',
		'',
		'https://evil.example',
		`http://evil.${host}`,
		`http://${host}.evil.example`,
		`http://evil${host}`,
		`http://127.0.0.1:${String(port + 1)}`,
		'http://127.0.0.1',
		`http://localhost:${String(port)}`,
		`http://[::1]:${String(port)}`,
		`http://127.1:${String(port)}`,
		`http://2130706433:${String(port)}`,
		`ws://${host}`,
		`HTTP://${host}`,
		`http://user@${host}`,
		`http://${host}@evil.example`,
		`${url}/`,
		`${url}/r`,
		`${url}.`,
		`${url} https://evil.example`,
		`${url},https://evil.example`,
		`https://evil.example#${url}`,
		'file://',
		'chrome-extension://abcdefghijklmnop',
		`${PAGES}.evil.example`,
		'https://sub.pages.example',
		'http://pages.example',
		`${PAGES}:8443`,
	]
}

interface Upgrade {
	/** 101: a socket there is. */
	readonly status: number
	readonly text: string
}
const upgrade = (path: string, headers: Record<string, string>): Promise<Upgrade> =>
	new Promise((resolve, reject) => {
		const asked = request(server.url + path, {
			headers: {
				connection: 'Upgrade',
				upgrade: 'websocket',
				'sec-websocket-version': '13',
				'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
				cookie: [...alice.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
				...headers,
			},
		})
		asked.on('upgrade', (_response, socket) => {
			socket.destroy()
			resolve({ status: 101, text: '' })
		})
		asked.on('response', (response) => {
			let text = ''
			response.on('data', (chunk) => (text += String(chunk)))
			response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
		})
		asked.on('error', reject)
		asked.end()
	})

it('[FA24, SG18] pages elsewhere open no socket, at either address, whatever cookies come along', async () => {
	const before = server.app.counters.count('upgrade-origin')
	const verdict = createVerdict('F21 sockets opened from pages elsewhere')
	let cases = 0
	const let_in: string[] = []
	for (const path of ['/ws', '/ws?room=x', '/y-webrtc'])
		for (const origin of foreign()) {
			cases++
			const { status } = await upgrade(path, { origin })
			if (status !== 403) let_in.push(`${path} ${origin} ${String(status)}`)
		}
	verdict.note('cases', cases)
	verdict.is('not answered with 403', let_in.length, 0)
	verdict.is('counted', server.app.counters.count('upgrade-origin') - before, cases)
	for (const origin of [server.url, PAGES])
		verdict.is(
			`${origin === PAGES ? 'an allowed' : 'its own'} page, /ws`,
			(await upgrade('/ws', { origin })).status,
			101,
		)
	expect(verdict.end(), let_in.join('\n')).toEqual([])
})

it('[FA24, SG55] a socket that asks for a subprotocol is refused with words, whichever it asks for', async () => {
	const before = server.app.counters.count('upgrade-subprotocol')
	const protocols = [
		'graphql-ws',
		'mqtt',
		'y-webrtc',
		'matinee',
		'chat, superchat',
		'v1.token.secret',
		'',
		' ',
	]
	for (const path of ['/ws', '/y-webrtc'])
		for (const protocol of protocols)
			expect([
				protocol,
				await upgrade(path, { origin: server.url, 'sec-websocket-protocol': protocol }),
			]).toEqual([
				protocol,
				{
					status: 400,
					text: 'This server speaks no WebSocket subprotocol; open the socket without one.\n',
				},
			])
	expect(server.app.counters.count('upgrade-subprotocol') - before).toBe(2 * protocols.length)
	for (const path of ['/ws', '/y-webrtc'])
		expect((await upgrade(path, { origin: server.url })).status).toBe(101)
})

/** Everything that changes something, with a body that would. */
const changes = (): Readonly<Record<string, unknown>> => {
	const room = newRoomId()
	const token = 'a.b.c'
	return {
		'POST /api/door': { password: 'wrong' },
		'POST /api/auth/sign-up': { username: 'mallory', password: GOOD_PASSWORD },
		'POST /api/auth/sign-in': { username: 'alice', password: GOOD_PASSWORD },
		'POST /api/auth/sign-out': { everywhere: true },
		'POST /api/auth/exchange': { code: 'x'.repeat(40), verifier: 'x'.repeat(43) },
		'POST /api/account': { name: 'Mallory' },
		'POST /api/account/password': { current: GOOD_PASSWORD, next: 'another good one' },
		'POST /api/account/delete': { password: GOOD_PASSWORD },
		'PUT /api/account/picture': new Uint8Array(64),
		'DELETE /api/account/picture': undefined,
		'DELETE /api/account/devices/:id': undefined,
		'POST /api/identity': { jwk: newDevice().jwk, name: 'Mallory', atMs: Date.now(), proof: 'A'.repeat(86) },
		'POST /api/tickets': { token, room, peer: room, atMs: Date.now(), proof: 'A'.repeat(86) },
		'PUT /api/rooms/:roomId': { root: 'c2VhbGVk', token },
		'POST /api/rooms/:roomId/orders': { token, order: '{}', proof: 'A'.repeat(86) },
		'PUT /api/rooms/:roomId/history': new Uint8Array(64),
		'POST /api/media/describe': { token, media: { kind: 'youtube', id: 'dQw4w9WgXcQ' } },
		'POST /api/media/look': { token, url: 'https://example.com/' },
		'POST /api/media/playlist': { token, list: 'PL0123456789' },
		'POST /api/media/search': { token, words: 'film' },
		'POST /api/figures': { token },
	}
}

/** `POST /api/door` and so on, as the server has them. */
const routesOf = (text: string): string[] => {
	const routes: string[] = []
	const path: string[] = []
	for (const line of text.split('\n')) {
		const found = /^((?:[│ ] {3})*)[├└]── (\S+) \(([^)]*)\)$/.exec(line)
		if (found === null) continue
		const [, indent = '', part = '', methods = ''] = found
		path.splice(indent.length / 4, Infinity, part)
		for (const method of methods.split(', '))
			if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) routes.push(`${method} ${path.join('')}`)
	}
	return routes
}

it('[FA24, AU9] nothing that changes anything is done for a page elsewhere, whatever cookies come along', async () => {
	const table = changes()
	expect(routesOf(server.app.fastify.printRoutes({ commonPrefix: false })).toSorted()).toEqual(
		Object.keys(table).toSorted(),
	)
	const accountOf = async () => {
		const view = accountView.parse((await alice.ask('GET', '/api/account')).body)
		const devices = accountDevices.parse((await alice.ask('GET', '/api/account/devices')).body)
		return { view, devices: JSON.stringify(devices).replaceAll(/"lastSeenMs":\d+/g, '') }
	}
	const before = await accountOf()
	expect(before.view?.username).toBe('alice')
	const cookie = [...alice.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
	const types = [
		'application/json',
		'text/plain',
		'application/x-www-form-urlencoded',
		'multipart/form-data; boundary=x',
	]
	const verdict = createVerdict('F21 changes from pages elsewhere')
	const wrong: string[] = []
	let cases = 0
	let cookiesSet = 0
	for (const [route, body] of Object.entries(table)) {
		const [method = '', pattern = ''] = route.split(' ')
		const path = pattern.replace(':roomId', newRoomId()).replace(':id', 'x')
		for (const origin of [undefined, ...foreign()])
			// A form can be sent with these and asks nothing first; JSON needs a word of ours before, which is not given.
			for (const type of origin === 'https://evil.example' ? types : types.slice(0, 1)) {
				cases++
				const answer = await createAccountClient(server.url).ask(method, path, body, {
					origin,
					cookie,
					...(body === undefined ? {} : { 'content-type': type }),
				})
				if (answer.headers.getSetCookie().length > 0) cookiesSet++
				// Refused for where it comes from, before anything in it is looked at.
				if (answer.status !== 403) wrong.push(`${route} from ${String(origin)}: ${String(answer.status)}`)
				const readers = answer.headers.get('access-control-allow-origin')
				if (readers !== null) wrong.push(`${route} may be read by ${readers}`)
			}
	}
	verdict.note('routes × origins and types', cases)
	verdict.is('not refused for their origin', wrong.length, 0)
	verdict.is('cookies given or taken', cookiesSet, 0)
	verdict.is(
		'account and devices changed',
		JSON.stringify(await accountOf()) === JSON.stringify(before) ? 0 : 1,
		0,
	)
	verdict.is('signed in by the name that was tried', (await alice.signIn('mallory')).status, 401)
	expect(verdict.end(), wrong.slice(0, 20).join('\n')).toEqual([])
})
