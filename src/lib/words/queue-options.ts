/** The menu at the head of the queue: its order, its loop, all of it at once. */
import { subject } from './subject.ts'

const english = {
	options: 'Queue options',
	mostVotes: 'Most votes next',
	loopOff: 'Stop at the end',
	loopOne: 'Repeat this one',
	loopAll: 'Repeat all',
	shuffle: 'Shuffle',
	importList: 'Import a list',
	exportQueue: 'Save the queue as a file',
	clear: 'Clear',
	onlyOne: 'There is nothing to shuffle',
	isEmpty: 'The queue is empty',
	/** What is set, under the head of the list. */
	votesRule: 'Most votes next',
	loopOneRule: 'This one repeats',
	loopAllRule: 'The queue repeats',
}
export type QueueOptionsWords = typeof english
export const queueOptionsWords = subject('queue-options', english)
