import { describe, expect, it } from 'vitest'
import type { Signer } from '#lib/core/crypto.ts'
import type { DeviceId, PeerId, RoomId } from '#lib/core/units.ts'
import { createServerApi } from './server-api.ts'

const CONFIG = {
	server: '',
	audience: 'https://watch.example',
	iceServers: [],
	auth: { guests: true, passwords: true, signUp: true, door: false, issuers: [] },
	version: '1',
}
const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const peer = 'BBBBBBBBBBBBBBBBBBBBBA' as PeerId

const apiWith = (answers: Record<string, () => Response | Promise<Response>>) => {
	const asked: { path: string; body: unknown }[] = []
	const api = createServerApi({
		pageOrigin: 'https://watch.example',
		wallNowMs: () => 1_000,
		fetch: async (input, init) => {
			const path = input as string
			asked.push({ path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined })
			const answer = answers[path]
			if (answer === undefined) throw new TypeError('Failed to fetch')
			return answer()
		},
	})
	return { api, asked }
}
const config = () => Response.json(CONFIG)
const signed: Uint8Array[] = []
const signer: Signer = {
	device: 'CCCCCCCCCCCCCCCCCCCCCA' as DeviceId,
	publicKey: new Uint8Array(32),
	sign: (message) => {
		signed.push(message)
		return Promise.resolve(new Uint8Array(64))
	},
}

describe('the server as seen from the browser', () => {
	it('[SS17] no answer, a refusal and a stranger’s page are told apart', async () => {
		expect(await apiWith({}).api.root(room)).toEqual({ type: 'unreachable' })
		const stranger = apiWith({
			'/config.json': () => new Response('<html>Sign in to the hotel’s network</html>'),
		})
		expect(await stranger.api.root(room)).toEqual({ type: 'unexpected', status: 200 })
		const refusing = apiWith({
			'/config.json': config,
			[`/api/rooms/${room}`]: () =>
				Response.json({ error: 'no-such-room', message: 'No such room.' }, { status: 404 }),
		})
		expect(await refusing.api.root(room)).toMatchObject({
			type: 'refused',
			status: 404,
			error: { error: 'no-such-room' },
		})
		const odd = apiWith({ '/config.json': config, [`/api/rooms/${room}`]: () => Response.json({ root: 5 }) })
		expect(await odd.api.root(room)).toEqual({ type: 'unexpected', status: 200 })
	})

	it('[SS18] proofs name what they are for: audience, room, peer and time', async () => {
		const { api, asked } = apiWith({
			'/config.json': config,
			'/api/tickets': () => Response.json({ ticket: 't', expiresAtMs: 2_000 }),
		})
		expect(await api.ticket(signer, 'a.b.c', room, peer)).toEqual({
			type: 'ok',
			value: { ticket: 't', expiresAtMs: 2_000 },
		})
		expect(new TextDecoder().decode(signed.at(-1))).toBe(
			`matinee-ticket-1|https://watch.example|${room}|${peer}|1000`,
		)
		expect(asked.at(-1)?.body).toMatchObject({ token: 'a.b.c', room, peer, atMs: 1_000 })
	})

	it('[SS17] the configuration is asked for once, and again after a failure', async () => {
		let isUp = false
		const { api, asked } = apiWith({
			'/config.json': () => (isUp ? config() : Promise.reject(new TypeError('Failed to fetch'))),
		})
		expect(await api.socketUrl()).toBeNull()
		isUp = true
		expect(await api.socketUrl()).toBe('wss://watch.example/ws')
		expect(await api.socketUrl()).toBe('wss://watch.example/ws')
		expect(asked).toHaveLength(2)
	})

	it("[BU10] the socket's address carries enough of the room to keep a room at one process, and no more", async () => {
		const { api } = apiWith({ '/config.json': config })
		expect(await api.socketUrl(room)).toBe(`wss://watch.example/ws?room=${room.slice(0, 6)}`)
	})
})
