/**
 * Every deed in words with an actor ("Ana" + "let only operators control playback"), its icon, and the few groups that
 * the list can be narrowed to.
 */
import type { Role } from '#lib/core/roles.ts'
import type { Deed, SettingChange } from '#lib/core/state.ts'
import { titleWithin } from '#lib/core/title-words.ts'
import type { SubjectId } from '#lib/core/units.ts'
import { filmDeedText } from '../activity-text.ts'
import type { IconName } from '../icons.ts'
import type { NameOf } from '../props.ts'
import { listText } from '../time-text.ts'
import { everyText } from './every-text.ts'

const ROLE_WORDS: Readonly<Record<Role, string>> = {
	owner: 'the owner',
	operator: 'an operator',
	member: 'a member',
	viewer: 'a viewer',
	banned: 'stay outside',
}

const RULE_WORDS: Readonly<Record<'control' | 'add' | 'reorder' | 'chat', string>> = {
	control: 'control playback',
	add: 'add to the queue',
	reorder: 'reorder the queue',
	chat: 'write in the chat',
}

const changeText = (change: SettingChange): string => {
	if (change.what === 'waits')
		return change.to ? 'let the room wait for whoever buffers' : 'let the room wait for nobody'
	if (change.what === 'pausesOnLeave')
		return change.to ? 'let the film stop when somebody leaves' : 'let the film go on when somebody leaves'
	if (change.what === 'fetchesTitles')
		return change.to
			? 'let the server fetch titles'
			: 'kept links from the server: titles are no longer fetched'
	if (change.what === 'keepsHistory')
		return change.to ? 'let the server keep this room, sealed' : 'took this room off the server'
	if (change.what === 'chatEveryS')
		return change.to === 0 ? 'turned slow mode off' : `set slow mode to ${everyText(change.to)}`
	if (change.what === 'order')
		return change.to === 'votes'
			? 'let the video with the most votes come next'
			: 'let videos come in the order of the queue'
	if (change.what === 'loop')
		return change.to === 'off'
			? 'turned looping off'
			: `let ${change.to === 'one' ? 'the video' : 'the whole queue'} start over at its end`
	return `let ${change.to === 'everyone' ? 'everyone' : 'only operators'} ${RULE_WORDS[change.what]}`
}

const wordFor = (person: { readonly name: string; readonly isMe: boolean }): string =>
	person.isMe ? 'you' : person.name

/** The end of the sentence that begins with who did it. `nameOf` for devices, `nameOfSubject` for people. */
export const deedText = (
	deed: Deed,
	nameOf: NameOf,
	nameOfSubject: (subject: SubjectId) => string,
): string => {
	switch (deed.type) {
		case 'played':
		case 'paused':
		case 'sought':
		case 'set-speed':
		case 'started':
			return filmDeedText(deed) ?? ''
		case 'came-in':
			return 'came in'
		case 'opened-room':
			return 'opened the room'
		case 'added':
			return `added ${titleWithin(deed.title)}`
		case 'removed':
			return `removed ${titleWithin(deed.title)}`
		case 'moved':
			return `moved ${titleWithin(deed.title)}`
		case 'cleared':
			return `cleared the queue, ${String(deed.count)} ${deed.count === 1 ? 'video' : 'videos'}`
		case 'shuffled':
			return 'shuffled the queue'
		case 'went-on':
			return `went on to ${titleWithin(deed.title)}`
		case 'waited':
			return `waited for ${wordFor(nameOf(deed.forDevice))}`
		case 'asked-ready':
			return 'asked who is ready'
		case 'counted-down':
			return 'counted down to the start'
		case 'stopped-for':
			return `stopped the film: ${nameOf(deed.device).isMe ? 'you' : nameOf(deed.device).name} left`
		case 'renamed-room':
			return `named the room ${deed.title}`
		case 'changed-settings':
			return deed.changes.length === 0 ? 'changed the room settings' : listText(deed.changes.map(changeText))
		case 'granted':
			return deed.role === 'banned'
				? `banned ${nameOfSubject(deed.subject)}`
				: `made ${nameOfSubject(deed.subject)} ${ROLE_WORDS[deed.role]}`
		case 'put-out':
			return `removed ${nameOfSubject(deed.subject)} from the room`
		case 'let-in':
			return `let ${nameOfSubject(deed.subject)} back in`
		case 'hid-message':
			return `removed a message of ${wordFor(nameOf(deed.from))}`
		case 'handed-over':
			return `handed the room over to ${nameOfSubject(deed.subject)}`
		case 'changed-lock':
			return 'changed the lock'
	}
}

export type DeedGroup = 'playback' | 'queue' | 'people' | 'settings' | 'chat'

export const GROUP_NAMES: Readonly<Record<DeedGroup, string>> = {
	playback: 'Playback',
	queue: 'Queue',
	people: 'People and roles',
	settings: 'Settings',
	chat: 'Chat',
}

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
	'handed-over': ['key', 'people'],
	'changed-lock': ['lock', 'settings'],
}

export const deedIcon = (deed: Deed): IconName => LOOKS[deed.type][0]
export const deedGroup = (deed: Deed): DeedGroup => LOOKS[deed.type][1]
