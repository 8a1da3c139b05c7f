/** Changing the lock, and who cannot be moved along. */
import { subject } from './subject.ts'

const english = {
	change: 'Change the lock',
	isRemoved: (name: string) => `${name} is removed.`,
	about:
		'The room gets a new code, and the old link opens nothing any more. Queue, chat and activity come along, and so does everybody who may stay; those who were removed are not told the code. This cannot be undone.',
	roomPassword: 'Room password',
	hintHasPassword: 'Left empty, the room has no password from now on. Nobody can reset this password.',
	hintOptional: 'Optional. Nobody can reset this password.',
	/** `names`: a list of them; it is shown as `names` within the sentence. */
	leftBehind: (names: string) =>
		`${names} cannot be moved along when the lock changes: their app was too old, or this device has never met theirs. Send them the new link yourself.`,
	/** At the end of a list of names. */
	more: (count: string) => `${count} more`,
}
export type LockWords = typeof english
export const lockWords = subject('lock', english)
