/**
 * The evidence against a forked device, and what a clock that ran ahead had written.
 */
import { isDue } from './hlc.ts'
import { NOTHING_TO_DO, type Draft, type Plan, type PlanContext } from './plan.ts'
import type { ParsedRecord } from './records.ts'
import type { CommandOutcome } from './room.ts'
import { forkSlot } from './slots.ts'
import type { DeviceId, Millis } from './units.ts'

/** Null where the room knows of it already. */
export const planEvidence = (
	context: PlanContext,
	author: DeviceId,
	seq: number,
	pair: readonly [Uint8Array, Uint8Array],
): Plan | CommandOutcome => {
	const key = context.publicKeyOf(author)
	if (key === undefined || (context.fold.forkedAt.get(author) ?? Infinity) <= seq) return NOTHING_TO_DO
	return { drafts: [{ kind: 'fork', slot: forkSlot(context), body: { key, a: pair[0], b: pair[1] } }] }
}

/** Own records from a clock that ran ahead, once more. Nobody has seen the playback among them, so that goes. */
export const planRedate = (
	records: Iterable<ParsedRecord>,
	me: DeviceId,
	nowMs: Millis,
): Plan | CommandOutcome => {
	const ahead = [...records]
		.filter(({ author, hlc }) => author === me && !isDue(hlc, nowMs))
		.sort((a, b) => a.seq - b.seq)
	const drafts = ahead.flatMap(({ kind, slot, body, isDeleted }): Draft[] => {
		if (kind === 'playback') return [{ kind, slot, body: null }]
		return body === null && !isDeleted ? [] : [{ kind, slot, body: body }]
	})
	return drafts.length > 0 ? { drafts } : NOTHING_TO_DO
}
