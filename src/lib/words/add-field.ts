/** The field for links, and what a search in it finds. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	form: 'Add a video',
	field: 'Add a video link',
	pasteFirst: 'Paste the address of a video first.',
	added: (title: string) => `Added ${title}`,
	addedTwice: (title: string) => `Added. ${title} was in the queue already: it is there twice now.`,
	addedWhileOn: (title: string) => `Added. ${title} is playing already: it comes once more.`,
	enterHint: 'queue',
	shiftEnterHint: 'play next',
	playNext: 'Play next',
	playNextHint: 'Play next (Shift Enter)',
	addToQueue: 'Add to queue',
	addToQueueHint: 'Add to queue (Enter)',
	keptLines: (count: number) =>
		plural(count, { one: `${String(count)} line not added`, other: `${String(count)} lines not added` }),
	videosFound: 'Videos found',
	live: 'live',
	/** Who made it, and how long it is. */
	about: (author: string, length: string) => `${author}, ${length}`,
}
export type AddFieldWords = typeof english
export const addFieldWords = subject('add-field', english)
