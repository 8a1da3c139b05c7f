/**
 * The way from an open room to what the server knows of links. Nothing of it is fetched before the first link.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { openTitles, TitlesDeps } from './open-titles.ts'

export type Titles = ReturnType<typeof createTitles>

export const createTitles = (deps: TitlesDeps) => {
	let made: ReturnType<typeof openTitles> | null = null
	const open = (): ReturnType<typeof openTitles> =>
		(made ??= import('./open-titles.ts')
			.then((part) => part.openTitles(deps))
			.catch((error: unknown) => {
				made = null
				throw error
			}))
	return {
		help: async () => (await open()).help,
		/** `item` has just been added by this device. */
		note: (id: ItemId, item: NewItem) => {
			// Its title stays what the link says where the part cannot be fetched; the next item tries again.
			open().then((titles) => titles.note(id, item), console.warn)
		},
		search: async (text: string, pageUrl: URL) => (await open()).search(text, pageUrl),
		close: () => void made?.then((titles) => titles.close(), console.warn),
	}
}
