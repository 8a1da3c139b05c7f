/**
 * Undo: each deed's inverse is written as new records of whoever undoes it, under the rights the deed itself needs.
 */
import { NOTHING_TO_DO, refusal, type Plan, type PlanContext } from './plan.ts'
import { vectorDraft } from './plan-playback.ts'
import { planCancel, planMoveBack, planRemove, planRestore } from './plan-queue.ts'
import { planGrant, planLetIn } from './plan-people.ts'
import { planSetBack } from './plan-settings.ts'
import { planRemoveSubtitles } from './plan-subtitles.ts'
import type { CommandOutcome } from './room.ts'
import { actionsFor } from './undo-rights.ts'

export const planUndo = (context: PlanContext, activityId: string): Plan | CommandOutcome => {
	const inverse = context.fold.inverses.get(activityId)
	const entry = context.fold.state.activity.find(({ id }) => id === activityId)
	if (inverse === undefined || entry === undefined) return NOTHING_TO_DO
	const undo = { id: activityId, at: entry.atMs }
	const current = context.fold.queue.state.current?.id ?? null
	for (const action of actionsFor(inverse, context.me, current)) {
		const notAllowed = refusal(context, action)
		if (notAllowed) return notAllowed
	}
	switch (inverse.type) {
		case 'remove':
			return planRemove(context, inverse.item, undo)
		case 'restore':
			return planRestore(context, inverse.item, undo)
		case 'move-back':
			return planMoveBack(context, inverse.item, inverse.position, undo)
		case 'cancel':
			return planCancel(context, inverse.device, inverse.nonce, undo)
		case 'set-back':
			return planSetBack(context, inverse.what, inverse.prev, undo)
		case 'grant':
			return planGrant(context, inverse.subject, inverse.role, undo)
		case 'let-in':
			return planLetIn(context, inverse.subject, undo)
		case 'take-subtitles':
			return planRemoveSubtitles(context, inverse.file)
		case 'play-back': {
			const vector = { ...inverse.vector, atMs: context.ms, cause: { type: 'user' } as const, undo }
			return { drafts: [vectorDraft(context, vector)] }
		}
	}
}
