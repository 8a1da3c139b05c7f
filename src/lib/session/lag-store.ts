/**
 * What this device has learned of its players' lags, kept in its settings. Read once, then served from memory: the
 * follow loop asks twenty times a second.
 */
import { parseLags, type LagStore, type LearnedLags } from '#lib/follow/lags.ts'
import type { DeviceStore } from '#lib/storage/storage.ts'

const KEY = 'learned-lags'

export const openLagStore = async (store: DeviceStore): Promise<LagStore> => {
	const kept = await store.settings.get(KEY)
	const lags = new Map<string, LearnedLags>()
	if (typeof kept === 'object' && kept !== null) {
		for (const [key, value] of Object.entries(kept)) {
			const parsed = parseLags(value)
			if (parsed !== null) lags.set(key, parsed)
		}
	}
	return {
		load: (key) => lags.get(key) ?? null,
		save: (key, value) => {
			lags.set(key, value)
			void store.settings.set(KEY, Object.fromEntries(lags))
		},
	}
}
