/** A room that wants a password, or stays shut: who did it and when, and what stays on this device. */
import { subject } from './subject.ts'

const english = {
	frontPage: 'Front page',
	/** A room's own password. */
	hasPassword: 'This room has a password',
	roomAbout:
		'This room has a password. Whoever sent you the link knows it. It is checked on this device and goes to no server.',
	roomAboutShort: 'Whoever sent you the link knows it. It is checked on this device and goes to no server.',
	roomPassword: 'Room password',
	roomHint: 'Nobody can reset this password: it is a part of the room’s key.',
	openRoom: 'Open the room',
	/** The server's door password. */
	atTheDoor: 'A password at the door',
	doorAbout: 'Everybody who uses this server gives it once on each device. Whoever runs the server knows it.',
	doorPassword: 'Door password',
	doorHint: 'It is asked for once on this device.',
	openDoor: 'Open the door',
	checking: 'Checking the password',
	/** No guests. */
	noGuests: 'This server takes no guests',
	noGuestsAbout: 'Sign in, and you come back to this room. Its link still holds the code.',
	signIn: 'Sign in',
	/** Removed. `by` is null where it is not known; `when`: "20:16", "Yesterday, 20:16", or null. */
	removedYou: (by: string | null, when: string | null) =>
		`${by ?? 'Somebody who looks after the room'} removed you${when === null ? '' : `, ${when}`}`,
	/** `room`: its title, or empty. */
	removedAbout: (room: string, isBan: boolean) =>
		`The others in ${room === '' ? 'this room' : room} no longer hear from this device, and the server does not let it in. ${
			isBan
				? 'Only the owner can let you in again.'
				: 'An operator or the owner can let you in again; open the link once they have.'
		}`,
	removedKept:
		'What you saw until then stays on this device: the queue, the chat and the list of who did what. You can forget it on the front page.',
	/** The lock was changed. */
	changedLock: (by: string | null, when: string | null) =>
		`${by ?? 'The owner'} changed the lock${when === null ? '' : `, ${when}`}`,
	movedAbout: (room: string) =>
		`This link no longer opens ${room === '' ? 'this room' : room}: it has a new code, and this device was given none. Ask somebody in the room for the new link.`,
	movedKept: 'What you saw until then stays on this device. You can forget it on the front page.',
}
export type DoorsWords = typeof english
export const doorsWords = subject('doors', english)
