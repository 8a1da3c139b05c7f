/**
 * Everything a room's code stands for, by HKDF-SHA-256: the id the server sees and the keys it never has.
 */
import { bytesToBase64url } from './base64url.ts'
import { roomCodeToBytes } from './room-code.ts'
import type { RoomId } from './units.ts'

export interface RoomKeys {
	readonly roomId: RoomId
	/** 32 bytes: seals signals between members, proves membership on links. */
	readonly roomKey: Uint8Array<ArrayBuffer>
	/** 32 bytes: mixed into the keys of relayed frames. */
	readonly relayKey: Uint8Array<ArrayBuffer>
	/** 32 bytes: seals the root that the server keeps. */
	readonly rootKey: Uint8Array<ArrayBuffer>
}

const SALT = 'matinee-1'
const utf8 = new TextEncoder()

/** `code` in its written form, as `parseRoomCode` gives it. */
export const deriveRoomKeys = async (subtle: SubtleCrypto, code: string): Promise<RoomKeys> => {
	const secret = await subtle.importKey('raw', new Uint8Array(roomCodeToBytes(code)), 'HKDF', false, [
		'deriveBits',
	])
	const derive = async (info: string, byteCount: number): Promise<Uint8Array<ArrayBuffer>> =>
		new Uint8Array(
			await subtle.deriveBits(
				{ name: 'HKDF', hash: 'SHA-256', salt: utf8.encode(SALT), info: utf8.encode(info) },
				secret,
				byteCount * 8,
			),
		)
	const [roomId, roomKey, relayKey, rootKey] = await Promise.all([
		derive('room-id', 16),
		derive('room-key', 32),
		derive('relay-key', 32),
		derive('root-key', 32),
	])
	return { roomId: bytesToBase64url(roomId) as RoomId, roomKey, relayKey, rootKey }
}
