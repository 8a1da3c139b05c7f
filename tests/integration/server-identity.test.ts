/**
 * Identities of people who are signed in, and keys that change, over HTTP.
 */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiError, clientConfig, identityAnswer } from '#lib/protocol/http.ts'
import { createMemoryStore } from '../../signaling/store/memory.ts'
import { StoreUnavailable } from '../../signaling/store/sql.ts'
import type { Store } from '../../signaling/store/store.ts'
import {
	ask,
	askIdentity,
	askTicket,
	audienceOf,
	newDevice,
	newPeerId,
	newPerson,
	newRoomId,
	type Answer,
	type Device,
} from '../support/ws-client.ts'
import { startServer, type TestServer } from '../support/ws-server.ts'

const ORIGIN = 'https://pages.example'
const DAY_MS = 86_400_000

let server: TestServer
let aheadMs: number
beforeEach(async () => {
	aheadMs = 0
	server = await startServer(
		{ allowedOrigins: [ORIGIN], limits: { signUpsPerMinute: 1_000_000 } },
		{ nowMs: () => Date.now() + aheadMs },
	)
})
afterEach(() => server.close())

const errorOf = (answer: Answer): [number, string | undefined] => [
	answer.status,
	apiError.parse(answer.body)?.error,
]
const post = (path: string, body: unknown, headers: Record<string, string>): Promise<Answer> =>
	ask(server.url + path, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	})
const request = async (device: Device, name: string) => {
	const atMs = Math.floor(Date.now() + aheadMs)
	const audience = await audienceOf(server.url)
	return {
		jwk: device.jwk,
		name,
		atMs,
		proof: device.prove(`matinee-identity-1|${audience}|${String(atMs)}|${name}`),
	}
}
const identityBy = async (device: Device, headers: Record<string, string>, name = 'Somebody') =>
	post('/api/identity', await request(device, name), headers)

const account = { username: 'alice', password: 'correct horse battery', name: 'Alice A.' }
/** Signed up from a page of the server's own origin: what goes along with its requests. */
const signUp = async (): Promise<Record<string, string>> => {
	const answer = await post('/api/auth/sign-up', account, { origin: server.url })
	expect(answer.status).toBe(201)
	const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
	return { origin: server.url, cookie }
}
const keySet = async () => (await ask(`${server.url}/.well-known/jwks.json`)).body as unknown as JSONWebKeySet

describe('the identity of somebody who is signed in', () => {
	it('[SG42] is the account’s on each of their devices: one subject, its name, signed in', async () => {
		const headers = await signUp()
		const [laptop, phone] = [newDevice(), newDevice()]
		const answers = [await identityBy(laptop, headers), await identityBy(phone, headers)].map(({ body }) =>
			identityAnswer.parse(body),
		)
		expect(answers[0]).toMatchObject({ name: 'Alice A.', isAccount: true, picture: null })
		expect(answers[0]?.subject).toMatch(/^a_/)
		expect(answers[1]?.subject).toBe(answers[0]?.subject)
		const { payload } = await jwtVerify(answers[1]?.token ?? '', createLocalJWKSet(await keySet()))
		expect(payload).toMatchObject({ name: 'Alice A.', acct: true, cnf: { jwk: phone.jwk } })
		expect('picture' in payload).toBe(false)
	})

	it('[SG42] is the same by bearer for a page of an allowed origin', async () => {
		const answer = await post('/api/auth/sign-up', account, { origin: ORIGIN })
		const headers = { origin: ORIGIN, authorization: `Bearer ${String(answer.body['session'])}` }
		expect((await identityBy(newDevice(), headers)).body).toMatchObject({ name: 'Alice A.', isAccount: true })
	})

	it('[SG42] has the account’s picture', async () => {
		await server.close()
		const store = createMemoryStore()
		server = await startServer({}, { store })
		const headers = await signUp()
		const subject = (await identityBy(newDevice(), headers)).body['subject'] as never
		const picture = { id: 'AAAAAAAAAAAAAAAAAAAAAA', type: 'image/webp', bytes: new Uint8Array([1]) }
		await store.pictures.put(subject, picture)
		const { body } = await identityBy(newDevice(), headers)
		expect(body['picture']).toBe(picture.id)
		const { payload } = await jwtVerify(String(body['token']), createLocalJWKSet(await keySet()))
		expect(payload['picture']).toBe(picture.id)
	})

	it('[SG42] still takes a proof by the device', async () => {
		const headers = await signUp()
		const [device, other] = [newDevice(), newDevice()]
		const body = await request(device, 'x')
		for (const bad of [
			{ ...body, jwk: other.jwk },
			{ ...body, name: 'y' },
		])
			expect(errorOf(await post('/api/identity', bad, headers))).toEqual([401, 'bad-proof'])
	})

	it('[SG42] is not to be had with a cookie from another website’s page', async () => {
		const { cookie = '' } = await signUp()
		for (const origin of ['https://evil.example', 'null'])
			expect(errorOf(await identityBy(newDevice(), { origin, cookie }))).toEqual([403, 'not-allowed'])
		const { body } = await identityBy(newDevice(), { origin: ORIGIN, cookie })
		expect(body).toMatchObject({ isAccount: false, name: 'Somebody' })
	})

	it('[SG42] is to be had where there are no guests, and a guest’s is not', async () => {
		await server.close()
		server = await startServer({ hasGuests: false })
		expect(errorOf(await askIdentity(server.url, newDevice(), 'Guest'))).toEqual([403, 'guests-off'])
		expect((await identityBy(newDevice(), await signUp())).status).toBe(200)
	})

	it('[SG42] [SG13] brings into rooms under the account’s name', async () => {
		const headers = await signUp()
		const device = newDevice()
		const { body } = await identityBy(device, headers)
		const person = { ...device, token: String(body['token']), subject: String(body['subject']) }
		expect((await askTicket(server.url, person, newRoomId(), newPeerId())).status).toBe(200)
	})
})

describe('signing keys over HTTP', () => {
	it('[SG39] [SG40] [SG41] change while tokens, names and proofs go on', async () => {
		const audience = await audienceOf(server.url)
		const device = newDevice()
		const kidOf = async () =>
			decodeProtectedHeader(String((await identityBy(device, {})).body['token'])).kid ?? ''
		const first = await kidOf()
		for (const day of [29, 31.5, 33]) {
			aheadMs = day * DAY_MS
			server.app.sweep(Date.now() + aheadMs)
			await expect.poll(async () => (await keySet()).keys.length, { timeout: 60_000 }).toBe(2)
		}
		const second = await kidOf()
		expect(second).not.toBe(first)
		expect(await audienceOf(server.url)).toBe(audience)
		const [old, now] = (await keySet()).keys as unknown as Record<string, unknown>[]
		expect([old?.['kid'], now?.['kid']]).toEqual([first, second])
		expect(old?.['exp']).toBe(now?.['nbf'])
		expect(JSON.stringify(await keySet())).not.toContain('"d"')
	})

	it('[SG39] a server whose store is away from the start says so, and goes on by itself once it is there', async () => {
		await server.close()
		const working = createMemoryStore()
		let isAway = true
		const store: Store = {
			...working,
			keys: {
				...working.keys,
				list: () => (isAway ? Promise.reject(new StoreUnavailable('away')) : working.keys.list()),
			},
		}
		server = await startServer({}, { store })
		expect(errorOf(await ask(`${server.url}/config.json`))).toEqual([503, 'unavailable'])
		expect(errorOf(await ask(`${server.url}/.well-known/jwks.json`))).toEqual([503, 'unavailable'])
		isAway = false
		expect(clientConfig.parse((await ask(`${server.url}/config.json`)).body)).toBeDefined()
		await newPerson(server.url)
	})
})
