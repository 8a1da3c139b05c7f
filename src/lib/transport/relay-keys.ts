/**
 * The keys of one relayed link. Both ends make an X25519 pair for this link alone and swap the public halves, sealed
 * under the room's relay key; frames are AES-256-GCM under HKDF(shared secret | relay key), one key for each direction.
 * Nothing here says who the other end is: the link proof does, over `binding`, which both public halves are in. So a
 * member who sits at the server and swaps the halves gets two links whose proofs do not fit.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import type { RandomSource } from '#lib/core/clock.ts'
import type { PeerId, RoomId } from '#lib/core/units.ts'

export const RELAY_ID_BYTES = 8
/** lane | link | counter, before what is sealed. */
export const RELAY_HEAD_BYTES = 1 + RELAY_ID_BYTES + 4
const NONCE_BYTES = 12
const PUBLIC_KEY_BYTES = 32
const KEY_BITS = 256
const SALT = 'matinee-relay-1'

export interface RelayEnds {
	readonly self: PeerId
	readonly peer: PeerId
	/** Whether `self` is the one who dials. */
	readonly isDialer: boolean
}

export interface RelayPairKeys {
	/** What frames of this link are known by. */
	readonly id: Uint8Array
	readonly binding: Uint8Array
	/** `head` is authenticated and makes the nonce: never the same one twice. */
	seal(head: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<Uint8Array>
	/** Null for what the other end did not seal under this head. */
	open(head: Uint8Array<ArrayBuffer>, sealed: Uint8Array): Promise<Uint8Array | null>
}

export interface RelayHalf {
	/** For the other end. */
	readonly text: string
	/** Null where `text` was not made for exactly this way by a holder of the room's code. */
	meet(text: string): Promise<RelayPairKeys | null>
}

export interface RelayKeys {
	begin(ends: RelayEnds): Promise<RelayHalf>
}

export interface RelayKeysDeps {
	readonly subtle: SubtleCrypto
	readonly random: RandomSource
	/** 32 bytes, from the room's code. */
	readonly relayKey: Uint8Array
	readonly roomId: RoomId
}

const utf8 = new TextEncoder()

const concat = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
	let at = 0
	for (const part of parts) {
		out.set(part, at)
		at += part.length
	}
	return out
}

export const createRelayKeys = async ({
	subtle,
	random,
	relayKey,
	roomId,
}: RelayKeysDeps): Promise<RelayKeys> => {
	const derive = async (
		secret: Uint8Array<ArrayBuffer>,
		purpose: string,
	): Promise<Uint8Array<ArrayBuffer>> => {
		const root = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
		const how = { name: 'HKDF', hash: 'SHA-256', salt: utf8.encode(SALT), info: utf8.encode(purpose) }
		return new Uint8Array(await subtle.deriveBits(how, root, KEY_BITS))
	}
	const aesKey = async (bytes: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt') =>
		subtle.importKey('raw', bytes, 'AES-GCM', false, [use])
	const halfKey = await derive(new Uint8Array(relayKey), 'halves')
	const [sealHalf, openHalf] = await Promise.all([aesKey(halfKey, 'encrypt'), aesKey(halfKey, 'decrypt')])

	const decrypt = async (
		key: CryptoKey,
		iv: Uint8Array<ArrayBuffer>,
		additionalData: Uint8Array<ArrayBuffer>,
		sealed: Uint8Array,
	): Promise<Uint8Array<ArrayBuffer> | null> => {
		try {
			const how = { name: 'AES-GCM', iv, additionalData }
			return new Uint8Array(await subtle.decrypt(how, key, sealed as Uint8Array<ArrayBuffer>))
		} catch {
			return null // WebCrypto says "not authentic" by throwing, and no more than that
		}
	}

	/** What a half is sealed for: this room, this way, this role. */
	const wayOf = (from: PeerId, to: PeerId, isDialer: boolean) =>
		utf8.encode(`${roomId}|${from}|${to}|${isDialer ? 'dial' : 'accept'}`)

	const begin = async ({ self, peer, isDialer }: RelayEnds): Promise<RelayHalf> => {
		const pair = await subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])
		const own = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
		const iv = new Uint8Array(random.bytes(NONCE_BYTES))
		const how = { name: 'AES-GCM', iv, additionalData: wayOf(self, peer, isDialer) }
		const text = bytesToBase64url(concat(iv, new Uint8Array(await subtle.encrypt(how, sealHalf, own))))

		const meet = async (theirText: string): Promise<RelayPairKeys | null> => {
			const sealed = base64urlToBytes(theirText)
			if (sealed === null) return null
			const way = wayOf(peer, self, !isDialer)
			const theirs = await decrypt(openHalf, sealed.slice(0, NONCE_BYTES), way, sealed.slice(NONCE_BYTES))
			if (theirs?.length !== PUBLIC_KEY_BYTES) return null
			const secret = await agree(pair.privateKey, theirs)
			if (secret === null) return null
			const [dialer, accepter] = isDialer ? [own, theirs] : [theirs, own]
			const [dialerId, accepterId] = isDialer ? [self, peer] : [peer, self]
			const facts = concat(utf8.encode(`${SALT}|${roomId}|${dialerId}|${accepterId}|`), dialer, accepter)
			const binding = new Uint8Array(await subtle.digest('SHA-256', facts))
			const root = concat(secret, new Uint8Array(relayKey), binding)
			const [id, toAccepter, toDialer] = await Promise.all([
				derive(root, 'link'),
				derive(root, 'to the accepter'),
				derive(root, 'to the dialer'),
			])
			const [out, back] = isDialer ? [toAccepter, toDialer] : [toDialer, toAccepter]
			const [sealKey, openKey] = await Promise.all([aesKey(out, 'encrypt'), aesKey(back, 'decrypt')])
			return pairKeys(id.slice(0, RELAY_ID_BYTES), binding, sealKey, openKey)
		}
		return { text, meet }
	}

	/** Null for a half that leads every secret to the same result. */
	const agree = async (own: CryptoKey, theirs: Uint8Array<ArrayBuffer>) => {
		try {
			const remote = await subtle.importKey('raw', theirs, { name: 'X25519' }, false, [])
			return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: remote }, own, KEY_BITS))
		} catch {
			return null // so says WebCrypto of such points
		}
	}

	/** Lane and counter: the link has keys of its own, so they are enough. */
	const nonceOf = (head: Uint8Array): Uint8Array<ArrayBuffer> => {
		const iv = new Uint8Array(NONCE_BYTES)
		iv[0] = head[0] ?? 0
		iv.set(head.subarray(1 + RELAY_ID_BYTES), NONCE_BYTES - 4)
		return iv
	}

	const pairKeys = (
		id: Uint8Array,
		binding: Uint8Array,
		sealKey: CryptoKey,
		openKey: CryptoKey,
	): RelayPairKeys => ({
		id,
		binding,
		seal: async (head, bytes) => {
			const how = { name: 'AES-GCM', iv: nonceOf(head), additionalData: head }
			return new Uint8Array(await subtle.encrypt(how, sealKey, bytes as Uint8Array<ArrayBuffer>))
		},
		open: (head, sealed) => decrypt(openKey, nonceOf(head), head, sealed),
	})

	return { begin }
}
