/**
 * Changing the queue. Each plan reads the order as it stands and writes only this device's slots.
 */
import type { BodyValue } from './body.ts'
import { KINDS, type Bodies } from './kinds.ts'
import { isMediaUrl, parseMediaRef } from './media.ts'
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
import { startOf, vectorDraft } from './plan-playback.ts'
import { authorOfItem, itemIdOf } from './queue.ts'
import type { CommandOutcome, NewItem } from './room.ts'
import { qmodSlot, queueSlot, voteSlot } from './slots.ts'
import type { QueueItem } from './state.ts'
import { cleanTitle, ITEM_TITLE_MAX_CHARS, shorten } from './text.ts'
import type { DeviceId, ItemId, Millis, Seconds } from './units.ts'

const QUEUE_FULL: CommandOutcome = { type: 'too-big', what: 'queue', limit: KINDS.queue.slots }
/** Authors named in one clearing record. */
const COVERS_MAX = 20
const DURATION_MAX_S = 1e7

type QmodBody = Bodies['qmod']

/** One draft a change, each in a slot of its own; null where this device has no slot left. */
const qmodDrafts = (context: PlanContext, bodies: readonly QmodBody[]): Draft[] | null => {
	const taken = new Set<number>()
	const drafts: Draft[] = []
	for (const body of bodies) {
		const slot = qmodSlot(context, body, taken)
		if (slot === null) return null
		taken.add(slot)
		drafts.push({ kind: 'qmod', slot, body: body })
	}
	return drafts
}

const qmodPlan = (
	context: PlanContext,
	bodies: readonly QmodBody[],
	more: readonly Draft[] = [],
	outcome?: Plan['outcome'],
): Plan | CommandOutcome => {
	const drafts = qmodDrafts(context, bodies)
	if (drafts === null) return QUEUE_FULL
	return { drafts: [...drafts, ...more], ...(outcome && { outcome }) }
}

/** The key behind which "next" begins; null where the queue has not begun. */
const boundary = ({ fold }: PlanContext): string | null =>
	fold.queue.state.current?.position ??
	fold.playback.edge ??
	fold.queue.state.earlier.at(-1)?.position ??
	null

const higher = (a: string | null, b: string | null): string | null =>
	a === null || (b !== null && b > a) ? b : a

const goodDuration = (durationS: Seconds | undefined): Seconds | undefined =>
	durationS !== undefined && durationS >= 0 && durationS <= DURATION_MAX_S ? durationS : undefined

const liveItem = (context: PlanContext, id: ItemId): QueueItem | undefined =>
	context.fold.queue.live.find((item) => item.id === id)

export const planAdd = (
	context: PlanContext,
	item: NewItem,
	where: 'end' | 'next',
): Plan | CommandOutcome => {
	const refused = refusal(context, 'add')
	if (refused) return refused
	const media = parseMediaRef(item.media)
	if (media === null) return { type: 'failed', why: 'not a video or sound that can be queued' }
	const slot = queueSlot(context)
	if (slot === null) return QUEUE_FULL
	const { live, state } = context.fold.queue
	const edge = boundary(context)
	const pos =
		where === 'end'
			? // With the queue over, the film's place may lie beyond everything that is left.
				placeBetween(context, higher(live.at(-1)?.position ?? null, edge), null)
			: placeBetween(context, edge, state.next[0]?.position ?? null)
	const nonce = context.nonce()
	const body: BodyValue = {
		nonce,
		media: { ...media },
		title: shorten(cleanTitle(item.title), ITEM_TITLE_MAX_CHARS) || 'Untitled',
		dur: goodDuration(item.durationS),
		thumb: isMediaUrl(item.thumbnailUrl) ? item.thumbnailUrl : undefined,
		pos,
	}
	return { drafts: [{ kind: 'queue', slot, body }], outcome: itemOutcome(itemIdOf(context.me, nonce)) }
}

/** Where playback goes when the current item is taken away. */
const moveOn = (context: PlanContext, gone: QueueItem): Draft => {
	const { vector } = context.fold.playback
	const to = context.fold.queue.state.next[0]
	return vectorDraft(context, {
		itemId: to?.id ?? null,
		positionS: to === undefined ? 0 : startOf(to),
		isPlaying: to !== undefined && vector.isPlaying,
		rate: vector.rate,
		atMs: context.ms,
		cause: { type: 'user' },
		edge: gone.position,
	})
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
	return qmodPlan(context, [body], isCurrent ? [moveOn(context, current)] : [], itemOutcome(id))
}

export const planRestore = (context: PlanContext, id: ItemId, undo: UndoTag): Plan | CommandOutcome => {
	const entry = context.fold.queue.entries.get(id)
	if (entry === undefined) return NO_SUCH_ITEM
	if (!entry.isRemoved) return NOTHING_TO_DO
	const refused = refusal(context, authorOfItem(id) === context.me ? 'remove-own' : 'reorder')
	if (refused) return refused
	return qmodPlan(context, [{ t: 'rm', item: id, is: false, undo }], [], itemOutcome(id))
}

const moveBody = (item: QueueItem, pos: string, isQuiet: boolean, undo?: UndoTag): QmodBody => ({
	t: 'pos',
	item: item.id,
	pos,
	from: item.position,
	...(isQuiet && { quiet: true as const }),
	...(undo && { undo }),
})

export const planMove = (context: PlanContext, id: ItemId, before: ItemId | null): Plan | CommandOutcome => {
	const refused = refusal(context, 'reorder')
	if (refused) return refused
	const { live, state } = context.fold.queue
	const at = live.findIndex((item) => item.id === id)
	const item = live[at]
	if (item === undefined || (before !== null && liveItem(context, before) === undefined)) return NO_SUCH_ITEM
	// Moving what plays would turn next into earlier.
	if (id === before || id === state.current?.id || (live[at + 1]?.id ?? null) === before) return NOTHING_TO_DO
	const others = live.filter((other) => other.id !== id)
	const index = before === null ? others.length : others.findIndex((other) => other.id === before)
	// With nothing current, what is to stay next must stay behind the point up to which the queue is over.
	const isNext = before === null || state.next.some((other) => other.id === before)
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
	const { current, next } = context.fold.queue.state
	const mustMove = id !== current?.id && id !== next[0]?.id
	const cannotMove = mustMove ? refusal(context, 'reorder') : null
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
	const pos = placeBetween(context, boundary(context), next[0]?.position ?? null)
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
	const { next } = context.fold.queue.state
	if (next.length < 2) return NOTHING_TO_DO
	const after = boundary(context)
	const prefix = placeBetween(context, after, next[0]?.position ?? null)
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
