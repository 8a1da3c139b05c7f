/** What stands on the stage itself: an empty one, the tap that browsers want, the way to drop a file. */
import { subject } from './subject.ts'

const english = {
	opening: 'Opening the room…',
	pasteToStart: 'Paste a link to start',
	orLetOthers: 'Or let someone else choose.',
	playSample: 'Play our sample film',
	roomStatus: 'Room status',
	tapToJoin: 'Tap to join the sound',
	join: 'Join',
	shareLink: 'Share the link',
	asleep: 'Stopped for you by the sleep timer',
	goOn: 'Go on',
}
export type StageWords = typeof english
export const stageWords = subject('stage', english)
