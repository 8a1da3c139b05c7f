/**
 * What a person has set for all of their rooms, where the app keeps it: an open room hears of a change at once.
 */
import { keepOwnSettings, openOwnChannel } from '#lib/session/keep-own-settings.ts'
import { cryptoRandom } from '#lib/session/platform.ts'
import { openDeviceStore } from '#lib/storage/open-device-store.ts'

export interface OwnChoices {
	hide(isHidden: boolean): Promise<void>
	close(): void
}

/** `onHidden` with what is set, now and after each change. */
export const openOwnChoices = async (onHidden: (isHidden: boolean) => void): Promise<OwnChoices> => {
	const { settings } = await openDeviceStore({
		indexedDB: globalThis.indexedDB,
		subtle: crypto.subtle,
		random: cryptoRandom,
		onTrouble: (trouble) => console.warn(trouble),
	})
	const keeper = keepOwnSettings({
		settings,
		channel: openOwnChannel(),
		onChange: ({ hidesAddress }) => onHidden(hidesAddress),
	})
	onHidden((await keeper.whenRead).hidesAddress)
	return { hide: (hidesAddress) => keeper.set({ hidesAddress }), close: keeper.close }
}
