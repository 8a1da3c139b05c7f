/**
 * Deeds in the words of a toast: whole sentences in the language in force. Fetched with the first deed.
 */
import type { Deed } from '#lib/core/state.ts'
import { isStandIn, titleWithin } from '#lib/core/title-words.ts'
import { filmDeedWords } from '#lib/words/film-deeds.ts'
import { newsWords } from '#lib/words/news.ts'
import { whoWords } from '#lib/words/who.ts'

const timecode = (positionS: number): string => {
	const whole = Math.floor(positionS)
	const seconds = String(whole % 60).padStart(2, '0')
	const minutes = Math.floor(whole / 60) % 60
	const hours = Math.floor(whole / 3600)
	return hours > 0
		? `${String(hours)}:${String(minutes).padStart(2, '0')}:${seconds}`
		: `${String(minutes)}:${seconds}`
}

const MAY_BE_REGRETTED: ReadonlySet<Deed['type']> = new Set(['removed', 'moved', 'cleared', 'shuffled'])

export interface NewsBy {
	readonly name: string
	readonly isMine: boolean
	/** How many of this kind they did in a row; more than one may be told as one. */
	readonly count: number
}

export interface News {
	readonly text: string
	/** What is named in the text, to be shown stronger. */
	readonly subject: string | null
	/** Several are told as one. */
	readonly isFolded: boolean
}

const told = (text: string, subject: string | null = null): News => ({ text, subject, isFolded: false })
const titled = (title: string): string =>
	isStandIn(title) ? titleWithin(title) : filmDeedWords().titled(title)
const about = (say: (who: string, title: string) => string, who: string, title: string): News =>
	told(say(who, titled(title)), titleWithin(title))

/** Null where nobody needs to be told. */
export const describeNews = (deed: Deed, { name, isMine, count }: NewsBy): News | null => {
	// What one does oneself is seen on the screen; only what may be regretted is told.
	if (isMine && !MAY_BE_REGRETTED.has(deed.type)) return null
	const words = newsWords()
	const who = isMine ? whoWords().you : name
	const folded = (say: (who: string, count: number) => string): News => ({
		...told(say(who, count)),
		isFolded: true,
	})
	switch (deed.type) {
		case 'removed':
			return count > 1 ? folded(words.removedMany) : about(words.removed, who, deed.title)
		case 'added':
			return count > 1 ? folded(words.addedMany) : about(words.added, who, deed.title)
		case 'moved':
			// One's own are told one by one: Undo takes back the last.
			return count > 1 && !isMine ? folded(words.movedMany) : about(words.moved, who, deed.title)
		case 'shared-subtitles':
			return about(words.sharedSubtitles, who, deed.name)
		case 'removed-subtitles':
			return about(words.removedSubtitles, who, deed.name)
		case 'cleared':
			return told(words.cleared(who, deed.count))
		case 'shuffled':
			return told(words.shuffled(who))
		case 'started':
			return about(words.started, who, deed.title)
		case 'paused':
			return told(words.paused(who, timecode(deed.positionS)))
		case 'played':
			return told(words.played(who))
		case 'sought':
			return told(words.sought(who, timecode(deed.positionS)))
		case 'set-speed':
			return told(words.setSpeed(who, String(deed.rate)))
		case 'renamed-room':
			return told(words.renamedRoom(who, filmDeedWords().titled(deed.title)), deed.title)
		case 'changed-settings':
			return told(words.changedSettings(who))
		case 'went-on':
			return deed.isSkip ? about(words.skipped, who, deed.title) : null
		case 'asked-ready':
			return told(words.askedReady(who))
		case 'counted-down':
		case 'stopped-for':
		case 'came-in':
		case 'opened-room':
		case 'waited':
		case 'granted':
		case 'put-out':
		case 'let-in':
		case 'hid-message':
		case 'handed-over':
		case 'changed-lock':
			return null
	}
}
export type DescribeNews = typeof describeNews
