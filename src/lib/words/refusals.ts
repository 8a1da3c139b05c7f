/** Why somebody may not do a thing. */
import { subject } from './subject.ts'

const english = {
	removed: 'You were removed from this room.',
	viewer: 'You are a viewer here: you watch and vote. The owner can make you a member.',
	onlyOwner: (what: string) => `Only the owner can ${what} in this room.`,
	onlyOperators: (what: string) => `Only operators can ${what} in this room.`,
	/** What of the above. */
	actions: {
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
	},
	notFetched: 'The page could not fetch what this needs. Reload it when you are online, and try again.',
}
export type RefusalsWords = typeof english
export const refusalsWords = subject('refusals', english)
