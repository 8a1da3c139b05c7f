/**
 * Where the panel lay on each site, and whether it was hidden there: kept in the extension's own storage, of the sites
 * that were used last.
 */
import { flag, list, object, text, type Parsed } from '#lib/core/schema.ts'
import { place, type Place } from '../page/mount-messages.ts'

const keptPlace = object({ site: text(300), place, isHidden: flag })
const SITES_MAX = 100
const keptPlaces = list(keptPlace, SITES_MAX)
export type KeptPlace = Pick<Parsed<typeof keptPlace>, 'place' | 'isHidden'>

/** What is used of `storage.local`. */
export interface PlaceArea {
	get(key: string): Promise<Record<string, unknown>>
	set(items: Record<string, unknown>): Promise<void>
}

const KEY = 'panelPlaces'

export interface Places {
	read(site: string): Promise<KeptPlace | null>
	keep(site: string, kept: { readonly place: Place; readonly isHidden: boolean }): Promise<void>
}

export const createPlaces = (area: PlaceArea): Places => {
	// Anything may stand on the disk: what does not fit was never kept.
	const all = async () => keptPlaces.parse((await area.get(KEY))[KEY]) ?? []
	return {
		read: async (site) => (await all()).find((one) => one.site === site) ?? null,
		keep: async (site, { place: at, isHidden }) => {
			const others = (await all()).filter((one) => one.site !== site)
			await area.set({ [KEY]: [{ site, place: at, isHidden }, ...others].slice(0, SITES_MAX) })
		},
	}
}
