/** The extension's panel on a page: what came of asking a room that is in another document. */
import { subject } from './subject.ts'

const english = {
	noRoom: 'The room is not open any more.',
	notDone: 'The extension could not carry this out. Try it once more.',
	tooMuchAtOnce: 'That was too much at once. Wait a moment and try again.',
	inAppAlone: 'This can be done in the web app alone: open the room’s link there.',
}
export type PanelLineWords = typeof english
export const panelLineWords = subject('panel-line', english)
