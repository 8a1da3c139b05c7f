/** What concerns the reader's own place in the room: put out, moved, offered the room. */
import { subject } from './subject.ts'

const english = {
	removedYou: (name: string, when: string) => `${name} removed you, ${when}.`,
	removedRest: 'The others no longer hear from this device. What you see here stays on it.',
	/** `name` is null for the reader. */
	changedLock: (name: string | null, when: string) => `${name ?? 'You'} changed the lock, ${when}.`,
	changedRest: 'The room goes on under a new code. What you see here stays on this device.',
	offersYou: (name: string) => `${name} offers you the room.`,
	offersRest: 'As its owner you give the roles, ban and change the lock.',
	/** Between two sentences. */
	gap: ' ',
	accept: 'Accept',
	notNow: 'Not now',
	/** `by` and `to` are null for the reader. */
	offered: (by: string | null, to: string | null) =>
		`${by ?? 'You'} offered ${to === null ? 'you the room' : `the room to ${to}`}.`,
	takeOver: 'Take it over',
	withdraw: 'Withdraw',
}
export type RoomNoticeWords = typeof english
export const roomNoticeWords = subject('room-notice', english)
