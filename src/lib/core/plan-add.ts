/**
 * Putting items into the queue: one, many at once, or one that was there before.
 */
import type { BodyValue } from './body.ts'
import { isMediaUrl, parseMediaRef } from './media.ts'
import { NO_SUCH_ITEM, placeBetween, refusal, type Draft, type Plan, type PlanContext } from './plan.ts'
import { boundary, higher, QUEUE_FULL } from './plan-qmod.ts'
import { keysBetween } from './position.ts'
import { itemIdOf } from './queue.ts'
import type { CommandOutcome, NewItem } from './room.ts'
import { queueSlots } from './slots.ts'
import { cleanTitle, ITEM_TITLE_MAX_CHARS, shorten } from './text.ts'
import type { ItemId, Seconds } from './units.ts'

/** As many as one command adds. */
export const ADD_MAX_ITEMS = 256
const DURATION_MAX_S = 1e7

export const goodDuration = (durationS: Seconds | undefined): Seconds | undefined =>
	durationS !== undefined && durationS >= 0 && durationS <= DURATION_MAX_S ? durationS : undefined

/** Keys for `count` new items, in order. */
const placesFor = (context: PlanContext, where: 'end' | 'next', count: number): readonly string[] => {
	const { live, behind } = context.fold.queue
	const edge = boundary(context)
	if (where === 'next') {
		const high = behind[0]?.position ?? null
		if (count > 1 && high !== null) return keysBetween(placeBetween(context, edge, high), count)
		return following(context, edge, high, count)
	}
	// With the queue over, the film's place may lie beyond everything that is left.
	return following(context, higher(live.at(-1)?.position ?? null, edge), null, count)
}

const following = (
	context: PlanContext,
	low: string | null,
	high: string | null,
	count: number,
): readonly string[] => {
	const keys: string[] = []
	for (let last = low; keys.length < count; keys.push(last)) last = placeBetween(context, last, high)
	return keys
}

/**
 * In their order, in one transaction: all, or as many as this device has slots for (`left` says how many were not).
 */
export const planAddMany = (
	context: PlanContext,
	items: readonly NewItem[],
	where: 'end' | 'next',
): Plan | CommandOutcome => {
	const refused = refusal(context, 'add')
	if (refused) return refused
	if (items.length > ADD_MAX_ITEMS) return { type: 'too-big', what: 'queue', limit: ADD_MAX_ITEMS }
	if (items.length === 0) return { type: 'nothing-to-do' }
	const medias = items.map(({ media }) => parseMediaRef(media))
	if (medias.includes(null)) return { type: 'failed', why: 'not a video or sound that can be queued' }
	const slots = queueSlots(context, items.length)
	if (slots.length === 0) return QUEUE_FULL
	const places = placesFor(context, where, slots.length)
	const ids: ItemId[] = []
	const drafts = slots.map((slot, at): Draft => {
		const item = items[at]
		const nonce = context.nonce()
		ids.push(itemIdOf(context.me, nonce))
		const body: BodyValue = {
			nonce,
			media: { ...medias[at] },
			title: shorten(cleanTitle(item?.title ?? ''), ITEM_TITLE_MAX_CHARS) || 'Untitled',
			dur: goodDuration(item?.durationS),
			thumb: isMediaUrl(item?.thumbnailUrl) ? item.thumbnailUrl : undefined,
			pos: places[at],
		}
		return { kind: 'queue', slot, body }
	})
	const [item] = ids
	const left = items.length - slots.length
	return {
		drafts,
		outcome: () => ({
			type: 'done',
			...(item && { item }),
			...(items.length > 1 && { items: ids, left }),
		}),
	}
}

export const planAdd = (context: PlanContext, item: NewItem, where: 'end' | 'next'): Plan | CommandOutcome =>
	planAddMany(context, [item], where)

/** Once more what was played, or taken away and is still known. */
export const planAddAgain = (
	context: PlanContext,
	id: ItemId,
	where: 'end' | 'next',
): Plan | CommandOutcome => {
	const entry = context.fold.queue.entries.get(id)
	const media = entry?.record.body?.media
	if (entry === undefined || media === undefined) return NO_SUCH_ITEM
	const { title, durationS, thumbnailUrl } = entry
	const known = {
		...(durationS !== null && { durationS }),
		...(thumbnailUrl !== null && { thumbnailUrl }),
	}
	return planAdd(context, { media, title, ...known }, where)
}
