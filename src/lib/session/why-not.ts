/**
 * Why somebody may not do a thing, for what the screens show as off; and the way to the words for all else.
 */
import { can, type Action, type Role, type Settings } from '#lib/core/roles.ts'
import type { CommandOutcome } from '#lib/core/room.ts'
import { refusalsWords } from '#lib/words/refusals.ts'

const OWNERS_ACTIONS: ReadonlySet<Action> = new Set(['grant', 'hand-over', 'change-lock'])

/** Why `role` may not do `action` in a room with these settings; null where it may. */
export const whyNot = (role: Role, action: Action, settings: Settings): string | null => {
	if (can(role, action, settings)) return null
	return refusalWords(role, action)
}

/** The refusal of `action` to whoever has `role`. */
export const refusalWords = (role: Role, action: Action): string => {
	const words = refusalsWords()
	if (role === 'banned') return words.removed
	if (role === 'viewer') return words.viewer
	const what = words.actions[action]
	return OWNERS_ACTIONS.has(action) ? words.onlyOwner(what) : words.onlyOperators(what)
}

/** Of a part of the page that could not be had. */
export const notFetched = (): string => refusalsWords().notFetched

/** Null when it was done. */
export const wordsFor = async (outcome: CommandOutcome): Promise<string | null> => {
	if (outcome.type === 'done' || outcome.type === 'nothing-to-do') return null
	try {
		return (await import('./outcome-words.ts')).describeOutcome(outcome)
	} catch (error) {
		console.warn(outcome, error)
		return notFetched()
	}
}
