/**
 * What came of a command, in a sentence for the person who asked. Fetched when there is something to say.
 */
import type { CommandOutcome, WhyRefused } from '#lib/core/room.ts'
import { refusalWords } from './why-not.ts'

const BIG_WORDS: Readonly<Record<Extract<CommandOutcome, { type: 'too-big' }>['what'], string>> = {
	text: 'A message has at most',
	title: 'A title has at most',
	link: 'A link has at most',
	name: 'A name has at most',
	queue: 'A queue holds at most',
	subtitles: 'Subtitles may have at most',
	record: 'One entry has at most',
}

const REFUSED_WORDS: Readonly<Record<WhyRefused, string>> = {
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
}

/** Why nobody new can link with this device any more. */
export const describeNoIdentity = (why: string | null): string =>
	why === 'guests-off'
		? 'You are signed out, and this server takes no guests. Sign in again before your links here end.'
		: why === 'door-closed'
			? 'The server wants its door password again. Reload the page before your links here end.'
			: 'The server gave no new identity. Those you are linked with stay; nobody new can join you here.'

/** Null when it was done. */
export const describeOutcome = (outcome: CommandOutcome): string | null => {
	switch (outcome.type) {
		case 'done':
		case 'nothing-to-do':
			return null
		case 'not-allowed':
			return refusalWords(outcome.role, outcome.action)
		case 'refused':
			return REFUSED_WORDS[outcome.why]
		case 'too-soon':
			return `Slow mode: write again in ${String(outcome.waitS)} s.`
		case 'no-such-item':
			return 'That video is no longer in the queue.'
		case 'too-big': {
			const unit =
				outcome.what === 'queue'
					? 'videos from one device'
					: outcome.what === 'record' || outcome.what === 'subtitles'
						? 'bytes'
						: 'characters'
			return `${BIG_WORDS[outcome.what]} ${String(outcome.limit)} ${unit}.`
		}
		case 'room-full':
			return `The room is full: it keeps at most ${String(Math.round(outcome.limitBytes / 1024))} KB.`
		case 'failed':
			return `That could not be done: ${outcome.why}`
	}
}
