/** Which items are further up already: the same to watch, wherever either starts. Pure. */
import { mediaIdentity } from '#lib/core/media-identity.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { QueueItem, QueueState } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'

export const twinsIn = (current: QueueItem | null, next: readonly QueueItem[]): ReadonlySet<ItemId> => {
	const seen = new Set(current === null ? [] : [mediaIdentity(current.media)])
	const twins = new Set<ItemId>()
	for (const item of next) {
		const identity = mediaIdentity(item.media)
		if (seen.has(identity)) twins.add(item.id)
		seen.add(identity)
	}
	return twins
}

/** The places in `items` of what is on, comes next, or stands in `items` before. */
export const twinPlaces = (
	{ current, next }: Pick<QueueState, 'current' | 'next'>,
	items: readonly NewItem[],
): ReadonlySet<number> => {
	const seen = new Set(
		[...(current === null ? [] : [current]), ...next].map(({ media }) => mediaIdentity(media)),
	)
	const places = new Set<number>()
	for (const [at, { media }] of items.entries()) {
		const identity = mediaIdentity(media)
		if (seen.has(identity)) places.add(at)
		seen.add(identity)
	}
	return places
}
