/**
 * The root: a room's founding facts, signed by the owner's device and sealed with a key from the code. The server
 * keeps it first come and can neither read nor forge it; a member pins the first one seen.
 *
 * Sealed form: base64url(12-byte nonce | AES-256-GCM(rootKey, JSON, additional data = roomId)).
 */
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import type { RandomSource } from './clock.ts'
import type { Signer, Verifier } from './crypto.ts'
import type { RoomKeys } from './room-keys.ts'
import type { RoomRoot } from './room.ts'
import { ID_PATTERN, type DeviceId, type SubjectId } from './units.ts'

export const ROOM_TITLE_MAX_CHARS = 120
const NONCE_BYTES = 12
const utf8 = new TextEncoder()

/** What is signed: every field, in a fixed order, bound to the room. */
const signedText = (root: RoomRoot, roomId: string): Uint8Array =>
	utf8.encode(
		JSON.stringify([
			'matinee-root-1',
			roomId,
			root.v,
			root.ownerDevice,
			root.ownerSubject,
			root.title,
			root.createdAtMs,
		]),
	)

const rootCipherKey = (
	subtle: SubtleCrypto,
	keys: RoomKeys,
	use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> => subtle.importKey('raw', keys.rootKey, 'AES-GCM', false, [use])

/** Signs and seals; the signer must be `root.ownerDevice`. */
export const sealRoot = async (
	deps: { readonly subtle: SubtleCrypto; readonly random: RandomSource; readonly signer: Signer },
	keys: RoomKeys,
	root: RoomRoot,
): Promise<string> => {
	if (deps.signer.device !== root.ownerDevice) throw new Error('a root is signed by its owner’s device')
	const signature = await deps.signer.sign(signedText(root, keys.roomId))
	const text = JSON.stringify({
		...root,
		ownerKey: bytesToBase64url(deps.signer.publicKey),
		signature: bytesToBase64url(signature),
	})
	const nonce = new Uint8Array(deps.random.bytes(NONCE_BYTES))
	const sealed = await deps.subtle.encrypt(
		{ name: 'AES-GCM', iv: nonce, additionalData: utf8.encode(keys.roomId) },
		await rootCipherKey(deps.subtle, keys, 'encrypt'),
		utf8.encode(text),
	)
	const out = new Uint8Array(NONCE_BYTES + sealed.byteLength)
	out.set(nonce)
	out.set(new Uint8Array(sealed), NONCE_BYTES)
	return bytesToBase64url(out)
}

const open = async (subtle: SubtleCrypto, keys: RoomKeys, sealed: string): Promise<unknown> => {
	const bytes = base64urlToBytes(sealed)
	if (bytes === null || bytes.length <= NONCE_BYTES) return null
	try {
		const text = await subtle.decrypt(
			{ name: 'AES-GCM', iv: bytes.slice(0, NONCE_BYTES), additionalData: utf8.encode(keys.roomId) },
			await rootCipherKey(subtle, keys, 'decrypt'),
			bytes.slice(NONCE_BYTES),
		)
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown
	} catch {
		return null // not sealed with this code, or tampered with: either way no root
	}
}

/** The root if `sealed` opens with this code's key and its owner's signature holds; null otherwise. */
export const openRoot = async (
	deps: { readonly subtle: SubtleCrypto; readonly verifier: Verifier },
	keys: RoomKeys,
	sealed: string,
): Promise<RoomRoot | null> => {
	const input = await open(deps.subtle, keys, sealed)
	if (typeof input !== 'object' || input === null) return null
	const get = (key: string): unknown =>
		Object.hasOwn(input, key) ? (input as Record<string, unknown>)[key] : undefined
	const title = get('title')
	const createdAtMs = get('createdAtMs')
	const ownerDevice = get('ownerDevice')
	const ownerSubject = get('ownerSubject')
	const ownerKeyText = get('ownerKey')
	const signatureText = get('signature')
	if (
		get('v') !== 1 ||
		typeof title !== 'string' ||
		title.length > ROOM_TITLE_MAX_CHARS ||
		typeof createdAtMs !== 'number' ||
		!Number.isSafeInteger(createdAtMs) ||
		typeof ownerDevice !== 'string' ||
		!ID_PATTERN.test(ownerDevice) ||
		typeof ownerSubject !== 'string' ||
		ownerSubject.length > 64 ||
		typeof ownerKeyText !== 'string' ||
		typeof signatureText !== 'string'
	)
		return null
	const root: RoomRoot = {
		v: 1,
		ownerDevice: ownerDevice as DeviceId,
		ownerSubject: ownerSubject as SubjectId,
		title,
		createdAtMs,
	}
	const ownerKey = base64urlToBytes(ownerKeyText)
	const signature = base64urlToBytes(signatureText)
	if (ownerKey === null || signature === null) return null
	if ((await deps.verifier.deviceOf(ownerKey)) !== root.ownerDevice) return null
	return (await deps.verifier.verify(ownerKey, signedText(root, keys.roomId), signature)) ? root : null
}
