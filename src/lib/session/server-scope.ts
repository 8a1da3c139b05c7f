/**
 * What this device keeps of one server, apart from what it keeps of others: who one is there must not be sent
 * anywhere else. The app's own pages have one server each; the extension's address can be changed.
 */
import type { DeviceStore } from '#lib/storage/storage.ts'
import { DOOR_KEY, SESSION_KEY } from './auth-headers.ts'
import { KEY_SET_KEY, TOKEN_KEY } from './identity.ts'

const OF_ONE_SERVER: ReadonlySet<string> = new Set([DOOR_KEY, SESSION_KEY, KEY_SET_KEY, TOKEN_KEY])

/** `store` with the passes, sessions, tokens and keys of `server` alone; all else is shared. */
export const storeOfServer = (store: DeviceStore, server: string): DeviceStore => {
	const keyOf = (key: string): string => (OF_ONE_SERVER.has(key) ? `${key}@${server}` : key)
	return {
		...store,
		settings: {
			get: (key) => store.settings.get(keyOf(key)),
			set: (key, value) => store.settings.set(keyOf(key), value),
		},
	}
}
