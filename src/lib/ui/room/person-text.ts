/** What a person's line says: who vouches for them, what they do, and how they are reached. */
import type { PersonView } from '#lib/core/view.ts'
import type { IconName } from '../icons.ts'

export interface PersonChip {
	readonly text: string
	readonly icon: IconName
	readonly isWarning: boolean
	/** In small, behind the text. */
	readonly note?: string
}

const chip = (text: string, icon: IconName, isWarning = false): PersonChip => ({ text, icon, isWarning })

/** One sentence on what the name is worth. */
export const identityText = (person: Pick<PersonView, 'isAccount' | 'isVerified'>): string => {
	if (person.isVerified) return 'Signed in: the server vouches for this name.'
	return person.isAccount
		? 'Signed in, under a name of their own that nobody vouches for.'
		: 'A guest, under a name of their own.'
}

export const doingChip = (person: PersonView): PersonChip | null => {
	if (person.presence === 'leaving') return chip('Leaving', 'door')
	if (person.presence === 'away') return chip('Away', 'phone')
	const sound = person.isMuted ? ', sound off' : ''
	switch (person.doing.type) {
		case 'unknown':
			return null
		case 'idle':
			return chip('Here', 'check')
		case 'playing':
			return chip(`Playing${sound}`, person.isMuted ? 'muted' : 'check')
		case 'ad':
			return chip('In an ad', 'wait')
		case 'paused':
			return chip(`Ready${sound}`, person.isMuted ? 'muted' : 'check')
		case 'buffering':
			return chip(`Buffering, ${String(Math.round(person.doing.percent))} %`, 'wait', true)
		case 'blocked':
			return chip('Muted by browser', 'muted', true)
		case 'failed':
			return chip(person.doing.why === 'no-file' ? 'Has no copy yet' : 'Can’t play it', 'alert', true)
	}
}

export const pathChip = (person: PersonView): PersonChip | null => {
	const ms = person.rttMs === null ? '' : `, ${String(Math.round(person.rttMs))} ms`
	switch (person.path) {
		case 'self':
			return null
		case 'direct':
			return chip(`Direct${ms}`, 'direct')
		case 'relayed':
			return chip(`Relayed${ms}`, 'relay')
		case 'turn':
			return { ...chip(`Relayed${ms}`, 'relay'), note: 'through a TURN server' }
		case 'through-others':
			return chip('Through others', 'relay')
	}
}
