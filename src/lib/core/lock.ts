/**
 * The new code, sealed to each device that stays when a room's lock is changed: X25519 with a fresh key for each
 * record, HKDF over what both sides know, AES-256-GCM. Whoever is left out learns no more than who stays.
 */
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import type { RandomSource } from './clock.ts'
import { KINDS, type Bodies } from './kinds.ts'
import { CODE_CHARS, parseRoomCode } from './room-code.ts'
import { hkdf } from './room-keys.ts'
import { list, literal, object, text } from './schema.ts'
import { ID_PATTERN, type DeviceId, type RoomId } from './units.ts'

/** X25519: what only this device is to read is sealed to the public half (32 bytes); the other cannot be read out. */
export interface BoxKey {
	readonly publicKey: Uint8Array<ArrayBuffer>
	readonly privateKey: CryptoKey
}

export interface Recipient {
	readonly device: DeviceId
	readonly boxKey: Uint8Array
}

export interface LockPayload {
	/** In its written form. */
	readonly code: string
	/** 32 bytes, where the new room has a password. */
	readonly passwordSecret: Uint8Array | null
}

type MovedBody = Bodies['moved']

export const NOTES_A_BODY = 40
export const RECIPIENTS_MAX = NOTES_A_BODY * KINDS.moved.slots
const NONCE_BYTES = 12
const SECRET_BYTES = 32
const WRITTEN_CODE_CHARS = CODE_CHARS + 4
const PAYLOAD_BYTES = WRITTEN_CODE_CHARS + 1 + SECRET_BYTES
const utf8 = new TextEncoder()

/** One length for all, so that it tells nobody whether there is a password. */
const packPayload = ({ code, passwordSecret }: LockPayload): Uint8Array<ArrayBuffer> => {
	const packed = new Uint8Array(PAYLOAD_BYTES)
	packed.set(utf8.encode(code))
	if (passwordSecret !== null) packed.set([1, ...passwordSecret], WRITTEN_CODE_CHARS)
	return packed
}

const unpackPayload = (packed: Uint8Array): LockPayload | null => {
	if (packed.length !== PAYLOAD_BYTES) return null
	const parsed = parseRoomCode(String.fromCharCode(...packed.subarray(0, WRITTEN_CODE_CHARS)))
	const has = packed[WRITTEN_CODE_CHARS]
	if (parsed.type !== 'code' || has === undefined || has > 1) return null
	return { code: parsed.code, passwordSecret: has === 1 ? packed.slice(WRITTEN_CODE_CHARS + 1) : null }
}

const idBytes = (id: RoomId | DeviceId): Uint8Array => base64urlToBytes(id) ?? new Uint8Array()

/** Bound to both keys, the room that is left and the device, so that a note is good for nothing else. */
const noteKey = async (
	subtle: SubtleCrypto,
	own: CryptoKey,
	other: CryptoKey,
	context: {
		readonly ephemeral: Uint8Array
		readonly recipient: Recipient
		readonly roomId: RoomId
	},
	use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> => {
	const shared = new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: other }, own, 256))
	const { ephemeral, recipient, roomId } = context
	const info = new Uint8Array([
		...utf8.encode('moved-note'),
		...ephemeral,
		...recipient.boxKey,
		...idBytes(roomId),
		...idBytes(recipient.device),
	])
	return subtle.importKey('raw', await hkdf(subtle, shared, info, 32), 'AES-GCM', false, [use])
}

const publicKeyOf = (subtle: SubtleCrypto, raw: Uint8Array): Promise<CryptoKey> =>
	subtle.importKey('raw', new Uint8Array(raw), 'X25519', true, [])

export interface SealedNotes {
	/** Bodies of `moved` records, for the room that is left. */
	readonly bodies: readonly MovedBody[]
	/** Devices whose key nothing can be sealed to, and those beyond the 640 that one change can move. */
	readonly unsealed: readonly DeviceId[]
}

/** `roomId`: the room that is left. */
export const sealNotes = async (
	{ subtle, random }: { readonly subtle: SubtleCrypto; readonly random: RandomSource },
	recipients: readonly Recipient[],
	payload: LockPayload,
	roomId: RoomId,
): Promise<SealedNotes> => {
	const packed = packPayload(payload)
	const bodies: MovedBody[] = []
	const unsealed = recipients.slice(RECIPIENTS_MAX).map(({ device }) => device)
	for (let at = 0; at < Math.min(recipients.length, RECIPIENTS_MAX); at += NOTES_A_BODY) {
		const pair = await subtle.generateKey('X25519', false, ['deriveBits'])
		const ephemeral = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
		const notes: MovedBody['notes'] = []
		for (const recipient of recipients.slice(at, Math.min(at + NOTES_A_BODY, RECIPIENTS_MAX))) {
			try {
				const other = await publicKeyOf(subtle, recipient.boxKey)
				const context = { ephemeral, recipient, roomId }
				const key = await noteKey(subtle, pair.privateKey, other, context, 'encrypt')
				const nonce = new Uint8Array(random.bytes(NONCE_BYTES))
				const sealed = await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, packed)
				notes.push({ d: recipient.device, c: new Uint8Array([...nonce, ...new Uint8Array(sealed)]) })
			} catch {
				unsealed.push(recipient.device) // no point of the curve, or one that leads to nothing secret
			}
		}
		if (notes.length > 0) bodies.push({ e: ephemeral, notes })
	}
	return { bodies, unsealed }
}

/** What the notes hold for `device`; null where none of them is for it, or none opens. */
export const openNote = async (
	subtle: SubtleCrypto,
	box: BoxKey,
	device: DeviceId,
	bodies: readonly MovedBody[],
	roomId: RoomId,
): Promise<LockPayload | null> => {
	for (const { e, notes } of bodies) {
		for (const { d, c } of notes) {
			if (d !== device) continue
			try {
				const context = { ephemeral: e, recipient: { device, boxKey: box.publicKey }, roomId }
				const key = await noteKey(subtle, box.privateKey, await publicKeyOf(subtle, e), context, 'decrypt')
				const iv = c.slice(0, NONCE_BYTES)
				const packed = await subtle.decrypt({ name: 'AES-GCM', iv }, key, c.slice(NONCE_BYTES))
				const payload = unpackPayload(new Uint8Array(packed))
				if (payload !== null) return payload
			} catch {
				// Sealed to a key that this device had once, or damaged: another note may open.
			}
		}
	}
	return null
}

/** The owner's own `id` record and the `moved` records of each slot. */
const RECORDS_IN_NOTES_MAX = KINDS.moved.slots + 1
const RECORD_MAX_CHARS = 20_000

const notesShape = object({
	v: literal(1),
	room: text(22, ID_PATTERN),
	records: list(text(RECORD_MAX_CHARS, /^[A-Za-z0-9_-]+$/), RECORDS_IN_NOTES_MAX),
})

/**
 * The notes as the server keeps them for those who are away: the signed records themselves, which prove to every
 * reader who wrote them. base64url.
 */
export const encodeNotes = (roomId: RoomId, records: readonly Uint8Array[]): string =>
	bytesToBase64url(
		utf8.encode(JSON.stringify({ v: 1, room: roomId, records: records.map(bytesToBase64url) })),
	)

/** The records in what the server gave, unchecked; null where it is nothing of ours. */
export const decodeNotes = (notes: string, roomId: RoomId): readonly Uint8Array[] | null => {
	const bytes = base64urlToBytes(notes)
	if (bytes === null) return null
	try {
		const parsed = notesShape.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
		return parsed?.room === roomId ? parsed.records.flatMap((text) => base64urlToBytes(text) ?? []) : null
	} catch {
		return null // no UTF-8 or no JSON is one of the ways to be nothing of ours
	}
}
