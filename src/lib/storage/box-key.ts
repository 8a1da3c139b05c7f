/**
 * This device's X25519 key: others seal to it what only this device is to read. Kept as a key pair that no script
 * can read the private half of; the transaction that finds none decides, as with the device key.
 */
import type { BoxKey } from '#lib/core/lock.ts'
import { KEYS_STORE } from './device-key.ts'
import { requestDone, transactionDone } from './idb.ts'

const KEY_NAME = 'box'

export const generateBoxKey = async (subtle: SubtleCrypto): Promise<BoxKey> => {
	const pair = await subtle.generateKey('X25519', false, ['deriveBits'])
	return {
		publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
		privateKey: pair.privateKey,
	}
}

/** Null where the stored value is no such key that still works. */
const boxKeyOf = async (subtle: SubtleCrypto, stored: unknown): Promise<BoxKey | null> => {
	if (typeof stored !== 'object' || stored === null) return null
	const { privateKey, publicKey } = stored as Partial<BoxKey>
	if (privateKey === undefined || !(publicKey instanceof Uint8Array)) return null
	try {
		const own = await subtle.importKey('raw', publicKey, 'X25519', true, [])
		await subtle.deriveBits({ name: 'X25519', public: own }, privateKey, 256)
		return { publicKey: new Uint8Array(publicKey), privateKey }
	} catch {
		return null // a damaged value; a new key replaces it
	}
}

/** Rejects where the browser cannot make, keep or use such a key. */
export const loadBoxKey = async (db: IDBDatabase, subtle: SubtleCrypto): Promise<BoxKey> => {
	const kept: unknown = await requestDone(
		db.transaction(KEYS_STORE, 'readonly').objectStore(KEYS_STORE).get(KEY_NAME) as IDBRequest<unknown>,
	)
	const known = await boxKeyOf(subtle, kept)
	if (known !== null) return known

	const ours = await generateBoxKey(subtle)
	const transaction = db.transaction(KEYS_STORE, 'readwrite', { durability: 'strict' })
	const done = transactionDone(transaction)
	done.catch(() => undefined) // awaited below; a failure before that is thrown by the requests
	const keys = transaction.objectStore(KEYS_STORE)
	const meanwhile: unknown = await requestDone(keys.get(KEY_NAME) as IDBRequest<unknown>)
	// Another tab was quicker, unless what stands there is the damaged one still.
	const isOurs = meanwhile === undefined || (kept !== undefined && isSame(meanwhile, kept))
	if (isOurs) keys.put(ours, KEY_NAME)
	await done
	const key = isOurs ? ours : await boxKeyOf(subtle, meanwhile)
	if (key === null) throw new Error('the box key could not be used')
	return key
}

/** Whether two readings are of one stored value, as far as can be seen from outside: its public half. */
const isSame = (a: unknown, b: unknown): boolean => publicPartOf(a) === publicPartOf(b)
const publicPartOf = (stored: unknown): string =>
	String((stored as { publicKey?: unknown } | null | undefined)?.publicKey)
