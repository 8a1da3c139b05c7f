/** The queue on the screen: what is on, what comes, what was. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	items: 'Queue items',
	playingNow: (by: string) => `Playing now, added by ${by}`,
	playingNowByMe: 'Playing now, added by you',
	next: 'Next',
	videos: (count: number) =>
		plural(count, { one: `${String(count)} video`, other: `${String(count)} videos` }),
	videosOf: (count: number, length: string) =>
		plural(count, { one: `${String(count)} video, ${length}`, other: `${String(count)} videos, ${length}` }),
	/** The length of some is not known. */
	videosOver: (count: number, length: string) => `${String(count)} videos, over ${length}`,
	/** Where it is from and who added it. */
	from: (site: string, by: string) => `${site}, ${by}`,
	moved: (title: string, to: number, count: number) => `${title} moved to ${String(to)} of ${String(count)}`,
	nothingAfter: 'Nothing comes after this',
	empty: 'The queue is empty',
	waitsHere: 'What you add waits here, in the order everybody sees.',
	showMore: (count: number) => `Show ${String(count)} more`,
	dropHere: 'Drop links here',

	playNow: 'Play now',
	playNext: 'Play next',
	moveUp: 'Move up',
	moveDown: 'Move down',
	remove: 'Remove',
	vote: 'Vote',
	voteFor: 'Vote for this one',
	takeBack: 'Take your vote back',
	votes: (count: number) => plural(count, { one: `${String(count)} vote`, other: `${String(count)} votes` }),
	isFirst: 'It is the next one already',
	isLast: 'It is the last one already',
	dragToMove: 'Drag to move',
	votesDecide: 'Most votes come next here: vote for it',
	moreVotesAbove: 'The one above has more votes',
	fewerVotesBelow: 'The one below has fewer votes',
	isTwin: 'Also further up',

	earlier: 'Earlier',
	playAgain: 'Play again',
	addAgain: 'Add again',
	addedAgain: (title: string) => `Added ${title} again`,
	playedAt: (when: string) => `Played ${when}`,
}
export type QueueWords = typeof english
export const queueWords = subject('queue', english)
