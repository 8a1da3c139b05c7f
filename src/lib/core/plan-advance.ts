/**
 * Going on from an item to what comes after it, once, however many members say so.
 */
import { NOTHING_TO_DO, refusal, type Plan, type PlanContext } from './plan.ts'
import { startOf, vectorDraft } from './plan-playback.ts'
import { qmodDrafts, turnBodies } from './plan-qmod.ts'
import { positionAt, type VectorCause } from './playback.ts'
import { isRestart } from './playback-fold.ts'
import { followingIn } from './queue.ts'
import type { CommandOutcome } from './room.ts'
import type { QueueItem } from './state.ts'
import type { ItemId, Millis, Seconds } from './units.ts'

/** Whoever says so within this much film after an item has started over means the end before that. */
const RESTART_GUARD_S = 10
/** The same for a film of which nobody knows the length: it may be very short. */
const RESTART_GUARD_UNKNOWN_S = 3

const hasJustRestarted = ({ fold: { playback } }: PlanContext, item: QueueItem, atMs: Millis): boolean => {
	const last = playback.acts.at(-1)
	if (last === undefined || !isRestart(last.record)) return false
	const { durationS } = item
	const guardS: Seconds =
		durationS === null ? RESTART_GUARD_UNKNOWN_S : Math.min(RESTART_GUARD_S, durationS / 2)
	return positionAt(last.vector, atMs) - last.vector.positionS < guardS
}

/** `isBroken`: it plays for nobody, so that it is not started over either. */
export const planAdvance = (
	context: PlanContext,
	from: ItemId,
	atMs: Millis,
	cause: VectorCause,
	isBroken: boolean,
): Plan | CommandOutcome => {
	const refused = refusal(context, 'control')
	if (refused) return refused
	const { playback, queue, settings } = context.fold
	const { vector } = playback
	if (vector.itemId !== from) return NOTHING_TO_DO
	const isPast = isBroken || cause.type === 'user'
	const wanted = followingIn(queue, settings.settings, isPast)
	if (wanted?.id === from && !isPast && hasJustRestarted(context, wanted, atMs)) return NOTHING_TO_DO
	if (wanted !== null && !(isBroken && wanted.id === from)) {
		const moves = qmodDrafts(context, turnBodies(context, wanted))
		// With no slot left to pull it forward, what stands next goes first: the film must not stop for that.
		const to = moves === null ? (queue.behind[0] ?? wanted) : wanted
		const draft = vectorDraft(context, {
			itemId: to.id,
			positionS: startOf(to),
			isPlaying: true,
			rate: vector.rate,
			atMs,
			cause,
			onlyFrom: from,
		})
		return { drafts: [...(moves ?? []), draft], outcome: () => ({ type: 'done', item: to.id }) }
	}
	// The last one: its end stays on the screen, and what is added later comes behind it.
	if (!vector.isPlaying) return NOTHING_TO_DO
	const draft = vectorDraft(context, {
		itemId: from,
		positionS: queue.state.current?.durationS ?? positionAt(vector, atMs),
		isPlaying: false,
		rate: vector.rate,
		atMs,
		cause,
		onlyFrom: from,
	})
	return { drafts: [draft] }
}
