/** Where a dragged row would land, and what the room is asked for then. Pure: boxes and items in, places out. */
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'

export interface RowBox {
	readonly top: number
	readonly bottom: number
}

/** The gap nearest to `y`: 0 is above the first row, `boxes.length` below the last. */
export const gapAt = (boxes: readonly RowBox[], y: number): number =>
	boxes.filter((box) => y > (box.top + box.bottom) / 2).length

/** True where dropping row `from` into `gap` changes nothing. */
export const isSamePlace = (from: number, gap: number): boolean => gap === from || gap === from + 1

/** The index that row `from` has once it was dropped into `gap`. */
export const indexAfter = (from: number, gap: number): number => (gap > from ? gap - 1 : gap)

type Place = Pick<QueueItem, 'id' | 'position' | 'votes'>

/**
 * Between which indexes row `from` can be moved. Where most votes come next, only among those with as many: whoever has
 * more of them stands above, wherever people drag it.
 */
export const reachOf = (
	items: readonly Place[],
	from: number,
	isByVotes: boolean,
): { readonly first: number; readonly last: number } => {
	const votes = items[from]?.votes
	if (!isByVotes || votes === undefined) return { first: 0, last: items.length - 1 }
	return {
		first: items.findIndex((item) => item.votes === votes),
		last: items.findLastIndex((item) => item.votes === votes),
	}
}

const byPlace = (a: Place, b: Place): number =>
	a.position !== b.position ? (a.position < b.position ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0

/**
 * Before which item `from` has to be put so that it stands at index `to` of what is shown; null: at the end. What is
 * shown by votes has another order than the places behind it, which decide among as many votes.
 */
export const beforeWhich = (
	items: readonly Place[],
	from: number,
	to: number,
	isByVotes: boolean,
): ItemId | null => {
	const moved = items[from]
	const others = items.filter((_, at) => at !== from)
	const [above, below] = [others[to - 1], others[to]]
	if (!isByVotes || above === undefined || below?.votes === moved?.votes) return below?.id ?? null
	return others.filter((one) => byPlace(one, above) > 0).sort(byPlace)[0]?.id ?? null
}
