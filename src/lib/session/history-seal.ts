/**
 * A room's document as the server keeps it: packed, padded so that its size tells little, and sealed with a key that
 * follows from the room's (AES-256-GCM, bound to room and version). What comes back is input from a stranger.
 *
 * Sealed: u8 format | 12 B nonce | AES-GCM of (u8 packing | u48 sealed at, ms | u32 length | bytes | zeros).
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { RandomSource } from '#lib/core/clock.ts'
import { hkdf, type RoomKeys } from '#lib/core/room-keys.ts'
import type { Millis } from '#lib/core/units.ts'
import { STATE_MAX_BYTES } from '#lib/protocol/room-frames.ts'

export interface HistorySeal {
	/** What the server is shown, base64url: only members have it, and nothing else follows from it. */
	readonly key: string
	/** base64url of its SHA-256, which the server checks it by. */
	readonly verifier: string
	/** At most `maxBytes` where they suffice; else what it takes. */
	seal(content: HistoryContent, version: number, maxBytes: number): Promise<Uint8Array<ArrayBuffer>>
	/** Never rejects. */
	open(sealed: Uint8Array<ArrayBuffer>, version: number): Promise<OpenedHistory>
}

export interface HistoryContent {
	/** A Yjs state (V1). */
	readonly update: Uint8Array
	/** Room time. */
	readonly atMs: Millis
}

export type OpenedHistory =
	| { readonly type: 'opened'; readonly content: HistoryContent }
	/** Not sealed for this room and version, damaged, or a bomb. */
	| { readonly type: 'damaged' }
	/** Of a format that only a later version of the app knows. */
	| { readonly type: 'newer' }

const FORMAT = 1
const DAMAGED: OpenedHistory = { type: 'damaged' }
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + 6 + 4
const OUTSIDE_BYTES = 1 + NONCE_BYTES + TAG_BYTES
const PACKING = { none: 0, gzip: 1 } as const
const PAD_MIN_BYTES = 4_096
/** Sizes are told to one part in so many. */
const PAD_STEPS = 16

const utf8 = new TextEncoder()

/** The next size that is told: up to a sixteenth more. */
export const paddedSize = (bytes: number): number => {
	if (bytes <= PAD_MIN_BYTES) return PAD_MIN_BYTES
	const step = Math.max(PAD_MIN_BYTES, 2 ** Math.floor(Math.log2(bytes)) / PAD_STEPS)
	return Math.ceil(bytes / step) * step
}

/** What `stream` makes of `bytes`; null where that is more than `maxBytes`, of which no more is made, or where it fails. */
const pass = async (
	bytes: Uint8Array<ArrayBuffer>,
	stream: ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> => {
	const parts: Uint8Array[] = []
	let size = 0
	try {
		const reader = new Blob([bytes])
			.stream()
			.pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)
			.getReader()
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			size += part.value.length
			if (size > maxBytes) {
				// What is left of a bomb stays packed; why it ended early interests nobody.
				void reader.cancel().catch(() => undefined)
				return null
			}
			parts.push(part.value)
		}
	} catch {
		return null // no gzip, or cut short
	}
	const whole = new Uint8Array(size)
	let at = 0
	for (const part of parts) {
		whole.set(part, at)
		at += part.length
	}
	return whole
}

const canPack = (): boolean => typeof CompressionStream === 'function'

/** `roomKey`: 32 bytes that the server never has. */
export const createHistorySeal = async ({
	subtle,
	random,
	keys: { roomKey, roomId },
}: {
	readonly subtle: SubtleCrypto
	readonly random: RandomSource
	readonly keys: Pick<RoomKeys, 'roomKey' | 'roomId'>
}): Promise<HistorySeal> => {
	const [sealBytes, keyBytes] = await Promise.all([
		hkdf(subtle, roomKey, 'history', 32),
		hkdf(subtle, roomKey, 'history-access', 32),
	])
	const sealKey = await subtle.importKey('raw', sealBytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
	const verifier = new Uint8Array(await subtle.digest('SHA-256', keyBytes))
	const boundTo = (version: number) => utf8.encode(`matinee-history-1|${roomId}|${String(version)}`)

	const open: HistorySeal['open'] = async (sealed, version) => {
		if ((sealed[0] ?? 0) > FORMAT) return { type: 'newer' }
		if (sealed[0] !== FORMAT || sealed.length < OUTSIDE_BYTES + HEAD_BYTES) return DAMAGED
		let plain: Uint8Array<ArrayBuffer>
		try {
			const iv = sealed.subarray(1, 1 + NONCE_BYTES)
			const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(version) }
			plain = new Uint8Array(await subtle.decrypt(algorithm, sealKey, sealed.subarray(1 + NONCE_BYTES)))
		} catch {
			return DAMAGED // WebCrypto says "not authentic" by throwing, and no more than that
		}
		const view = new DataView(plain.buffer)
		const atMs = view.getUint16(1) * 2 ** 32 + view.getUint32(3)
		const length = view.getUint32(7)
		const packed = plain.subarray(HEAD_BYTES, HEAD_BYTES + length)
		if (packed.length !== length) return DAMAGED
		if (plain[0] === PACKING.none) return { type: 'opened', content: { update: packed, atMs } }
		if (plain[0] !== PACKING.gzip || typeof DecompressionStream !== 'function') return DAMAGED
		const update = await pass(packed, new DecompressionStream('gzip'), STATE_MAX_BYTES)
		return update === null ? DAMAGED : { type: 'opened', content: { update, atMs } }
	}

	return {
		key: bytesToBase64url(keyBytes),
		verifier: bytesToBase64url(verifier),
		open,
		seal: async ({ update, atMs }, version, maxBytes) => {
			const bytes = new Uint8Array(update)
			const zipped = canPack() ? await pass(bytes, new CompressionStream('gzip'), bytes.length) : null
			const body = zipped ?? bytes
			const least = OUTSIDE_BYTES + HEAD_BYTES + body.length
			const most = Math.max(least, maxBytes)
			const plain = new Uint8Array(Math.min(most, paddedSize(least)) - OUTSIDE_BYTES)
			const view = new DataView(plain.buffer)
			plain[0] = zipped === null ? PACKING.none : PACKING.gzip
			view.setUint16(1, Math.floor(atMs / 2 ** 32))
			view.setUint32(3, atMs % 2 ** 32)
			view.setUint32(7, body.length)
			plain.set(body, HEAD_BYTES)
			const iv = new Uint8Array(random.bytes(NONCE_BYTES))
			const algorithm = { name: 'AES-GCM', iv, additionalData: boundTo(version) }
			const sealed = new Uint8Array(await subtle.encrypt(algorithm, sealKey, plain))
			const out = new Uint8Array(1 + NONCE_BYTES + sealed.length)
			out[0] = FORMAT
			out.set(iv, 1)
			out.set(sealed, 1 + NONCE_BYTES)
			return out
		},
	}
}
