/** On the way into a room, and what keeps it shut. */
import { subject } from './subject.ts'

const english = {
	frontPage: 'Front page',
	/** The wordmark's name where it leads away. */
	wordmark: 'Matinee, front page',
	opening: 'Opening the room',
	openingAbout: 'Looking on this device, and asking the server who is there.',
	serverAway: 'The server is away',
	notKept:
		'This room is not kept on this device yet, so the server has to let you in the first time. Rooms you have been in open without it.',
	nextTry: (seconds: number) => `next try in ${String(seconds)} s`,
	notOpened: 'The link does not open the room',
	notOpenedAbout: 'The page that says why could not be fetched. Reload once you are online.',
	/** A browser that lacks something, while the page about that cannot be fetched either. */
	cannotOpen: 'This browser can’t open the room',
	lacks: (parts: string) => `It lacks ${parts}.`,
	partNotFetched: 'This part could not be fetched. Check that you are online.',
}
export type EntryWords = typeof english
export const entryWords = subject('entry', english)
