/**
 * With every change of the room all items are made anew. Those that say the same as before are the ones from before, so
 * that a vote draws one row again and not three hundred.
 */
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'

const isSame = (a: QueueItem, b: QueueItem): boolean =>
	(Object.keys(a) as (keyof QueueItem)[]).every((key) => a[key] === b[key])

/** Answers a function from each new list to the list to show; it remembers only the last one. */
export const createSameItems = (): ((items: readonly QueueItem[]) => readonly QueueItem[]) => {
	let known = new Map<ItemId, QueueItem>()
	return (items) => {
		const shown = items.map((item) => {
			const before = known.get(item.id)
			return before !== undefined && isSame(before, item) ? before : item
		})
		known = new Map(shown.map((item) => [item.id, item]))
		return shown
	}
}
