/** What a person's line says: who vouches for them, what they do, and how they are reached. */
import type { MediaKind } from '#lib/core/media.ts'
import type { PersonView } from '#lib/core/view.ts'
import { peopleWords } from '#lib/words/people.ts'
import type { IconName } from '../icons.ts'

export interface PersonChip {
	readonly text: string
	readonly icon: IconName
	readonly isWarning: boolean
}

const chip = (text: string, icon: IconName, isWarning = false): PersonChip => ({ text, icon, isWarning })

/** One sentence on what the name is worth. */
export const identityText = (person: Pick<PersonView, 'isAccount' | 'isVerified'>): string => {
	const words = peopleWords()
	if (person.isVerified) return words.vouched
	return person.isAccount ? words.ownName : words.guestName
}

/** `kind`: of what is on. */
export const doingChip = (person: PersonView, kind: MediaKind | null = null): PersonChip | null => {
	const words = peopleWords()
	const { isMuted } = person
	const hasCopy = kind === 'local-file' || person.hasOwnCopy === true
	if (person.presence === 'leaving') return chip(words.leaving, 'door')
	if (person.isRemote === true) return chip(words.remote, 'phone')
	if (person.presence === 'away') return chip(words.away, 'phone')
	switch (person.doing.type) {
		case 'unknown':
			return null
		case 'idle':
			return chip(words.here, 'check')
		case 'playing':
			if (hasCopy)
				return chip(isMuted ? words.playingOwnSilent : words.playingOwn, isMuted ? 'muted' : 'file')
			return chip(isMuted ? words.playingSilent : words.playing, isMuted ? 'muted' : 'check')
		case 'ad':
			return chip(words.inAd, 'wait')
		case 'paused':
			return chip(isMuted ? words.readySilent : words.ready, isMuted ? 'muted' : 'check')
		case 'buffering':
			return chip(words.buffering(Math.round(person.doing.percent)), 'wait', true)
		case 'blocked':
			return chip(words.blocked, 'muted', true)
		case 'failed':
			if (person.doing.why !== 'no-file') return chip(words.cannotPlay, 'alert', true)
			return kind === 'page' ? chip(words.notOnSite, 'out') : chip(words.noCopy, 'alert', true)
	}
}

export const pathChip = (person: PersonView): PersonChip | null => {
	const words = peopleWords()
	const ms = person.rttMs === null ? null : Math.round(person.rttMs)
	switch (person.path) {
		case 'self':
			return null
		case 'direct':
			return chip(words.direct(ms), 'direct')
		case 'relayed':
			return chip(words.relayed(ms), 'relay')
		case 'turn':
			return chip(words.turn(ms), 'relay')
		case 'through-others':
			return chip(words.throughOthers, 'relay')
	}
}
