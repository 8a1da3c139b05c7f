/** Several links at once: the sheet in which a pasted or opened list is looked through before it is added. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const lines = (count: number): string =>
	plural(count, { one: `${String(count)} line is no video`, other: `${String(count)} lines are no video` })
const videos = (count: number): string =>
	plural(count, { one: `${String(count)} video`, other: `${String(count)} videos` })

const english = {
	title: 'Several links',
	titleOf: (file: string) => `From ${file}`,
	links: 'Links, one a line',
	reading: 'Reading the list…',
	found: (count: number) => `${videos(count)} found.`,
	foundAndBroken: (count: number, broken: number) => `${videos(count)} found, ${lines(broken)}.`,
	onlyBroken: (broken: number) => `No video found: ${lines(broken)}.`,
	nothing: 'No link is in there yet.',
	leftOut: (count: number, limit: number) =>
		plural(count, {
			one: `A list may have ${String(limit)} links: ${String(count)} line behind them was not read.`,
			other: `A list may have ${String(limit)} links: ${String(count)} lines behind them were not read.`,
		}),
	/** Of the videos found; a choice. */
	skipTwins: (count: number) =>
		plural(count, {
			one: 'Leave out the one that is in the queue already',
			other: `Leave out the ${String(count)} that are in the queue already`,
		}),
	videosFound: 'Videos found',
	brokenLines: 'Lines that are no video',
	/** Which line, and its beginning. */
	line: (at: number) => `Line ${String(at)}`,
	item: (at: number) => `Entry ${String(at)}`,
	brokenItem: 'This entry has no address that plays.',
	showMore: (count: number) => `Show ${String(count)} more`,
	add: (count: number) => `Add ${videos(count)}`,
	addNext: 'Play them next',
	adding: 'Adding…',
	added: (count: number) => `Added ${videos(count)}.`,
	addedAndKept: (count: number, kept: number) =>
		plural(kept, {
			one: `Added ${videos(count)}. ${String(kept)} line is still here.`,
			other: `Added ${videos(count)}. ${String(kept)} lines are still here.`,
		}),
	notAdded: (left: number) => `${videos(left)} did not fit: one device can have 256 in the queue.`,
	/** Instead of a list. */
	isStream: 'That is the playlist of one stream. Paste its address instead.',
	tooLong: 'That file is too long for a list: at most 1 million characters are read.',
	notRead: 'That file could not be read.',
	otherFormat: 'That file is no queue that Matinee has written, and no list of links.',
	otherVersion: 'That queue was saved by a newer Matinee. Reload this page and try again.',
}
export type QueueListWords = typeof english
export const queueListWords = subject('queue-list', english)
