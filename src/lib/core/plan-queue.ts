/**
 * Changing the queue. Each plan reads the order as it stands and writes only this device's slots.
 */
import type { BodyValue } from './body.ts'
import { isMediaUrl } from './media.ts'
import {
	itemOutcome,
	NO_SUCH_ITEM,
	NOTHING_TO_DO,
	placeBetween,
	refusal,
	type Draft,
	type Plan,
	type PlanContext,
	type UndoTag,
} from './plan.ts'
import { goodDuration } from './plan-add.ts'
import { startOf, vectorDraft } from './plan-playback.ts'
import { boundary, higher, moveBody, QUEUE_FULL, qmodPlan, turnBodies, type QmodBody } from './plan-qmod.ts'
import { authorOfItem, followingIn } from './queue.ts'
import type { CommandOutcome } from './room.ts'
import { qmodSlot, voteSlot } from './slots.ts'
import type { QueueItem } from './state.ts'
import { cleanTitle, ITEM_TITLE_MAX_CHARS, shorten } from './text.ts'
import type { DeviceId, ItemId, Millis, Seconds } from './units.ts'

/** Authors named in one clearing record. */
const COVERS_MAX = 20

const liveItem = (context: PlanContext, id: ItemId): QueueItem | undefined =>
	context.fold.queue.live.find((item) => item.id === id)

/** Where playback goes when the current item is taken away. */
const moveOn = (
	context: PlanContext,
	gone: QueueItem,
): { readonly bodies: readonly QmodBody[]; readonly draft: Draft } => {
	const { playback, queue, settings } = context.fold
	const { vector } = playback
	const next = followingIn(queue, settings.settings, true)
	const to = next?.id === gone.id ? null : next
	const draft = vectorDraft(context, {
		itemId: to?.id ?? null,
		positionS: to === null ? 0 : startOf(to),
		isPlaying: to !== null && vector.isPlaying,
		rate: vector.rate,
		atMs: context.ms,
		cause: { type: 'user' },
		edge: gone.position,
	})
	return { bodies: to === null ? [] : turnBodies(context, to), draft }
}

export const planRemove = (context: PlanContext, id: ItemId, undo?: UndoTag): Plan | CommandOutcome => {
	const entry = context.fold.queue.entries.get(id)
	const { current } = context.fold.queue.state
	const isCurrent = current?.id === id
	if (entry === undefined || (entry.isRemoved && !isCurrent)) return NO_SUCH_ITEM
	const refused = refusal(context, authorOfItem(id) === context.me ? 'remove-own' : 'reorder')
	if (refused) return refused
	const cannotMoveOn = isCurrent ? refusal(context, 'control') : null
	if (cannotMoveOn) return cannotMoveOn
	const body: QmodBody = { t: 'rm', item: id, is: true, ...(undo && { undo }) }
	if (!isCurrent) return qmodPlan(context, [body], [], itemOutcome(id))
	const { bodies, draft } = moveOn(context, current)
	return qmodPlan(context, [body, ...bodies], [draft], itemOutcome(id))
}

export const planRestore = (context: PlanContext, id: ItemId, undo: UndoTag): Plan | CommandOutcome => {
	const entry = context.fold.queue.entries.get(id)
	if (entry === undefined) return NO_SUCH_ITEM
	if (!entry.isRemoved) return NOTHING_TO_DO
	const refused = refusal(context, authorOfItem(id) === context.me ? 'remove-own' : 'reorder')
	if (refused) return refused
	return qmodPlan(context, [{ t: 'rm', item: id, is: false, undo }], [], itemOutcome(id))
}

export const planMove = (context: PlanContext, id: ItemId, before: ItemId | null): Plan | CommandOutcome => {
	const refused = refusal(context, 'reorder')
	if (refused) return refused
	const { live, state, behind } = context.fold.queue
	const at = live.findIndex((item) => item.id === id)
	const item = live[at]
	if (item === undefined || (before !== null && liveItem(context, before) === undefined)) return NO_SUCH_ITEM
	// Moving what plays would turn next into earlier.
	if (id === before || id === state.current?.id || (live[at + 1]?.id ?? null) === before) return NOTHING_TO_DO
	const others = live.filter((other) => other.id !== id)
	const index = before === null ? others.length : others.findIndex((other) => other.id === before)
	// With nothing current, what is to stay next must stay behind the point up to which the queue is over.
	const isNext = before === null || behind.some((other) => other.id === before)
	const low = higher(others[index - 1]?.position ?? null, isNext ? boundary(context) : null)
	const pos = placeBetween(context, low, others[index]?.position ?? null)
	return qmodPlan(context, [moveBody(item, pos, false)], [], itemOutcome(id))
}

export const planMoveBack = (
	context: PlanContext,
	id: ItemId,
	position: string,
	undo: UndoTag,
): Plan | CommandOutcome => {
	const refused = refusal(context, 'reorder')
	if (refused) return refused
	const item = liveItem(context, id)
	if (item === undefined) return NO_SUCH_ITEM
	return qmodPlan(context, [moveBody(item, position, false, undo)], [], itemOutcome(id))
}

export const planPlayNow = (context: PlanContext, id: ItemId, atMs: Millis): Plan | CommandOutcome => {
	const refused = refusal(context, 'control')
	if (refused) return refused
	const item = liveItem(context, id)
	if (item === undefined) return NO_SUCH_ITEM
	const { behind, state } = context.fold.queue
	const mustMove = id !== state.current?.id && id !== behind[0]?.id
	// What comes next anyway may be pulled forward by whoever may play it.
	const isItsTurn = id === state.next[0]?.id
	const cannotMove = mustMove && !isItsTurn ? refusal(context, 'reorder') : null
	if (cannotMove) return cannotMove
	const start = vectorDraft(context, {
		itemId: id,
		positionS: startOf(item),
		isPlaying: true,
		rate: context.fold.playback.vector.rate,
		atMs,
		cause: { type: 'user' },
	})
	if (!mustMove) return { drafts: [start], outcome: itemOutcome(id) }
	if (isItsTurn) return qmodPlan(context, turnBodies(context, item), [start], itemOutcome(id))
	const pos = placeBetween(context, boundary(context), behind[0]?.position ?? null)
	return qmodPlan(context, [moveBody(item, pos, true)], [start], itemOutcome(id))
}

export const planClear = (context: PlanContext): Plan | CommandOutcome => {
	const refused = refusal(context, 'reorder')
	if (refused) return refused
	const { live, state, entries } = context.fold.queue
	const gone = live.filter((item) => item.id !== state.current?.id)
	if (gone.length === 0) return NOTHING_TO_DO
	const highest = new Map<DeviceId, number>()
	for (const { id, addedBy } of gone) {
		const seq = entries.get(id)?.record.seq ?? -1
		highest.set(addedBy, Math.max(seq, highest.get(addedBy) ?? -1))
	}
	const covers = [...highest].map(([d, s]) => ({ d, s }))
	const nonce = context.nonce()
	const bodies: QmodBody[] = []
	for (let at = 0; at < covers.length; at += COVERS_MAX)
		bodies.push({ t: 'clear', nonce, covers: covers.slice(at, at + COVERS_MAX), count: gone.length })
	return qmodPlan(context, bodies)
}

export const planShuffle = (context: PlanContext): Plan | CommandOutcome => {
	const refused = refusal(context, 'reorder')
	if (refused) return refused
	const { behind } = context.fold.queue
	if (behind.length < 2) return NOTHING_TO_DO
	const after = boundary(context)
	const prefix = placeBetween(context, after, behind[0]?.position ?? null)
	return qmodPlan(context, [{ t: 'shuffle', nonce: context.nonce(), prefix, after }])
}

export const planCancel = (
	context: PlanContext,
	device: DeviceId,
	nonce: string,
	undo: UndoTag,
): Plan | CommandOutcome => {
	const refused = refusal(context, device === context.me ? 'remove-own' : 'reorder')
	if (refused) return refused
	return qmodPlan(context, [{ t: 'cancel', d: device, nonce, undo }])
}

export const planVote = (context: PlanContext, id: ItemId, isFor: boolean): Plan | CommandOutcome => {
	const refused = refusal(context, 'vote')
	if (refused) return refused
	const item = liveItem(context, id)
	if (item === undefined) return NO_SUCH_ITEM
	const place = voteSlot(context, id)
	if (place === null) return QUEUE_FULL
	if (place.isCast === isFor || (isFor && item.didIVote)) return NOTHING_TO_DO
	const body = isFor ? { item: id } : null
	return { drafts: [{ kind: 'vote', slot: place.slot, body }], outcome: itemOutcome(id) }
}

export const planDescribe = (
	context: PlanContext,
	id: ItemId,
	facts: { readonly title?: string; readonly durationS?: Seconds; readonly thumbnailUrl?: string },
): Plan | CommandOutcome => {
	const entry = context.fold.queue.entries.get(id)
	if (entry === undefined) return NO_SUCH_ITEM
	const refused = refusal(context, authorOfItem(id) === context.me ? 'remove-own' : 'reorder')
	if (refused) return refused
	const title = facts.title === undefined ? '' : shorten(cleanTitle(facts.title), ITEM_TITLE_MAX_CHARS)
	const dur = goodDuration(facts.durationS)
	const thumb = isMediaUrl(facts.thumbnailUrl) ? facts.thumbnailUrl : undefined
	const isNew =
		(title !== '' && title !== entry.title) ||
		(dur !== undefined && dur !== entry.durationS) ||
		(thumb !== undefined && thumb !== entry.thumbnailUrl)
	if (!isNew) return NOTHING_TO_DO
	const slot = qmodSlot(context, { t: 'facts', item: id })
	if (slot === null) return QUEUE_FULL
	// The slot is written whole: what this device had said of the item before is said again.
	const said = context.own('qmod', slot)
	const before = said?.kind === 'qmod' && said.body?.t === 'facts' && said.body.item === id ? said.body : null
	const body: BodyValue = {
		t: 'facts',
		item: id,
		title: title === '' ? before?.title : title,
		dur: dur ?? before?.dur,
		thumb: thumb ?? before?.thumb,
	}
	return { drafts: [{ kind: 'qmod', slot, body }], outcome: itemOutcome(id) }
}
