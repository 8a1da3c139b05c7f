/**
 * Why somebody may not do a thing, for what the screens show as off; and the way to the words for all else.
 */
import { can, type Action, type Role, type Settings } from '#lib/core/roles.ts'
import type { CommandOutcome } from '#lib/core/room.ts'

const ACTION_WORDS: Readonly<Record<Action, string>> = {
	control: 'control playback',
	add: 'add to the queue',
	'remove-own': 'remove videos',
	reorder: 'change the queue',
	vote: 'vote',
	chat: 'write in the chat',
	react: 'react',
	'change-settings': 'change the settings',
	'rename-room': 'choose the name',
	moderate: 'moderate',
	'remove-person': 'remove people',
	grant: 'give roles',
	'hand-over': 'hand the room over',
	'change-lock': 'change the lock',
}

const OWNERS_ACTIONS: ReadonlySet<Action> = new Set(['grant', 'hand-over', 'change-lock'])

/** Why `role` may not do `action` in a room with these settings; null where it may. */
export const whyNot = (role: Role, action: Action, settings: Settings): string | null => {
	if (can(role, action, settings)) return null
	return refusalWords(role, action)
}

/** The refusal of `action` to whoever has `role`. */
export const refusalWords = (role: Role, action: Action): string => {
	if (role === 'banned') return 'You were removed from this room.'
	if (role === 'viewer') return VIEWER_WORDS
	const who = OWNERS_ACTIONS.has(action) ? 'the owner' : 'operators'
	return `Only ${who} can ${ACTION_WORDS[action]} in this room.`
}
const VIEWER_WORDS = 'You are a viewer here: you watch and vote. The owner can make you a member.'

export const NOT_FETCHED =
	'The page could not fetch what this needs. Reload it when you are online, and try again.'

/** Null when it was done. */
export const wordsFor = async (outcome: CommandOutcome): Promise<string | null> => {
	if (outcome.type === 'done' || outcome.type === 'nothing-to-do') return null
	try {
		return (await import('./outcome-words.ts')).describeOutcome(outcome)
	} catch (error) {
		console.warn(outcome, error)
		return NOT_FETCHED
	}
}
