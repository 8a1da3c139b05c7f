/**
 * What was played: the items that are over, and when they were on as far as the room still knows.
 */
import type { QueueItem, RoomState } from './state.ts'
import type { ItemId, Millis } from './units.ts'

export interface PlayedItem {
	readonly item: QueueItem
	/** When it was last started or gone on to; null where no record tells any more (each device keeps its last eight acts). */
	readonly onAtMs: Millis | null
}

/** The last one first. Where the times are not known, in the order of the queue. */
export const playedIn = ({
	queue,
	activity,
}: Pick<RoomState, 'queue' | 'activity'>): readonly PlayedItem[] => {
	const times = new Map<ItemId, Millis>()
	for (const { deed, atMs } of activity)
		if ((deed.type === 'started' || deed.type === 'went-on') && !times.has(deed.item))
			times.set(deed.item, atMs)
	return queue.earlier.toReversed().map((item) => ({ item, onAtMs: times.get(item.id) ?? null }))
}
