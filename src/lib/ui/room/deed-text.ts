/**
 * Every deed as a whole sentence with an actor ("Ana let only operators control playback"), its icon, and the few
 * groups that the list can be narrowed to.
 */
import type { Deed, SettingChange } from '#lib/core/state.ts'
import { isStandIn, titleWithin } from '#lib/core/title-words.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { deedWords } from '#lib/words/deeds.ts'
import { filmDeedWords } from '#lib/words/film-deeds.ts'
import { whoWords } from '#lib/words/who.ts'
import { filmDeedSentence } from '../activity-text.ts'
import type { IconName } from '../icons.ts'
import type { NameOf } from '../props.ts'
import { everyText } from './every-text.ts'
import { sentence, type SentencePart } from './people/sentence.ts'

const changeText = (change: SettingChange): string => {
	const words = deedWords().change
	switch (change.what) {
		case 'waits':
			return change.to ? words.waits : words.waitsNot
		case 'pausesOnLeave':
			return change.to ? words.pausesOnLeave : words.pausesOnLeaveNot
		case 'fetchesTitles':
			return change.to ? words.fetchesTitles : words.fetchesTitlesNot
		case 'keepsHistory':
			return change.to ? words.keepsHistory : words.keepsHistoryNot
		case 'chatEveryS':
			return change.to === 0 ? words.slowOff : words.slow(everyText(change.to))
		case 'order':
			return change.to === 'votes' ? words.orderByVotes : words.orderOfQueue
		case 'loop':
			return change.to === 'off' ? words.loopOff : change.to === 'one' ? words.loopOne : words.loopAll
		case 'control':
		case 'add':
		case 'reorder':
		case 'chat':
			return words[change.to][change.what]
	}
}

/** What the sentences name: `nameOf` for devices, `nameOfSubject` for people, who are "you" where it is the reader. */
export interface DeedNames {
	readonly nameOf: NameOf
	readonly nameOfSubject: (subject: SubjectId) => string
}

/** The whole sentence, beginning (in English) with who did it; names and titles stand out. */
export const deedSentence = (
	deed: Deed,
	by: DeviceId,
	{ nameOf, nameOfSubject }: DeedNames,
): readonly SentencePart[] =>
	sentence((strong) => {
		const words = deedWords()
		const { you, youWithin } = whoWords()
		const author = nameOf(by)
		const who = strong(author.isMe ? you : author.name)
		const device = (id: DeviceId): string => {
			const person = nameOf(id)
			return strong(person.isMe ? youWithin : person.name)
		}
		const titled = (title: string): string =>
			isStandIn(title) ? strong(titleWithin(title)) : filmDeedWords().titled(strong(title))
		switch (deed.type) {
			case 'played':
			case 'paused':
			case 'sought':
			case 'set-speed':
			case 'started':
				return filmDeedSentence(deed, who, strong) ?? ''
			case 'came-in':
				return words.cameIn(who)
			case 'opened-room':
				return words.openedRoom(who)
			case 'added':
				return words.added(who, titled(deed.title))
			case 'removed':
				return words.removed(who, titled(deed.title))
			case 'moved':
				return words.moved(who, titled(deed.title))
			case 'cleared':
				return words.cleared(who, deed.count)
			case 'shuffled':
				return words.shuffled(who)
			case 'went-on':
				return words.wentOn(who, titled(deed.title))
			case 'waited':
				return words.waited(who, device(deed.forDevice))
			case 'asked-ready':
				return words.askedReady(who)
			case 'counted-down':
				return words.countedDown(who)
			case 'stopped-for':
				return words.stoppedFor(who, device(deed.device))
			case 'renamed-room':
				return words.renamedRoom(who, filmDeedWords().titled(strong(deed.title)))
			case 'changed-settings':
				return deed.changes.length === 0
					? words.changedSettings(who)
					: words.changed(who, deed.changes.map(changeText))
			case 'granted': {
				const whom = strong(nameOfSubject(deed.subject))
				return deed.role === 'banned' ? words.banned(who, whom) : words.made[deed.role](who, whom)
			}
			case 'put-out':
				return words.putOut(who, strong(nameOfSubject(deed.subject)))
			case 'let-in':
				return words.letIn(who, strong(nameOfSubject(deed.subject)))
			case 'hid-message':
				return words.hidMessage(who, device(deed.from))
			case 'shared-subtitles':
				return words.sharedSubtitles(who, filmDeedWords().titled(strong(deed.name)))
			case 'removed-subtitles':
				return words.removedSubtitles(who, filmDeedWords().titled(strong(deed.name)))
			case 'handed-over':
				return words.handedOver(who, strong(nameOfSubject(deed.subject)))
			case 'changed-lock':
				return words.changedLock(who)
		}
	})

export type DeedGroup = 'playback' | 'queue' | 'people' | 'settings' | 'chat'

export const DEED_GROUPS: readonly DeedGroup[] = ['playback', 'queue', 'people', 'settings', 'chat']

const LOOKS: Readonly<Record<Deed['type'], readonly [IconName, DeedGroup]>> = {
	'came-in': ['door', 'people'],
	'opened-room': ['ticket', 'people'],
	added: ['plus', 'queue'],
	removed: ['close', 'queue'],
	moved: ['up', 'queue'],
	cleared: ['trash', 'queue'],
	shuffled: ['shuffle', 'queue'],
	played: ['play', 'playback'],
	paused: ['pause', 'playback'],
	sought: ['fwd10', 'playback'],
	'set-speed': ['sync', 'playback'],
	started: ['play', 'playback'],
	'went-on': ['next', 'playback'],
	waited: ['wait', 'playback'],
	'asked-ready': ['check', 'playback'],
	'counted-down': ['play', 'playback'],
	'stopped-for': ['pause', 'playback'],
	'renamed-room': ['pencil', 'settings'],
	'changed-settings': ['settings', 'settings'],
	granted: ['shield', 'people'],
	'put-out': ['out', 'people'],
	'let-in': ['door', 'people'],
	'hid-message': ['close', 'chat'],
	'shared-subtitles': ['captions', 'playback'],
	'removed-subtitles': ['captions', 'playback'],
	'handed-over': ['key', 'people'],
	'changed-lock': ['lock', 'settings'],
}

export const deedIcon = (deed: Deed): IconName => LOOKS[deed.type][0]
export const deedGroup = (deed: Deed): DeedGroup => LOOKS[deed.type][1]
