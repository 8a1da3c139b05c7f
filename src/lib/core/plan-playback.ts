/**
 * Writing the playback vector: by a person, and again after a change of rights.
 */
import type { BodyValue } from './body.ts'
import { HLC_AHEAD_MAX_MS } from './hlc.ts'
import { NO_SUCH_ITEM, refusal, type Draft, type Plan, type PlanContext, type UndoTag } from './plan.ts'
import { RATE_MAX, RATE_MIN, type VectorCause } from './playback.ts'
import type { CommandOutcome, VectorChange } from './room.ts'
import { ringSlot } from './free-slot.ts'
import type { ItemId, Millis, Seconds } from './units.ts'
import type { QueueItem } from './state.ts'

const POSITION_MAX_S = 1e7

export interface VectorDraft {
	readonly itemId: ItemId | null
	readonly positionS: Seconds
	readonly isPlaying: boolean
	readonly rate: number
	readonly atMs: Millis
	readonly cause: VectorCause
	/** With no item: where the queue ends. */
	readonly edge?: string | null
	readonly isSame?: boolean
	readonly undo?: UndoTag | undefined
	/** Count only while the item is this one. */
	readonly onlyFrom?: ItemId
}

export const vectorDraft = (context: PlanContext, vector: VectorDraft): Draft => {
	const last = context.fold.playback.acts.at(-1)?.record
	const adv =
		vector.onlyFrom === undefined
			? undefined
			: { from: vector.onlyFrom, prev: last?.ref ?? '', ms: last?.ms ?? 0, n: last?.counter ?? 0 }
	const body: BodyValue = {
		item: vector.itemId,
		pos: Math.min(POSITION_MAX_S, Math.max(0, vector.positionS)),
		rate: Math.min(RATE_MAX, Math.max(RATE_MIN, vector.rate)),
		on: vector.isPlaying,
		at: Math.min(context.ms + HLC_AHEAD_MAX_MS, Math.max(0, vector.atMs)),
		cause: { ...vector.cause },
		adv,
		edge: vector.itemId === null ? (vector.edge ?? undefined) : undefined,
		same: vector.isSame ? true : undefined,
		undo: vector.undo && { ...vector.undo },
	}
	return { kind: 'playback', slot: ringSlot(context, 'playback'), body }
}

/** What holds now, said again by somebody whose word counts: the record it came from may have lost its right. */
export const reassertion = (context: PlanContext): Draft[] => {
	const { vector, edge } = context.fold.playback
	if (vector.rev === '') return []
	return [vectorDraft(context, { ...vector, edge, isSame: true })]
}

export const startOf = (item: QueueItem): Seconds => ('startS' in item.media ? (item.media.startS ?? 0) : 0)

export const planSet = (context: PlanContext, change: VectorChange): Plan | CommandOutcome => {
	const refused = refusal(context, 'control')
	if (refused) return refused
	if (![change.positionS, change.rate, change.atMs].every(Number.isFinite))
		return { type: 'failed', why: 'a position, rate and time are finite numbers' }
	const { vector, edge } = context.fold.playback
	const itemId = change.itemId === undefined ? vector.itemId : change.itemId
	if (itemId !== null && itemId !== vector.itemId && !context.fold.queue.live.some(({ id }) => id === itemId))
		return NO_SUCH_ITEM
	const current = context.fold.queue.state.current
	return {
		drafts: [
			vectorDraft(context, {
				...change,
				itemId,
				cause: change.cause ?? { type: 'user' },
				edge: itemId === null ? (current?.position ?? edge) : null,
			}),
		],
	}
}
