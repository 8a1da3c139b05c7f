/**
 * What the holders of a room's code share on the way to a link: sealed signals (AES-256-GCM, bound to room, sender
 * and receiver) and the MAC that proves membership. The server carries the signals and learns their size.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import type { RandomSource } from '#lib/core/clock.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'

const NONCE_BYTES = 12
/** Texts are padded to a multiple of this, so that sizes tell little of addresses. */
const PAD_TO_BYTES = 256
const LENGTH_BYTES = 4
const KEY_BITS = 256

export interface RoomSecrets {
	/** base64url text for the server to carry from `from` to `to`. */
	sealSignal(from: PeerId, to: PeerId, text: string): Promise<string>
	/** Null for what was not sealed for exactly this way by a holder of the code. */
	openSignal(from: PeerId, to: PeerId, sealed: string): Promise<string | null>
	/** HMAC-SHA-256, 32 bytes. */
	mac(message: Uint8Array): Promise<Uint8Array>
}

export interface RoomSecretsDeps {
	readonly subtle: SubtleCrypto
	readonly random: RandomSource
	/** 32 bytes, from the room's code. */
	readonly roomKey: Uint8Array
	readonly roomId: RoomId
}

const utf8 = new TextEncoder()

export const createRoomSecrets = async ({
	subtle,
	random,
	roomKey,
	roomId,
}: RoomSecretsDeps): Promise<RoomSecrets> => {
	const root = await subtle.importKey('raw', new Uint8Array(roomKey), 'HKDF', false, ['deriveBits'])
	/** One key a purpose: a MAC must never help to open a signal. */
	const derive = (purpose: string): Promise<ArrayBuffer> =>
		subtle.deriveBits(
			{ name: 'HKDF', hash: 'SHA-256', salt: utf8.encode('matinee-1'), info: utf8.encode(purpose) },
			root,
			KEY_BITS,
		)
	const sealKey = await subtle.importKey('raw', await derive('signals'), 'AES-GCM', false, [
		'encrypt',
		'decrypt',
	])
	const macKey = await subtle.importKey(
		'raw',
		await derive('link-mac'),
		{ name: 'HMAC', hash: 'SHA-256' },
		false,
		['sign'],
	)
	const boundTo = (from: PeerId, to: PeerId) => utf8.encode(`${roomId}|${from}|${to}`)

	const pad = (text: string): Uint8Array<ArrayBuffer> => {
		const bytes = utf8.encode(text)
		const out = new Uint8Array(Math.ceil((LENGTH_BYTES + bytes.length) / PAD_TO_BYTES) * PAD_TO_BYTES)
		new DataView(out.buffer).setUint32(0, bytes.length)
		out.set(bytes, LENGTH_BYTES)
		return out
	}
	const unpad = (padded: ArrayBuffer): string | null => {
		if (padded.byteLength < LENGTH_BYTES) return null
		const length = new DataView(padded).getUint32(0)
		if (length > padded.byteLength - LENGTH_BYTES) return null
		return new TextDecoder().decode(new Uint8Array(padded, LENGTH_BYTES, length))
	}

	return {
		sealSignal: async (from, to, text) => {
			const iv = new Uint8Array(random.bytes(NONCE_BYTES))
			const sealed = await subtle.encrypt(
				{ name: 'AES-GCM', iv, additionalData: boundTo(from, to) },
				sealKey,
				pad(text),
			)
			const out = new Uint8Array(NONCE_BYTES + sealed.byteLength)
			out.set(iv)
			out.set(new Uint8Array(sealed), NONCE_BYTES)
			return bytesToBase64url(out)
		},
		openSignal: async (from, to, sealed) => {
			const bytes = base64urlToBytes(sealed)
			if (bytes === null || bytes.length <= NONCE_BYTES) return null
			try {
				const padded = await subtle.decrypt(
					{
						name: 'AES-GCM',
						iv: bytes.subarray(0, NONCE_BYTES),
						additionalData: boundTo(from, to),
					},
					sealKey,
					bytes.subarray(NONCE_BYTES),
				)
				return unpad(padded)
			} catch {
				return null // WebCrypto says "not authentic" by throwing, and no more than that
			}
		},
		mac: async (message) => new Uint8Array(await subtle.sign('HMAC', macKey, new Uint8Array(message))),
	}
}
