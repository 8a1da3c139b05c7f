/**
 * A person with a device key who talks to the signaling server as a browser would: HTTP for identity and ticket,
 * then one socket whose messages are kept until a test asks for them.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { WebSocket, type ClientOptions } from 'ws'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import type { DeviceJwk } from '#lib/protocol/http.ts'
import { parseRelayDelivery } from '#lib/protocol/relay.ts'
import { parseServerMessage, SIGNALING_VERSION, type ServerMessage } from '#lib/protocol/signaling.ts'

export const newRoomId = (): RoomId => randomBytes(16).toString('base64url') as RoomId
export const newPeerId = (): PeerId => randomBytes(16).toString('base64url') as PeerId

export interface Person {
	readonly jwk: DeviceJwk
	readonly privateKey: KeyObject
	readonly token: string
	readonly subject: string
	prove(text: string): string
}

export interface Device {
	readonly jwk: DeviceJwk
	readonly privateKey: KeyObject
	prove(text: string): string
}

export const newDevice = (): Device => {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519')
	const { x = '' } = publicKey.export({ format: 'jwk' })
	return {
		jwk: { kty: 'OKP', crv: 'Ed25519', x },
		privateKey,
		prove: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
	}
}

export interface Answer {
	readonly status: number
	readonly headers: Headers
	readonly body: Record<string, unknown>
}

export const ask = async (url: string, init: RequestInit = {}): Promise<Answer> => {
	const response = await fetch(url, init)
	return {
		status: response.status,
		headers: response.headers,
		body: (await response.json()) as Record<string, unknown>,
	}
}

export const send = (url: string, method: 'POST' | 'PUT', body: unknown): Promise<Answer> =>
	ask(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

export const audienceOf = async (url: string): Promise<string> =>
	String((await ask(`${url}/config.json`)).body['audience'])

export const askIdentity = async (
	url: string,
	device: Device,
	name: string,
	change: Record<string, unknown> = {},
): Promise<Answer> => {
	const atMs = Date.now()
	const proof = device.prove(`matinee-identity-1|${await audienceOf(url)}|${String(atMs)}|${name}`)
	return send(`${url}/api/identity`, 'POST', { jwk: device.jwk, name, atMs, proof, ...change })
}

export const newPerson = async (url: string, name = 'Alice'): Promise<Person> => {
	const device = newDevice()
	const { status, body } = await askIdentity(url, device, name)
	if (status !== 200) throw new Error(`identity: ${JSON.stringify(body)}`)
	return { ...device, token: String(body['token']), subject: String(body['subject']) }
}

export const askTicket = async (
	url: string,
	person: Person,
	room: RoomId,
	peer: PeerId,
	change: Record<string, unknown> = {},
): Promise<Answer> => {
	const atMs = Date.now()
	const proof = person.prove(`matinee-ticket-1|${await audienceOf(url)}|${room}|${peer}|${String(atMs)}`)
	return send(`${url}/api/tickets`, 'POST', { token: person.token, room, peer, atMs, proof, ...change })
}

export const newTicket = async (url: string, person: Person, room: RoomId, peer: PeerId): Promise<string> => {
	const { status, body } = await askTicket(url, person, room, peer)
	if (status !== 200) throw new Error(`ticket: ${JSON.stringify(body)}`)
	return String(body['ticket'])
}

type OfType<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

export interface TestSocket {
	readonly ws: WebSocket
	/** The next message of a kind, from those that came and nobody took yet; in order. Rejects after `withinMs`. */
	next<T extends ServerMessage['type']>(type: T, withinMs?: number): Promise<OfType<T>>
	/** Everything that came and was not taken. */
	readonly inbox: ServerMessage[]
	/** Relay frames that came. */
	readonly deliveries: NonNullable<ReturnType<typeof parseRelayDelivery>>[]
	readonly closed: Promise<{ readonly code: number; readonly reason: string }>
	isOpen(): boolean
	send(message: unknown): void
	close(): void
}

const WAIT_MS = 30_000

/** Rejects where the server refuses the upgrade, with its status in the message. */
export const openSocket = async (
	url: string,
	path = '/ws',
	options: ClientOptions = { origin: url },
): Promise<TestSocket> => {
	const ws = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, { perMessageDeflate: false, ...options })
	const inbox: ServerMessage[] = []
	const arrivals = new Set<() => void>()
	const deliveries: TestSocket['deliveries'] = []
	ws.on('message', (data: Buffer, isBinary) => {
		if (isBinary) {
			const delivery = parseRelayDelivery(data)
			if (delivery === null) throw new Error('not a relay frame')
			deliveries.push(delivery)
			return
		}
		const message = parseServerMessage(data.toString())
		if (message === null) throw new Error(`not a server message: ${data.toString().slice(0, 200)}`)
		inbox.push(message)
		for (const arrived of [...arrivals]) arrived()
	})
	const closed = new Promise<{ code: number; reason: string }>((resolve) => {
		ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
	})
	await new Promise<void>((resolve, reject) => {
		ws.once('open', resolve)
		ws.once('error', reject)
	})
	ws.on('error', () => ws.terminate())

	const take = <T extends ServerMessage['type']>(type: T): OfType<T> | null => {
		const at = inbox.findIndex((message) => message.type === type)
		return at < 0 ? null : (inbox.splice(at, 1)[0] as OfType<T>)
	}
	return {
		ws,
		inbox,
		deliveries,
		closed,
		isOpen: () => ws.readyState === WebSocket.OPEN,
		next: (type, withinMs = WAIT_MS) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(() => {
					arrivals.delete(look)
					reject(new Error(`no ${type} within ${String(withinMs)} ms; inbox: ${JSON.stringify(inbox)}`))
				}, withinMs)
				const look = (): void => {
					const message = take(type)
					if (message === null) return
					clearTimeout(timer)
					arrivals.delete(look)
					resolve(message)
				}
				arrivals.add(look)
				look()
				void closed.then(({ code, reason: why }) => {
					// A macrotask later, so that what came with the closing is seen first.
					setImmediate(() => {
						clearTimeout(timer)
						reject(new Error(`closed (${String(code)} ${why}) before ${type}: ${JSON.stringify(inbox)}`))
					})
				})
			}),
		send: (message) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)),
		close: () => ws.terminate(),
	}
}

export interface Joined extends TestSocket {
	readonly peer: PeerId
	readonly room: RoomId
	readonly person: Person
	readonly joined: OfType<'joined'>
	clock(): Promise<OfType<'clock'>>
}

export interface JoinOptions {
	readonly person?: Person
	readonly peer?: PeerId
	readonly name?: string
	readonly socket?: ClientOptions
}

let nextClockId = 1

/** Identity, ticket, socket, join: in the room. */
export const joinRoom = async (url: string, room: RoomId, options: JoinOptions = {}): Promise<Joined> => {
	const person = options.person ?? (await newPerson(url, options.name))
	const peer = options.peer ?? newPeerId()
	const ticket = await newTicket(url, person, room, peer)
	const socket = await openSocket(url, '/ws', { origin: url, ...options.socket })
	socket.send({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket })
	const joined = await socket.next('joined')
	return {
		...socket,
		peer,
		room,
		person,
		joined,
		clock: async () => {
			const id = nextClockId++
			socket.send({ type: 'clock', id, t0: performance.now() })
			for (;;) {
				const answer = await socket.next('clock')
				if (answer.id === id) return answer
			}
		},
	}
}
