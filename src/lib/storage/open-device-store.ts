/**
 * The device's store: IndexedDB where the browser lets us, memory where it does not, and then says why.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import { createWebCryptoSigner } from '#lib/core/web-crypto.ts'
import { generateKeyPair } from './device-key.ts'
import { whyOf, type DeadlineTimers } from './idb.ts'
import { createIndexedDbDeviceStore } from './indexeddb.ts'
import type { DeviceStore, StorageTrouble } from './storage.ts'

export interface DeviceStoreEnv {
	/** Undefined where the page has none. */
	readonly indexedDB: IDBFactory | undefined
	readonly subtle: SubtleCrypto
	readonly random?: RandomSource
	readonly timers?: DeadlineTimers
	/** Settings or rooms that could not be written or read; documents tell their own troubles. */
	readonly onTrouble?: (trouble: StorageTrouble) => void
}

/** Rejects only where not even a key can be made (no Ed25519). */
export const openDeviceStore = async (env: DeviceStoreEnv): Promise<DeviceStore> => {
	// Fetched where it is needed: nearly every browser lets us.
	const inMemory = async (whyNotPersistent: string): Promise<DeviceStore> => {
		const { createMemoryDeviceStore } = await import('./memory.ts')
		return createMemoryDeviceStore({
			createSigner: async () => createWebCryptoSigner(env.subtle, await generateKeyPair(env.subtle)),
			subtle: env.subtle,
			whyNotPersistent,
		})
	}
	if (env.indexedDB === undefined) return inMemory('this browser has no IndexedDB')
	try {
		return await createIndexedDbDeviceStore({
			indexedDB: env.indexedDB,
			subtle: env.subtle,
			timers: env.timers ?? {
				setTimeout: (fn, ms) => globalThis.setTimeout(fn, ms),
				clearTimeout: (handle) => globalThis.clearTimeout(handle as number),
			},
			onTrouble: env.onTrouble ?? (() => undefined),
		})
	} catch (error) {
		return await inMemory(whyOf(error))
	}
}
