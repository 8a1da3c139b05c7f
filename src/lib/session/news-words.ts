/**
 * Deeds in the words of a toast. Fetched with the first deed.
 */
import type { Deed } from '#lib/core/state.ts'
import { titleWithin } from '#lib/core/title-words.ts'

const timecode = (positionS: number): string => {
	const whole = Math.floor(positionS)
	const seconds = String(whole % 60).padStart(2, '0')
	const minutes = Math.floor(whole / 60) % 60
	const hours = Math.floor(whole / 3600)
	return hours > 0
		? `${String(hours)}:${String(minutes).padStart(2, '0')}:${seconds}`
		: `${String(minutes)}:${seconds}`
}

const MAY_BE_REGRETTED: ReadonlySet<Deed['type']> = new Set(['removed', 'cleared', 'shuffled'])

/** The sentence without its subject (what is named in it), or null where nobody needs to be told. */
export const describeNews = (
	deed: Deed,
	isMine: boolean,
): { text: string; subject: string | null } | null => {
	// What one does oneself is seen on the screen; only what may be regretted is told.
	if (isMine && !MAY_BE_REGRETTED.has(deed.type)) return null
	switch (deed.type) {
		case 'removed':
			return { text: 'removed', subject: titleWithin(deed.title) }
		case 'cleared':
			return {
				text: `cleared the queue, ${String(deed.count)} ${deed.count === 1 ? 'video' : 'videos'}`,
				subject: null,
			}
		case 'shuffled':
			return { text: 'shuffled the queue', subject: null }
		case 'added':
			return { text: 'added', subject: titleWithin(deed.title) }
		case 'moved':
			return { text: 'moved', subject: titleWithin(deed.title) }
		case 'started':
			return { text: 'started', subject: titleWithin(deed.title) }
		case 'paused':
			return { text: `paused at ${timecode(deed.positionS)}`, subject: null }
		case 'played':
			return { text: 'pressed play', subject: null }
		case 'sought':
			return { text: `went to ${timecode(deed.positionS)}`, subject: null }
		case 'set-speed':
			return { text: `set the speed to ${String(deed.rate)}×`, subject: null }
		case 'renamed-room':
			return { text: 'named the room', subject: deed.title }
		case 'changed-settings':
			return { text: 'changed the settings of the room', subject: null }
		case 'went-on':
			return deed.isSkip ? { text: 'skipped to', subject: titleWithin(deed.title) } : null
		case 'asked-ready':
			return { text: 'asks who is ready', subject: null }
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
