/**
 * This device's Ed25519 key, kept as a key pair that no script can read the private half of. Made once: the
 * transaction that finds none decides, so two tabs that start together end up with the same key.
 */
import type { Signer } from '#lib/core/crypto.ts'
import { createWebCryptoSigner } from '#lib/core/web-crypto.ts'
import { requestDone, transactionDone } from './idb.ts'

export const KEYS_STORE = 'keys'
const KEY_NAME = 'device'

export const generateKeyPair = (subtle: SubtleCrypto): Promise<CryptoKeyPair> =>
	subtle.generateKey('Ed25519', false, ['sign', 'verify'])

const PROBE = new TextEncoder().encode('matinee-probe')

/** Null where the stored value is no key pair of ours that still works. */
const signerOf = async (subtle: SubtleCrypto, stored: unknown): Promise<Signer | null> => {
	if (typeof stored !== 'object' || stored === null) return null
	const { privateKey, publicKey } = stored as Partial<CryptoKeyPair>
	if (privateKey === undefined || publicKey === undefined) return null
	try {
		const signer = await createWebCryptoSigner(subtle, { privateKey, publicKey })
		const signature = await subtle.sign('Ed25519', privateKey, PROBE)
		return (await subtle.verify('Ed25519', publicKey, signature, PROBE)) ? signer : null
	} catch {
		return null // a damaged value; a new key replaces it
	}
}

/** How many keys this device has had: 1 at first, more where a damaged one had to be replaced, 0 for none. */
const generationOf = (stored: unknown): number => {
	const generation = (stored as { generation?: unknown } | null | undefined)?.generation
	return typeof generation === 'number' ? generation : 0
}

/** Rejects where the browser cannot make, keep or use such a key. */
export const loadDeviceKey = async (db: IDBDatabase, subtle: SubtleCrypto): Promise<Signer> => {
	const kept: unknown = await requestDone(
		db.transaction(KEYS_STORE, 'readonly').objectStore(KEYS_STORE).get(KEY_NAME) as IDBRequest<unknown>,
	)
	const known = await signerOf(subtle, kept)
	if (known !== null) return known

	const { privateKey, publicKey } = await generateKeyPair(subtle)
	const ours = { generation: generationOf(kept) + 1, privateKey, publicKey }
	const transaction = db.transaction(KEYS_STORE, 'readwrite', { durability: 'strict' })
	const done = transactionDone(transaction)
	done.catch(() => undefined) // awaited below; a failure before that is thrown by the requests
	const keys = transaction.objectStore(KEYS_STORE)
	const meanwhile: unknown = await requestDone(keys.get(KEY_NAME) as IDBRequest<unknown>)
	const winner = generationOf(meanwhile) >= ours.generation ? meanwhile : ours
	if (winner === ours) keys.put(ours, KEY_NAME)
	await done
	const signer = await signerOf(subtle, winner)
	if (signer === null) throw new Error('the device key could not be used')
	return signer
}
