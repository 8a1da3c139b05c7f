/**
 * What a member asks the server about a room's history, claim by claim, as a test wants it.
 */
import { createHash } from 'node:crypto'
import type { RoomId } from '#lib/core/units.ts'
import { HISTORY_HEADER, historyProofText } from '#lib/protocol/history.ts'
import { audienceOf, send, type Answer, type Person } from './ws-client.ts'

export const HISTORY_KEY = Buffer.alloc(32, 7).toString('base64url')
export const verifierOf = (key: string): string =>
	createHash('sha256').update(Buffer.from(key, 'base64url')).digest('base64url')

export interface HistoryAnswer {
	readonly status: number
	readonly headers: Headers
	readonly bytes: Buffer
	/** What of the body is JSON. */
	readonly body: Record<string, unknown>
}

export const historyUrl = (url: string, room: RoomId): string => `${url}/api/rooms/${room}/history`

export const claimOf = async (
	url: string,
	by: Person,
	room: RoomId,
	method: 'GET' | 'PUT',
	version: number,
	body: Uint8Array | null,
	change: Record<string, unknown> = {},
): Promise<Record<string, unknown>> => {
	const hash = body === null ? '' : createHash('sha256').update(body).digest('base64url')
	const atMs = typeof change['atMs'] === 'number' ? change['atMs'] : Date.now()
	const text = historyProofText(await audienceOf(url), room, method, version, hash, atMs)
	return { token: by.token, key: HISTORY_KEY, version, atMs, proof: by.prove(text), ...change }
}

export const askHistory = async (
	url: string,
	room: RoomId,
	method: 'GET' | 'PUT',
	claim: unknown,
	body: Uint8Array | null = null,
): Promise<HistoryAnswer> => {
	const response = await fetch(historyUrl(url, room), {
		method,
		headers: {
			...(claim === undefined
				? {}
				: { [HISTORY_HEADER]: typeof claim === 'string' ? claim : JSON.stringify(claim) }),
			...(body === null ? {} : { 'content-type': 'application/octet-stream' }),
		},
		...(body === null ? {} : { body: new Uint8Array(body) }),
	})
	const bytes = Buffer.from(await response.arrayBuffer())
	const isJson = response.headers.get('content-type')?.includes('json') ?? false
	return {
		status: response.status,
		headers: response.headers,
		bytes,
		body: isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {},
	}
}

export const readHistory = async (
	url: string,
	by: Person,
	room: RoomId,
	have = 0,
	change: Record<string, unknown> = {},
): Promise<HistoryAnswer> =>
	askHistory(url, room, 'GET', await claimOf(url, by, room, 'GET', have, null, change))

export const writeHistory = async (
	url: string,
	by: Person,
	room: RoomId,
	base: number,
	body: Uint8Array,
	change: Record<string, unknown> = {},
): Promise<HistoryAnswer> =>
	askHistory(url, room, 'PUT', await claimOf(url, by, room, 'PUT', base, body, change), body)

/** A room of `owner`'s, as its root's registration names it. */
export const registerRoom = (url: string, owner: Person, room: RoomId): Promise<Answer> =>
	send(`${url}/api/rooms/${room}`, 'PUT', {
		root: 'c2VhbGVk',
		owner: {
			jwk: owner.jwk,
			subject: owner.subject,
			signature: owner.prove(`matinee-room-owner-1|${room}|${owner.subject}`),
		},
		token: owner.token,
	})

export const giveOrder = async (url: string, by: Person, room: RoomId, order: unknown): Promise<Answer> => {
	const text = JSON.stringify(order)
	const atMs = Date.now()
	const proof = by.prove(`matinee-order-1|${await audienceOf(url)}|${room}|${String(atMs)}|${text}`)
	return send(`${url}/api/rooms/${room}/orders`, 'POST', { token: by.token, atMs, order: text, proof })
}

export const keepHistory = (url: string, by: Person, room: RoomId, key = HISTORY_KEY): Promise<Answer> =>
	giveOrder(url, by, room, { type: 'keep-history', verifier: verifierOf(key) })
