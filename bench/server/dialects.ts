/**
 * How a client speaks to each server of the benchmark: raw WebSockets and the bytes of each protocol, so that all of
 * them are loaded by one and the same program. A message is 168 bytes, its first 16 the time of sending.
 */
import { Agent, request } from 'node:http'
import { WebSocket, type RawData } from 'ws'
import { base64urlToBytes } from '#lib/core/base64url.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'
import { SIGNALING_VERSION } from '#lib/protocol/signaling.ts'
import { audienceOf, newPeerId, newPerson, newRoomId, type Person } from '../../tests/support/ws-client.ts'

export const ROOM_SIZE = 10
export const PAYLOAD_BYTES = 168
/** What sealing adds: counter, tag, type. */
const SEAL_BYTES = 25
const STAMP_CHARS = 16
const FILLER = 'x'.repeat(PAYLOAD_BYTES - STAMP_CHARS)
const PEOPLE_EVERY = 20
const TICKETS_AT_ONCE = 32

export interface Client {
	/** To everybody else in the room. */
	publish(): void
	/** Without a goodbye. */
	close(): void
}

export interface Dialect {
	/** What has to be had before the sockets are opened; again for each wave of them. */
	prepare(from: number, to: number): Promise<void>
	/** In its room; `onDelivery` hears when the message was sent, by `performance.now()`. */
	open(index: number, onDelivery: (sentMs: number) => void): Promise<Client>
}

export type DialectName = 'bare' | 'socket-io' | 'matinee'

const roomOf = (index: number): number => Math.floor(index / ROOM_SIZE)
const stamp = (): string => performance.now().toFixed(6).padStart(STAMP_CHARS, '0')
const textOf = (data: RawData): string => (data as Buffer).toString('latin1')
/** Loopback has many addresses: one of them alone runs out of ports. */
const localAddressOf = (index: number): string => `127.0.0.${String(2 + (index % 8))}`

const openWs = (url: string, index: number): WebSocket =>
	new WebSocket(url.replace(/^http/, 'ws'), {
		perMessageDeflate: false,
		localAddress: localAddressOf(index),
		skipUTF8Validation: true,
	})

const whenOpen = (ws: WebSocket): Promise<void> =>
	new Promise((resolve, reject) => {
		ws.once('open', resolve)
		ws.once('error', reject)
		ws.once('close', (code) => reject(new Error(`closed with ${String(code)}`)))
	})

const none = (): Promise<void> => Promise.resolve()

const bare = (url: string): Dialect => ({
	prepare: none,
	open: async (index, onDelivery) => {
		const ws = openWs(url, index)
		await whenOpen(ws)
		const joined = new Promise((resolve) => ws.once('message', resolve))
		ws.send(`room-${String(roomOf(index))}`)
		await joined
		ws.on('message', (data: RawData) => onDelivery(Number(textOf(data).slice(0, STAMP_CHARS))))
		return {
			publish: () => ws.send(Buffer.from(stamp() + FILLER, 'latin1')),
			close: () => ws.terminate(),
		}
	},
})

/** Engine.IO 4 over its WebSocket: 0 open, 2 ping, 3 pong, 40 connect, 42 event. */
const socketIo = (url: string): Dialect => ({
	prepare: none,
	open: (index, onDelivery) =>
		new Promise((resolve, reject) => {
			const ws = openWs(`${url}/socket.io/?EIO=4&transport=websocket`, index)
			const client: Client = {
				publish: () => ws.send(`42["msg","${stamp()}${FILLER}"]`),
				close: () => ws.terminate(),
			}
			ws.on('error', reject)
			ws.on('message', (data: RawData) => {
				const text = textOf(data)
				if (text.startsWith('42["msg"')) {
					const from = text.indexOf(',') + 2
					onDelivery(Number(text.slice(from, from + STAMP_CHARS)))
				} else if (text === '2') ws.send('3')
				else if (text.startsWith('0')) ws.send('40')
				else if (text.startsWith('40')) ws.send(`42["join","room-${String(roomOf(index))}"]`)
				else if (text.startsWith('42["joined"')) resolve(client)
			})
		}),
})

const RELAY = 1
const ID_BYTES = 16
const HEAD_BYTES = 2
const PARCEL_HEAD_BYTES = ID_BYTES + 4

/** The program as it is: identities, tickets, joins, and sealed parcels to each of the others in one frame. */
const matinee = (url: string): Dialect => {
	const agent = new Agent({ keepAlive: true, maxSockets: TICKETS_AT_ONCE })
	const people = new Map<number, Promise<Person>>()
	const rooms = new Map<number, RoomId>()
	const peers = new Map<number, PeerId>()
	const tickets = new Map<number, string>()
	const audience = audienceOf(url)

	const remembered = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
		const value = map.get(key) ?? make()
		map.set(key, value)
		return value
	}
	const peerOf = (index: number) => remembered(peers, index, newPeerId)
	const roomIdOf = (index: number) => remembered(rooms, roomOf(index), newRoomId)

	const post = (path: string, body: unknown): Promise<Record<string, unknown>> =>
		new Promise((resolve, reject) => {
			request(
				url + path,
				{ agent, method: 'POST', headers: { 'content-type': 'application/json' } },
				(response) => {
					const parts: Buffer[] = []
					response.on('data', (part: Buffer) => parts.push(part))
					response.on('end', () => {
						const text = Buffer.concat(parts).toString()
						if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>)
						else reject(new Error(`${path}: ${String(response.statusCode)} ${text}`))
					})
				},
			)
				.on('error', reject)
				.end(JSON.stringify(body))
		})

	const fetchTicket = async (index: number): Promise<void> => {
		const person = await remembered(people, Math.floor(index / PEOPLE_EVERY), () => newPerson(url))
		const atMs = Date.now()
		const room = roomIdOf(index)
		const peer = peerOf(index)
		const proof = person.prove(`matinee-ticket-1|${await audience}|${room}|${peer}|${String(atMs)}`)
		const { ticket } = await post('/api/tickets', { token: person.token, room, peer, atMs, proof })
		tickets.set(index, String(ticket))
	}

	/** One frame for all the others; only the stamps in it change. */
	const frameFor = (index: number): { readonly frame: Buffer; readonly stampsAt: readonly number[] } => {
		const first = roomOf(index) * ROOM_SIZE
		const others = Array.from({ length: ROOM_SIZE }, (_, i) => first + i).filter((other) => other !== index)
		const bodyBytes = PAYLOAD_BYTES + SEAL_BYTES
		const frame = Buffer.alloc(HEAD_BYTES + others.length * (PARCEL_HEAD_BYTES + bodyBytes), 'x')
		frame[0] = RELAY
		frame[1] = others.length
		const stampsAt = others.map((other, i) => {
			const at = HEAD_BYTES + i * (PARCEL_HEAD_BYTES + bodyBytes)
			frame.set(base64urlToBytes(peerOf(other)) ?? [], at)
			frame.writeUInt32BE(bodyBytes, at + ID_BYTES)
			return at + PARCEL_HEAD_BYTES
		})
		return { frame, stampsAt }
	}

	return {
		prepare: async (from, to) => {
			let next = from
			const work = async () => {
				for (let index = next++; index < to; index = next++) await fetchTicket(index)
			}
			await Promise.all(Array.from({ length: TICKETS_AT_ONCE }, work))
		},
		open: async (index, onDelivery) => {
			const ticket = tickets.get(index)
			if (ticket === undefined) throw new Error('no ticket was fetched')
			const room = roomIdOf(index)
			const ws = openWs(`${url}/ws?room=${room}`, index)
			await whenOpen(ws)
			const joined = new Promise<void>((resolve, reject) => {
				ws.once('message', (data: RawData) => {
					const text = textOf(data)
					if (text.startsWith('{"type":"joined"')) resolve()
					else reject(new Error(text))
				})
			})
			ws.send(JSON.stringify({ type: 'join', v: SIGNALING_VERSION, room, peer: peerOf(index), ticket }))
			await joined
			ws.on('message', (data: RawData, isBinary: boolean) => {
				if (!isBinary) return
				const at = 1 + ID_BYTES
				onDelivery(Number((data as Buffer).toString('latin1', at, at + STAMP_CHARS)))
			})
			const { frame, stampsAt } = frameFor(index)
			return {
				publish: () => {
					const now = stamp()
					for (const at of stampsAt) frame.write(now, at, 'latin1')
					// ws masks what it is given in place: it gets a copy.
					ws.send(Buffer.from(frame))
				},
				close: () => ws.terminate(),
			}
		},
	}
}

export const DIALECTS: Readonly<Record<DialectName, (url: string) => Dialect>> = {
	bare,
	'socket-io': socketIo,
	matinee,
}
