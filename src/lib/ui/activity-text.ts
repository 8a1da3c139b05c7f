/** What somebody did, in words with an actor: "Ana" + "paused at 12:04". */
import type { Role } from '#lib/core/roles.ts'
import type { Deed, RoomState } from '#lib/core/state.ts'
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import type { IconName } from './icons.ts'
import type { NameOf } from './props.ts'
import { clockText } from './time-text.ts'

const ROLE_WORDS: Readonly<Record<Role, string>> = {
	owner: 'the owner',
	operator: 'an operator',
	member: 'a member',
	viewer: 'a viewer',
	banned: 'stay outside',
}

export const ROLE_NAMES: Readonly<Record<Role, string | null>> = {
	owner: 'Owner',
	operator: 'Operator',
	member: null,
	viewer: 'Viewer',
	banned: 'Banned',
}

/** The end of the sentence that begins with who did it. `nameOf` for devices, `nameOfSubject` for people. */
export const deedText = (
	deed: Deed,
	nameOf: NameOf,
	nameOfSubject: (subject: SubjectId) => string,
): string => {
	switch (deed.type) {
		case 'came-in':
			return 'came in'
		case 'opened-room':
			return 'opened the room'
		case 'added':
			return `added ${deed.title}`
		case 'removed':
			return `removed ${deed.title}`
		case 'moved':
			return `moved ${deed.title}`
		case 'cleared':
			return `cleared the queue, ${String(deed.count)} ${deed.count === 1 ? 'video' : 'videos'}`
		case 'shuffled':
			return 'shuffled the queue'
		case 'played':
			return `pressed play at ${clockText(deed.positionS)}`
		case 'paused':
			return `paused at ${clockText(deed.positionS)}`
		case 'sought':
			return `went to ${clockText(deed.positionS)}`
		case 'set-speed':
			return `set the speed to ${String(deed.rate)}×`
		case 'started':
			return `started ${deed.title}`
		case 'went-on':
			return `went on to ${deed.title}`
		case 'waited':
			return `waited for ${wordFor(nameOf(deed.forDevice))}`
		case 'renamed-room':
			return `named the room ${deed.title}`
		case 'changed-settings':
			return 'changed the room settings'
		case 'granted':
			return deed.role === 'banned'
				? `banned ${nameOfSubject(deed.subject)}`
				: `made ${nameOfSubject(deed.subject)} ${ROLE_WORDS[deed.role]}`
		case 'put-out':
			return `removed ${nameOfSubject(deed.subject)} from the room`
		case 'let-in':
			return `let ${nameOfSubject(deed.subject)} in again`
		case 'hid-message':
			return `removed a message of ${wordFor(nameOf(deed.from))}`
		case 'handed-over':
			return `handed the room to ${nameOfSubject(deed.subject)}`
		case 'changed-lock':
			return 'changed the lock'
	}
}

const wordFor = (person: { readonly name: string; readonly isMe: boolean }): string =>
	person.isMe ? 'you' : person.name

const ICON_OF: Readonly<Record<Deed['type'], IconName>> = {
	'came-in': 'door',
	'opened-room': 'ticket',
	added: 'plus',
	removed: 'close',
	moved: 'up',
	cleared: 'trash',
	shuffled: 'shuffle',
	played: 'play',
	paused: 'pause',
	sought: 'fwd10',
	'set-speed': 'sync',
	started: 'play',
	'went-on': 'next',
	waited: 'wait',
	'renamed-room': 'pencil',
	'changed-settings': 'shield',
	granted: 'shield',
	'put-out': 'close',
	'let-in': 'door',
	'hid-message': 'close',
	'handed-over': 'shield',
	'changed-lock': 'lock',
}

export const deedIcon = (deed: Deed): IconName => ICON_OF[deed.type]

/** Looks up authors in one snapshot; whoever left no record is "Someone". */
export const namesIn = (state: RoomState): NameOf => {
	const byDevice = new Map(state.members.map((member) => [member.device, member]))
	return (device: DeviceId) => {
		const member = byDevice.get(device)
		return { name: member?.name ?? 'Someone', seat: member?.seat ?? 1, isMe: device === state.me }
	}
}
