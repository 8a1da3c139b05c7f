/**
 * What the plans for the queue share: changes as drafts, each in a slot of this device's, and places in the order.
 */
import { KINDS, type Bodies } from './kinds.ts'
import { placeBetween, type Draft, type Plan, type PlanContext, type UndoTag } from './plan.ts'
import { keyBetween, timeDigits } from './position.ts'
import { can } from './roles.ts'
import type { CommandOutcome } from './room.ts'
import { qmodSlot } from './slots.ts'
import type { QueueItem } from './state.ts'

export const QUEUE_FULL: CommandOutcome = { type: 'too-big', what: 'queue', limit: KINDS.queue.slots }

export type QmodBody = Bodies['qmod']

/** One draft a change, each in a slot of its own; null where this device has no slot left. */
export const qmodDrafts = (context: PlanContext, bodies: readonly QmodBody[]): Draft[] | null => {
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

export const qmodPlan = (
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
export const boundary = ({ fold }: PlanContext): string | null =>
	fold.queue.state.current?.position ??
	fold.playback.edge ??
	fold.queue.state.earlier.at(-1)?.position ??
	null

export const higher = (a: string | null, b: string | null): string | null =>
	a === null || (b !== null && b > a) ? b : a

export const moveBody = (item: QueueItem, pos: string, isQuiet: boolean, undo?: UndoTag): QmodBody => ({
	t: 'pos',
	item: item.id,
	pos,
	from: item.position,
	...(isQuiet && { quiet: true as const }),
	...(undo && { undo }),
})

/**
 * What puts `to` where its turn has come: right behind what played, or first of all where the queue begins again.
 * Nothing where it stands there already. Of two members who go on at one moment to different items the earlier one's
 * counts; keys rise with time, so the other's item comes behind it and is not passed over.
 */
export const turnBodies = (context: PlanContext, to: QueueItem): readonly QmodBody[] => {
	const { behind, live, state } = context.fold.queue
	const isAhead = behind.some(({ id }) => id === to.id)
	const low = isAhead ? boundary(context) : null
	const first = isAhead ? behind[0] : live[0]
	if (first === undefined || to.id === first.id || to.id === state.current?.id) return []
	const pos =
		keyBetween(low, first.position, timeDigits(context.ms)) ?? placeBetween(context, low, first.position)
	const mayReorder = can(context.fold.state.myRole, 'reorder', context.fold.state.settings)
	return [{ ...moveBody(to, pos, true), ...(!mayReorder && { turn: true as const }) }]
}
