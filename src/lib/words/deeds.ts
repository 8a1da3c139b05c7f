/** Who did what in a room, as whole sentences. Names and titles stand where the language wants them. */
import { formatList, plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	cameIn: (who: string): string => `${who} came in`,
	openedRoom: (who: string): string => `${who} opened the room`,
	added: (who: string, title: string): string => `${who} added ${title}`,
	removed: (who: string, title: string): string => `${who} removed ${title}`,
	moved: (who: string, title: string): string => `${who} moved ${title}`,
	cleared: (who: string, count: number): string =>
		`${who} cleared the queue, ${String(count)} ${plural(count, { one: 'video', other: 'videos' })}`,
	shuffled: (who: string): string => `${who} shuffled the queue`,
	wentOn: (who: string, title: string): string => `${who} went on to ${title}`,
	waited: (who: string, whom: string): string => `${who} waited for ${whom}`,
	askedReady: (who: string): string => `${who} asked who is ready`,
	countedDown: (who: string): string => `${who} counted down to the start`,
	stoppedFor: (who: string, whom: string): string => `${who} stopped the film: ${whom} left`,
	renamedRoom: (who: string, title: string): string => `${who} named the room ${title}`,
	changedSettings: (who: string): string => `${who} changed the room settings`,
	/** `changes`: what was done, in the words of `change`. */
	changed: (who: string, changes: readonly string[]): string => `${who} ${formatList(changes)}`,
	banned: (who: string, whom: string): string => `${who} banned ${whom}`,
	made: {
		owner: (who: string, whom: string): string => `${who} made ${whom} the owner`,
		operator: (who: string, whom: string): string => `${who} made ${whom} an operator`,
		member: (who: string, whom: string): string => `${who} made ${whom} a member`,
		viewer: (who: string, whom: string): string => `${who} made ${whom} a viewer`,
	},
	putOut: (who: string, whom: string): string => `${who} removed ${whom} from the room`,
	letIn: (who: string, whom: string): string => `${who} let ${whom} back in`,
	hidMessage: (who: string, whom: string): string => `${who} removed a message of ${whom}`,
	sharedSubtitles: (who: string, name: string): string => `${who} added the subtitles ${name}`,
	removedSubtitles: (who: string, name: string): string => `${who} removed the subtitles ${name}`,
	handedOver: (who: string, whom: string): string => `${who} handed the room over to ${whom}`,
	changedLock: (who: string): string => `${who} changed the lock`,
	/** Each goes on a sentence of `changed`. */
	change: {
		waits: 'let the room wait for whoever buffers',
		waitsNot: 'let the room wait for nobody',
		pausesOnLeave: 'let the film stop when somebody leaves',
		pausesOnLeaveNot: 'let the film go on when somebody leaves',
		fetchesTitles: 'let the server fetch titles',
		fetchesTitlesNot: 'kept links from the server: titles are no longer fetched',
		keepsHistory: 'let the server keep this room, sealed',
		keepsHistoryNot: 'took this room off the server',
		slowOff: 'turned slow mode off',
		slow: (every: string): string => `set slow mode to ${every}`,
		orderByVotes: 'let the video with the most votes come next',
		orderOfQueue: 'let videos come in the order of the queue',
		loopOff: 'turned looping off',
		loopOne: 'let the video start over at its end',
		loopAll: 'let the whole queue start over at its end',
		everyone: {
			control: 'let everyone control playback',
			add: 'let everyone add to the queue',
			reorder: 'let everyone reorder the queue',
			chat: 'let everyone write in the chat',
		},
		operators: {
			control: 'let only operators control playback',
			add: 'let only operators add to the queue',
			reorder: 'let only operators reorder the queue',
			chat: 'let only operators write in the chat',
		},
	},
}
export type DeedWords = typeof english
export const deedWords = subject('deeds', english)
