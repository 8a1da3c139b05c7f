/** What came of something asked of the room, where it was not done. */
import { subject } from './subject.ts'

const english = {
	tooBig: {
		text: (limit: string) => `A message has at most ${limit} characters.`,
		title: (limit: string) => `A title has at most ${limit} characters.`,
		link: (limit: string) => `A link has at most ${limit} characters.`,
		name: (limit: string) => `A name has at most ${limit} characters.`,
		queue: (limit: string) => `A queue holds at most ${limit} videos from one device.`,
		subtitles: (limit: string) => `Subtitles may have at most ${limit} bytes.`,
		record: (limit: string) => `One entry has at most ${limit} bytes.`,
	},
	refused: {
		yourself: 'That is you.',
		owner: 'The owner of the room cannot be removed.',
		operator: 'Only the owner of the room can remove an operator.',
		'operator-in': 'Only the owner of the room can let an operator in again.',
		banned: 'The owner banned this person: only the owner can let them in again.',
		'no-such-person': 'This person has left nothing in the room to know them by.',
		'hand-over': 'The room is handed over by an offer that the other person accepts.',
		'is-out': 'Somebody who was removed from the room cannot become its owner.',
		'no-offer': 'The room is no longer offered to you.',
		'bad-offer': 'This offer cannot be accepted: it does not say clearly where the rights of the owner end.',
		'other-device': 'Withdraw the offer on the device it was made on.',
	},
	signedOut: 'You are signed out, and this server takes no guests. Sign in again before your links here end.',
	doorClosed: 'The server wants its door password again. Reload the page before your links here end.',
	noIdentity:
		'The server gave no new identity. Those you are linked with stay; nobody new can join you here.',
	tooSoon: (seconds: number) => `Slow mode: write again in ${String(seconds)} s.`,
	noSuchItem: 'That video is no longer in the queue.',
	roomFull: (kilobytes: number) => `The room is full: it keeps at most ${String(kilobytes)} KB.`,
	failed: (why: string) => `That could not be done: ${why}`,
	/** Why, within the sentence above. */
	whys: {
		noMedia: 'not a video or sound that can be queued',
		noEmoji: 'a reaction is one emoji',
		noName: 'a name has at least one visible character',
		noNumber: 'a position, rate and time are finite numbers',
		noTitle: 'a title has at least one visible character',
		slowMode: (mostS: string) => `slow mode takes 0 to ${mostS} whole seconds`,
		notFetched: 'a part of the app could not be fetched. Check the connection and load the page again.',
		closed: 'the room is closed',
	},
}
export type OutcomesWords = typeof english
export const outcomesWords = subject('outcomes', english)
