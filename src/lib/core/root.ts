/**
 * The root: a room's founding facts, signed by the owner's device and sealed with a key from the code. The server
 * keeps it first come and can neither read nor forge it; a member pins the first one seen.
 *
 * Sealed form: base64url(12-byte nonce | AES-256-GCM(rootKey, JSON, additional data = lookup id)).
 */
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import type { RandomSource } from './clock.ts'
import type { Signer, Verifier } from './crypto.ts'
import type { RoomKeys } from './room-keys.ts'
import type { RoomRoot } from './room.ts'
import { ID_PATTERN, type DeviceId, type RoomId, type SubjectId } from './units.ts'

export const ROOM_TITLE_MAX_CHARS = 120
/** How many rooms a root may name as what this one was before. */
export const BEFORE_MAX = 8
const NONCE_BYTES = 12
const utf8 = new TextEncoder()

/** What is signed: every field, in a fixed order, bound to the room. Roots of old have no lock in it. */
const signedText = (root: RoomRoot, lookupId: string): Uint8Array => {
	const { passwordCheck, before } = root
	const lock =
		passwordCheck !== undefined || before !== undefined ? [passwordCheck ?? null, before ?? null] : []
	return utf8.encode(
		JSON.stringify([
			'matinee-root-1',
			lookupId,
			root.v,
			root.ownerDevice,
			root.ownerSubject,
			root.title,
			root.createdAtMs,
			...lock,
		]),
	)
}

/** What the owner's device signs, so that a server that cannot read the root knows whose orders to take. */
export const ownerStatement = (roomId: RoomId, subject: SubjectId): Uint8Array<ArrayBuffer> =>
	utf8.encode(`matinee-room-owner-1|${roomId}|${subject}`)

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
	const { signer } = deps
	if (signer.device !== root.ownerDevice) throw new Error('a root is signed by its owner’s device')
	const sign = async (text: Uint8Array): Promise<string> => bytesToBase64url(await signer.sign(text))
	const text = JSON.stringify({
		...root,
		ownerKey: bytesToBase64url(signer.publicKey),
		signature: await sign(signedText(root, keys.lookupId)),
		ownerStatement: await sign(ownerStatement(keys.roomId, root.ownerSubject)),
	})
	const nonce = new Uint8Array(deps.random.bytes(NONCE_BYTES))
	const sealed = await deps.subtle.encrypt(
		{ name: 'AES-GCM', iv: nonce, additionalData: utf8.encode(keys.lookupId) },
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
			{ name: 'AES-GCM', iv: bytes.slice(0, NONCE_BYTES), additionalData: utf8.encode(keys.lookupId) },
			await rootCipherKey(subtle, keys, 'decrypt'),
			bytes.slice(NONCE_BYTES),
		)
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown
	} catch {
		return null // not sealed with this code, or tampered with: either way no root
	}
}

/** A root that its owner's device has signed, and the proof. */
export interface SignedRoot {
	readonly root: RoomRoot
	/** base64url, as is the signature. */
	readonly ownerKey: string
	readonly signature: string
	/** The signature under `ownerStatement` of the room's own id; null in roots made before there was one. */
	readonly ownerStatement: string | null
}

const isRoomIds = (input: unknown): input is RoomId[] =>
	Array.isArray(input) &&
	input.length <= BEFORE_MAX &&
	input.every((id) => typeof id === 'string' && ID_PATTERN.test(id))

/** A root in the clear, as `openSignedRoot` or an exported log has it; null unless its owner's signature holds. */
export const readSignedRoot = async (
	verifier: Verifier,
	lookupId: RoomId,
	input: unknown,
): Promise<SignedRoot | null> => {
	if (typeof input !== 'object' || input === null) return null
	const get = (key: string): unknown =>
		Object.hasOwn(input, key) ? (input as Record<string, unknown>)[key] : undefined
	const title = get('title')
	const createdAtMs = get('createdAtMs')
	const ownerDevice = get('ownerDevice')
	const ownerSubject = get('ownerSubject')
	const ownerKey = get('ownerKey')
	const signature = get('signature')
	const statement = get('ownerStatement')
	const passwordCheck = get('passwordCheck')
	const before = get('before')
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
		typeof ownerKey !== 'string' ||
		typeof signature !== 'string' ||
		(passwordCheck !== undefined && (typeof passwordCheck !== 'string' || !ID_PATTERN.test(passwordCheck))) ||
		(before !== undefined && !isRoomIds(before))
	)
		return null
	const root: RoomRoot = {
		v: 1,
		ownerDevice: ownerDevice as DeviceId,
		ownerSubject: ownerSubject as SubjectId,
		title,
		createdAtMs,
		...(passwordCheck === undefined ? {} : { passwordCheck }),
		...(before === undefined ? {} : { before }),
	}
	const [keyBytes, signatureBytes] = [base64urlToBytes(ownerKey), base64urlToBytes(signature)]
	if (keyBytes === null || signatureBytes === null) return null
	if ((await verifier.deviceOf(keyBytes)) !== root.ownerDevice) return null
	if (!(await verifier.verify(keyBytes, signedText(root, lookupId), signatureBytes))) return null
	return { root, ownerKey, signature, ownerStatement: typeof statement === 'string' ? statement : null }
}

/** As `openRoot`, with the owner's key and signatures. */
export const openSignedRoot = async (
	deps: { readonly subtle: SubtleCrypto; readonly verifier: Verifier },
	keys: RoomKeys,
	sealed: string,
): Promise<SignedRoot | null> =>
	readSignedRoot(deps.verifier, keys.lookupId, await open(deps.subtle, keys, sealed))

/** The root if `sealed` opens with this code's key and its owner's signature holds; null otherwise. */
export const openRoot = async (
	deps: { readonly subtle: SubtleCrypto; readonly verifier: Verifier },
	keys: RoomKeys,
	sealed: string,
): Promise<RoomRoot | null> => (await openSignedRoot(deps, keys, sealed))?.root ?? null

/** Whether `sealed` opens with this code's key to a root of a later version than this one reads. */
export const isLaterRoot = async (subtle: SubtleCrypto, keys: RoomKeys, sealed: string): Promise<boolean> => {
	const input = await open(subtle, keys, sealed)
	const v = typeof input === 'object' && input !== null && 'v' in input ? input.v : null
	return Number.isInteger(v) && (v as number) > 1
}
