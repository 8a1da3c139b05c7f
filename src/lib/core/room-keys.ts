/**
 * Everything a room's code stands for, by HKDF-SHA-256: the ids the server sees and the keys it never has. In a room
 * with a password the code alone leads to the root only; the rest takes the password's secret too.
 */
import { bytesToBase64url } from './base64url.ts'
import { roomCodeToBytes } from './room-code.ts'
import type { RoomId } from './units.ts'

export interface RoomKeys {
	/** From the code alone: where the root is found, and what binds it. The room's own id where it has no password. */
	readonly lookupId: RoomId
	readonly roomId: RoomId
	/** 32 bytes: seals signals between members, proves membership on links. */
	readonly roomKey: Uint8Array<ArrayBuffer>
	/** 32 bytes: mixed into the keys of relayed frames. */
	readonly relayKey: Uint8Array<ArrayBuffer>
	/** 32 bytes, from the code alone: seals the root that the server keeps. */
	readonly rootKey: Uint8Array<ArrayBuffer>
}

const SALT = 'matinee-1'
const utf8 = new TextEncoder()

/** `count` bytes that `secret` leads to under the name `info`. */
export const hkdf = async (
	subtle: SubtleCrypto,
	secret: Uint8Array<ArrayBuffer>,
	info: Uint8Array<ArrayBuffer> | string,
	count: number,
): Promise<Uint8Array<ArrayBuffer>> => {
	const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
	const named = typeof info === 'string' ? utf8.encode(info) : info
	const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: utf8.encode(SALT), info: named }
	return new Uint8Array(await subtle.deriveBits(algorithm, key, count * 8))
}

/** `code` in its written form, as `parseRoomCode` gives it; `passwordSecret` as `derivePasswordSecret` does. */
export const deriveRoomKeys = async (
	subtle: SubtleCrypto,
	code: string,
	passwordSecret: Uint8Array | null = null,
): Promise<RoomKeys> => {
	const fromCode = new Uint8Array(roomCodeToBytes(code))
	const secret = new Uint8Array([...fromCode, ...(passwordSecret ?? [])])
	const [lookupId, roomId, roomKey, relayKey, rootKey] = await Promise.all([
		hkdf(subtle, fromCode, 'room-id', 16),
		hkdf(subtle, secret, 'room-id', 16),
		hkdf(subtle, secret, 'room-key', 32),
		hkdf(subtle, secret, 'relay-key', 32),
		hkdf(subtle, fromCode, 'root-key', 32),
	])
	const idOf = (bytes: Uint8Array): RoomId => bytesToBase64url(bytes) as RoomId
	return { lookupId: idOf(lookupId), roomId: idOf(roomId), roomKey, relayKey, rootKey }
}
