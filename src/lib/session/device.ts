/**
 * This device: its key, what it keeps, its name and its identity. Opened once a page and shared by home and room.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { Millis } from '#lib/core/units.ts'
import { createWebCryptoVerifier } from '#lib/core/web-crypto.ts'
import { openDeviceStore } from '#lib/storage/open-device-store.ts'
import type { LazyLoader } from '#lib/players/registry.ts'
import type { DeviceStore, StorageTrouble } from '#lib/storage/storage.ts'
import { appPathOf } from './app-path.ts'
import { readAuthHeaders } from './auth-headers.ts'
import { createGuestName } from './guest-name.ts'
import { createIdentity, type Identity } from './identity.ts'
import { cryptoRandom, localNowMs, wallNowMs } from './platform.ts'
import { createServerApi, type ServerApi } from './server-api.ts'

export interface Device {
	readonly store: DeviceStore
	readonly signer: Signer
	readonly verifier: Verifier
	readonly subtle: SubtleCrypto
	readonly random: RandomSource
	readonly api: ServerApi
	readonly identity: Identity
	readonly localNowMs: () => number
	readonly wallNowMs: () => Millis
	/** The name of the account that is signed in, or the guest's on this device: generated once, then kept. */
	name(): Promise<string>
	/** The guest's; an account is renamed at the server. */
	setName(name: string): Promise<void>
	/** Settings and the list of rooms that could not be kept; documents tell their own troubles. */
	onStorageTrouble(fn: (trouble: StorageTrouble) => void): () => void
	/** What plays films here; left out: the browser's own players. */
	readonly players?: readonly LazyLoader[]
}

/** Where there is no page of the app around, as in the extension. */
export interface DeviceParts {
	/** Left out: the browser's own, and the server is where the page is. */
	readonly fetch?: typeof globalThis.fetch
	readonly players?: readonly LazyLoader[]
	/** Where this device speaks to several servers, what is kept of the one that this is for (`server-scope.ts`). */
	readonly storeOf?: (whole: DeviceStore) => DeviceStore
}

const NAME_KEY = 'name'

/** Opens this browser's device; rejects only where there is no WebCrypto at all (see `findMissingParts`). */
export const openDevice = async (parts: DeviceParts = {}): Promise<Device> => {
	const { subtle } = crypto
	const troubleListeners = new Set<(trouble: StorageTrouble) => void>()
	const { storeOf = (whole) => whole } = parts
	const opening = openDeviceStore({
		indexedDB: globalThis.indexedDB,
		subtle,
		random: cryptoRandom,
		onTrouble: (trouble) => troubleListeners.forEach((fn) => fn(trouble)),
	}).then(storeOf)
	const api = createServerApi({
		fetch: parts.fetch ?? ((input, init) => globalThis.fetch(input, init)),
		pageOrigin: location.origin,
		appPath: appPathOf(new URL(location.href)),
		wallNowMs,
		authHeaders: async () => readAuthHeaders(await opening),
	})
	// On its way while the disk is read; whoever needs it asks again, and hears of a failure then.
	void api.config()
	const store = await opening
	const signer = await store.deviceKey()
	const verifier = createWebCryptoVerifier(subtle)
	const identity = createIdentity({ api, store, signer, verifier, wallNowMs })
	// The browser may refuse; then it may also clear what is kept when the disk fills up.
	void navigator.storage?.persist?.()
	return {
		store,
		signer,
		verifier,
		subtle,
		random: cryptoRandom,
		api,
		identity,
		localNowMs,
		wallNowMs,
		name: async () => {
			const me = await identity.known()
			if (me?.isAccount) return me.name
			const known = await store.settings.get(NAME_KEY)
			if (typeof known === 'string' && known !== '') return known
			const generated = createGuestName(cryptoRandom)
			await store.settings.set(NAME_KEY, generated)
			return generated
		},
		setName: (name) => store.settings.set(NAME_KEY, name),
		onStorageTrouble: (fn) => {
			troubleListeners.add(fn)
			return () => troubleListeners.delete(fn)
		},
		...(parts.players === undefined ? {} : { players: parts.players }),
	}
}
