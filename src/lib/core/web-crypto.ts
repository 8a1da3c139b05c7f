/**
 * Ed25519 by WebCrypto behind the core's ports. The `SubtleCrypto` is handed in, so this file reaches for nothing.
 */
import { bytesToBase64url } from './base64url.ts'
import type { Signer, Verifier } from './crypto.ts'
import { ID_BYTES, type DeviceId } from './units.ts'

const ALGORITHM = 'Ed25519'
/** Importing a key costs a tenth of a check, and so does the name of its device; a room's worth of both is kept. */
const KEYS_KEPT = 2_000

/** WebCrypto wants views that cannot lie on shared memory; ours never do. */
const view = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

const deviceOf = async (subtle: SubtleCrypto, publicKey: Uint8Array): Promise<DeviceId> => {
	const digest = await subtle.digest('SHA-256', view(publicKey))
	return bytesToBase64url(new Uint8Array(digest, 0, ID_BYTES)) as DeviceId
}

/** By public key; the oldest are forgotten first. */
const keepByKey = <T>(make: (publicKey: Uint8Array) => Promise<T>) => {
	const kept = new Map<string, Promise<T>>()
	return (publicKey: Uint8Array): Promise<T> => {
		const name = bytesToBase64url(publicKey)
		const known = kept.get(name)
		if (known !== undefined) return known
		const made = make(publicKey)
		if (kept.size >= KEYS_KEPT)
			for (const oldest of kept.keys()) {
				kept.delete(oldest)
				break
			}
		kept.set(name, made)
		return made
	}
}

export const createWebCryptoVerifier = (subtle: SubtleCrypto): Verifier => {
	const imported = keepByKey((publicKey) =>
		subtle
			.importKey('raw', view(publicKey), ALGORITHM, false, ['verify'])
			.catch(() => null /* not a point on the curve: nothing it signs is good */),
	)

	return {
		verify: async (publicKey, message, signature) => {
			try {
				const key = await imported(publicKey)
				return key !== null && (await subtle.verify(ALGORITHM, key, view(signature), view(message)))
			} catch {
				return false // a signature of the wrong length throws in some browsers
			}
		},
		deviceOf: keepByKey((publicKey) => deviceOf(subtle, publicKey)),
	}
}

/** `keyPair` may be non-extractable; its public half must be extractable (WebCrypto always makes it so). */
export const createWebCryptoSigner = async (
	subtle: SubtleCrypto,
	keyPair: CryptoKeyPair,
): Promise<Signer> => {
	const publicKey = new Uint8Array(await subtle.exportKey('raw', keyPair.publicKey))
	return {
		publicKey,
		device: await deviceOf(subtle, publicKey),
		sign: async (message) => new Uint8Array(await subtle.sign(ALGORITHM, keyPair.privateKey, view(message))),
	}
}
