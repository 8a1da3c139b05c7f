/** What others did, in the words of a toast: whole sentences. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const videos = (count: number): string =>
	`${String(count)} ${plural(count, { one: 'video', other: 'videos' })}`

const english = {
	removed: (who: string, title: string): string => `${who} removed ${title}`,
	added: (who: string, title: string): string => `${who} added ${title}`,
	moved: (who: string, title: string): string => `${who} moved ${title}`,
	removedMany: (who: string, count: number): string => `${who} removed ${videos(count)}`,
	addedMany: (who: string, count: number): string => `${who} added ${videos(count)}`,
	movedMany: (who: string, count: number): string => `${who} moved ${videos(count)}`,
	cleared: (who: string, count: number): string => `${who} cleared the queue, ${videos(count)}`,
	shuffled: (who: string): string => `${who} shuffled the queue`,
	started: (who: string, title: string): string => `${who} started ${title}`,
	paused: (who: string, at: string): string => `${who} paused at ${at}`,
	played: (who: string): string => `${who} pressed play`,
	sought: (who: string, at: string): string => `${who} went to ${at}`,
	setSpeed: (who: string, rate: string): string => `${who} set the speed to ${rate}×`,
	renamedRoom: (who: string, title: string): string => `${who} named the room ${title}`,
	changedSettings: (who: string): string => `${who} changed the settings of the room`,
	sharedSubtitles: (who: string, name: string): string => `${who} added the subtitles ${name}`,
	removedSubtitles: (who: string, name: string): string => `${who} removed the subtitles ${name}`,
	skipped: (who: string, title: string): string => `${who} skipped to ${title}`,
	askedReady: (who: string): string => `${who} asks who is ready`,
}
export type NewsWords = typeof english
export const newsWords = subject('news', english)
