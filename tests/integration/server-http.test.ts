/**
 * The HTTP side of the server: identities, rooms, configuration, limits, headers.
 */
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiError, clientConfig, identityAnswer, ticketAnswer } from '#lib/protocol/http.ts'
import {
	ask,
	askIdentity,
	askTicket,
	audienceOf,
	newDevice,
	newPeerId,
	newPerson,
	newRoomId,
	send,
} from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

let server: TestServer
beforeEach(async () => {
	server = await startServer()
})
afterEach(() => server.close())

const errorOf = (answer: { body: unknown }): string => {
	const error = apiError.parse(answer.body)
	if (error === undefined) throw new Error(`not an error of ours: ${JSON.stringify(answer.body)}`)
	return error.error
}

describe('an identity', () => {
	it('[SG15] is a token that anybody can check against the published keys, bound to the device', async () => {
		const device = newDevice()
		const answer = await askIdentity(server.url, device, 'Alice')
		const identity = identityAnswer.parse(answer.body)
		const { body: keys } = await ask(`${server.url}/.well-known/jwks.json`)
		const { payload, protectedHeader } = await jwtVerify(
			identity?.token ?? '',
			createLocalJWKSet(keys as unknown as JSONWebKeySet),
		)
		const jkt = createHash('sha256')
			.update(`{"crv":"Ed25519","kty":"OKP","x":"${device.jwk.x}"}`)
			.digest('base64url')
		expect(payload).toMatchObject({
			iss: await audienceOf(server.url),
			sub: `g_${jkt.slice(0, 16)}`,
			name: 'Alice',
			acct: false,
			cnf: { jwk: device.jwk },
		})
		expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(24 * 3_600)
		expect(protectedHeader.alg).toBe('EdDSA')
		expect(JSON.stringify(keys)).not.toContain('"d"')
	})

	it('[SG14] wants a proof by the device key over just this name, time and server', async () => {
		const device = newDevice()
		const audience = await audienceOf(server.url)
		const atMs = Date.now()
		const wrong = [
			newDevice().prove(`matinee-identity-1|${audience}|${String(atMs)}|Alice`),
			device.prove(`matinee-identity-1|${audience}|${String(atMs)}|Bob`),
			device.prove(`matinee-identity-1|https://other.example|${String(atMs)}|Alice`),
			device.prove(`matinee-identity-1|${audience}|${String(atMs + 1)}|Alice`),
			device.prove(`matinee-ticket-1|${audience}|${String(atMs)}|Alice`),
			'A'.repeat(86),
			'A',
		]
		for (const proof of wrong) {
			const answer = await askIdentity(server.url, device, 'Alice', { atMs, proof })
			expect([answer.status, errorOf(answer)]).toEqual([401, 'bad-proof'])
		}
		expect(server.app.counters.count('bad-proof')).toBe(wrong.length)
	})

	it('[SG14] does not take the word of the Host header for whom a proof is meant', async () => {
		const device = newDevice()
		const atMs = Date.now()
		const body = JSON.stringify({
			jwk: device.jwk,
			name: 'Alice',
			atMs,
			proof: device.prove(`matinee-identity-1|http://evil.example|${String(atMs)}|Alice`),
		})
		const status = await new Promise((resolve, reject) => {
			request(
				`${server.url}/api/identity`,
				{ method: 'POST', headers: { host: 'evil.example', 'content-type': 'application/json' } },
				(response) => resolve(response.resume().statusCode),
			)
				.on('error', reject)
				.end(body)
		})
		expect(status).toBe(401)
	})

	it.each([-6, 6])('[SG14] says so when the clock of the device is %i minutes off', async (minutes) => {
		const device = newDevice()
		const atMs = Date.now() + minutes * 60_000
		const proof = device.prove(`matinee-identity-1|${await audienceOf(server.url)}|${String(atMs)}|Alice`)
		const answer = await askIdentity(server.url, device, 'Alice', { atMs, proof })
		expect([answer.status, errorOf(answer)]).toEqual([401, 'clock-off'])
		expect(answer.body['message']).toContain(minutes > 0 ? '6 minutes ahead' : '6 minutes behind')
	})

	it.each(['', '   ', 'Ali\u200bce', 'Ali\u202ece', 'Zoe\u0308', 'a\nb'])(
		'[SG14] does not vouch for the name %j',
		async (name) => {
			const answer = await askIdentity(server.url, newDevice(), name)
			expect([answer.status, errorOf(answer)]).toEqual([400, 'bad-request'])
		},
	)

	it('[SG14] one key has one spelling: the same bytes written otherwise are refused', async () => {
		const device = newDevice()
		const last = device.jwk.x.slice(-1)
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
		const x = device.jwk.x.slice(0, -1) + (alphabet[alphabet.indexOf(last) + 1] ?? '')
		expect(Buffer.from(x, 'base64url')).toEqual(Buffer.from(device.jwk.x, 'base64url'))
		const answer = await askIdentity(server.url, { ...device, jwk: { ...device.jwk, x } }, 'Alice')
		expect(errorOf(answer)).toBe('bad-proof')
	})

	it('is for guests only where there are guests', async () => {
		const closed = await startServer({ hasGuests: false })
		try {
			const answer = await askIdentity(closed.url, newDevice(), 'Alice')
			expect([answer.status, errorOf(answer)]).toEqual([403, 'guests-off'])
			expect((await ask(`${closed.url}/config.json`)).body['auth']).toMatchObject({ guests: false })
		} finally {
			await closed.close()
		}
	})
})

describe('a room', () => {
	it('[SG16] is kept first come, for ever, and the same twice is fine', async () => {
		const { token } = await newPerson(server.url)
		const url = `${server.url}/api/rooms/${newRoomId()}`
		const missing = await ask(url)
		expect([missing.status, errorOf(missing)]).toEqual([404, 'no-such-room'])
		expect((await send(url, 'PUT', { root: 'c2VhbGVk', token })).status).toBe(201)
		expect((await send(url, 'PUT', { root: 'c2VhbGVk', token })).status).toBe(200)
		const taken = await send(url, 'PUT', { root: 'b3RoZXI', token })
		expect([taken.status, errorOf(taken)]).toEqual([409, 'room-taken'])
		const { status, body } = await ask(url)
		expect([status, body]).toEqual([200, { root: 'c2VhbGVk', moved: null }])
	})

	it('[SG16] is made by people with an identity only', async () => {
		const url = `${server.url}/api/rooms/${newRoomId()}`
		const answer = await send(url, 'PUT', { root: 'c2VhbGVk', token: 'a.b.c' })
		expect([answer.status, errorOf(answer)]).toEqual([401, 'bad-token'])
		expect((await ask(url)).status).toBe(404)
	})

	it('[SG16] has an id that is one, or is not there', async () => {
		const { token } = await newPerson(server.url)
		for (const id of ['short', '__proto__', '%00', 'AAAAAAAAAAAAAAAAAAAAAB']) {
			const answer = await send(`${server.url}/api/rooms/${id}`, 'PUT', { root: 'c2VhbGVk', token })
			expect([answer.status, errorOf(answer)]).toEqual([404, 'no-such-room'])
		}
		for (const id of ['A'.repeat(200), '%', '%ff']) {
			const answer = await ask(`${server.url}/api/rooms/${id}`)
			expect([answer.status, errorOf(answer)]).toEqual([400, 'bad-request'])
		}
	})

	it('[SG16] cannot be kept while the store fails, which is said, and the server goes on', async () => {
		const { createMemoryStore } = await import('../../signaling/store/memory.ts')
		const { StoreUnavailable } = await import('../../signaling/store/sql.ts')
		const fail = () => Promise.reject(new StoreUnavailable('disk full'))
		const working = createMemoryStore()
		const store = { ...working, rooms: { ...working.rooms, put: fail, get: fail } }
		const failing = await startServer({}, { store })
		try {
			const { token } = await newPerson(failing.url)
			const answer = await send(`${failing.url}/api/rooms/${newRoomId()}`, 'PUT', { root: 'eA', token })
			expect([answer.status, errorOf(answer)]).toEqual([503, 'unavailable'])
			expect(errorOf(await ask(`${failing.url}/api/rooms/${newRoomId()}`))).toBe('unavailable')
			expect((await ask(`${failing.url}/healthz`)).status).toBe(200)
		} finally {
			await failing.close()
		}
	})
})

describe('a ticket', () => {
	it('[SG13] is given for a token and a proof by the same device', async () => {
		const [alice, bob] = [await newPerson(server.url), await newPerson(server.url)]
		const [room, peer] = [newRoomId(), newPeerId()]
		const good = await askTicket(server.url, alice, room, peer)
		expect(ticketAnswer.parse(good.body)).toBeDefined()
		const stolen = await askTicket(server.url, { ...bob, token: alice.token }, room, peer)
		expect([stolen.status, errorOf(stolen)]).toEqual([401, 'bad-proof'])
		const other = await askTicket(server.url, alice, room, peer, { room: newRoomId() })
		expect(errorOf(other)).toBe('bad-proof')
	})

	it('[SG13] is not given for a token of another server', async () => {
		const elsewhere = await startServer()
		try {
			const alice = await newPerson(elsewhere.url)
			const answer = await askTicket(server.url, alice, newRoomId(), newPeerId())
			expect([answer.status, errorOf(answer)]).toEqual([401, 'bad-token'])
		} finally {
			await elsewhere.close()
		}
	})
})

describe('every request', () => {
	it.each([
		['no body', undefined],
		['null', 'null'],
		['a list', '[]'],
		['text that is not JSON', '{"jwk":'],
		['a __proto__ key', '{"__proto__":{"x":1}}'],
		['a constructor key', '{"constructor":{"prototype":{"x":1}}}'],
		['50,000 brackets', '['.repeat(10_000)],
	])('[SG26] with %s is answered with a clear error', async (_name, body) => {
		for (const path of ['/api/identity', '/api/tickets']) {
			const answer = await ask(server.url + path, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				...(body === undefined ? {} : { body }),
			})
			expect([answer.status, errorOf(answer)]).toEqual([400, 'bad-request'])
		}
	})

	it('has a body of 16 KiB of JSON at most', async () => {
		const big = await send(`${server.url}/api/identity`, 'POST', { name: 'x'.repeat(17_000) })
		expect([big.status, errorOf(big)]).toEqual([413, 'bad-request'])
		const form = await ask(`${server.url}/api/identity`, {
			method: 'POST',
			headers: { 'content-type': 'text/plain' },
			body: '{}',
		})
		expect([form.status, errorOf(form)]).toEqual([415, 'bad-request'])
	})

	it('[SG25] counts: identities 20 a minute of one address, with the time to wait', async () => {
		const strict = await startServer({ limits: { identitiesPerMinute: 20 } })
		try {
			const device = newDevice()
			for (let i = 0; i < 20; i++) expect((await askIdentity(strict.url, device, 'Alice')).status).toBe(200)
			const answer = await askIdentity(strict.url, device, 'Alice')
			expect([answer.status, errorOf(answer)]).toEqual([429, 'too-many-requests'])
			expect(answer.body['retryAfterMs']).toBeGreaterThan(0)
			expect(answer.body['retryAfterMs']).toBeLessThanOrEqual(3_000)
			expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
			expect(strict.app.counters.count('http-rate')).toBe(1)
		} finally {
			await strict.close()
		}
	})

	it('[SG25] counts: rooms made 10 a minute; the rest, also what is not there, by its own measure', async () => {
		const strict = await startServer({ limits: { roomsPerMinute: 10, readsPerMinute: 30 } })
		try {
			const { token } = await newPerson(strict.url)
			const statuses = []
			for (let i = 0; i < 11; i++)
				statuses.push(
					(await send(`${strict.url}/api/rooms/${newRoomId()}`, 'PUT', { root: 'eA', token })).status,
				)
			expect(statuses).toEqual([...Array<number>(10).fill(201), 429])
			const missing = []
			for (let i = 0; i < 40; i++) missing.push((await ask(`${strict.url}/api/nothing`)).status)
			expect(missing.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10)
		} finally {
			await strict.close()
		}
	})

	it('[SG34] is counted for the address a trusted proxy names, and for no name of a stranger', async () => {
		const { readConfig } = await import('../../signaling/config.ts')
		const { trustedProxies } = readConfig({ TRUSTED_PROXIES: '127.0.0.1', MATINEE_CLIENT: 'none' })
		const behind = await startServer({ trustedProxies, limits: { readsPerMinute: 1 } })
		const open = await startServer({ limits: { readsPerMinute: 1 } })
		const statusFor = async (url: string, address: string) =>
			(await ask(`${url}/healthz`, { headers: { 'x-forwarded-for': address } })).status
		try {
			expect(await statusFor(behind.url, '192.0.2.1')).toBe(200)
			expect(await statusFor(behind.url, '192.0.2.2')).toBe(200)
			expect(await statusFor(behind.url, '192.0.2.1')).toBe(429)
			expect(await statusFor(open.url, '192.0.2.1')).toBe(200)
			expect(await statusFor(open.url, '192.0.2.2')).toBe(429)
		} finally {
			await behind.close()
			await open.close()
		}
	})

	it('[SG29] is answered with the headers that keep pages safe', async () => {
		for (const path of ['/healthz', '/api/nothing', '/config.json']) {
			const { headers } = await ask(server.url + path)
			expect(headers.get('x-content-type-options')).toBe('nosniff')
			expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
			expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
			expect(headers.get('permissions-policy')).toContain('camera=()')
			expect(headers.get('x-powered-by')).toBeNull()
		}
	})

	it('[DE14] gives no ticket to a page whose socket it would refuse, and says what to change', async () => {
		const split = await startServer({
			publicOrigin: 'https://watch.example',
			allowedOrigins: ['https://pages.example'],
		})
		const refusalOf = async (origin: string | null) => {
			const answer = await ask(`${split.url}/api/tickets`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...(origin !== null && { origin }) },
				body: '{}',
			})
			return [errorOf(answer), answer.body['message']]
		}
		try {
			const [error, message] = await refusalOf('http://192.168.1.5:8080')
			expect(error).toBe('not-allowed')
			expect(message).toContain('It is at https://watch.example.')
			expect(message).toContain('ALLOWED_ORIGINS=http://192.168.1.5:8080')
			// Those that may come this far are told what is wrong with the ticket.
			for (const origin of ['https://watch.example', 'https://pages.example', null])
				expect((await refusalOf(origin))[0]).toBe('bad-request')
		} finally {
			await split.close()
		}
	})
	it('[SG29] may be read by pages of allowed origins, and by no others', async () => {
		const origin = 'https://pages.example'
		const split = await startServer({ allowedOrigins: [origin] })
		const corsOf = async (url: string, from: string, method = 'GET') => {
			const response = await fetch(`${url}/api/identity`, { method, headers: { origin: from } })
			await response.arrayBuffer()
			return [
				response.headers.get('access-control-allow-origin'),
				response.headers.get('access-control-allow-methods'),
			]
		}
		try {
			expect(await corsOf(split.url, origin)).toEqual([origin, null])
			expect(await corsOf(split.url, origin, 'OPTIONS')).toEqual([origin, 'GET, HEAD, POST, PUT, DELETE'])
			expect((await corsOf(split.url, 'https://evil.example'))[0]).toBeNull()
			expect((await corsOf(server.url, origin))[0]).toBeNull()
		} finally {
			await split.close()
		}
	})
})

it('/config.json says where the server is and what it offers', async () => {
	const { body, headers } = await ask(`${server.url}/config.json`)
	expect(clientConfig.parse(body)).toMatchObject({ server: '', iceServers: [], auth: { guests: true } })
	expect(body['audience']).toMatch(/^matinee:[A-Za-z0-9_-]{43}$/)
	expect(headers.get('cache-control')).toBe('no-cache')

	const named = await startServer({
		publicOrigin: 'https://watch.example',
		iceServers: [{ urls: ['stun:stun.example'] }],
	})
	try {
		const configured = (await ask(`${named.url}/config.json`)).body
		expect(configured).toMatchObject({
			audience: 'https://watch.example',
			iceServers: [{ urls: ['stun:stun.example'] }],
		})
	} finally {
		await named.close()
	}
})

it('[SG27] /healthz says ok and what was refused, and names nobody', async () => {
	await ask(`${server.url}/api/rooms/${newRoomId()}`)
	const { body } = await ask(`${server.url}/healthz`)
	expect(body).toMatchObject({ status: 'ok', refused: { 'http-not-found': 1 } })
	expect(JSON.stringify(body)).not.toContain('127.0.0.1')
})
