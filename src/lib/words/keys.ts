/** The list of keys that `?` opens. */
import { subject } from './subject.ts'

const english = {
	title: 'Keyboard',
	spaceOrK: 'Space or K',
	playOrPause: 'Play or pause',
	tenSeconds: '10 seconds back, on',
	fiveSeconds: '5 seconds back, on',
	volume: 'Louder, quieter',
	mute: 'Mute',
	next: 'Next video',
	fullScreen: 'Full screen',
	theater: 'Theater',
	chat: 'Write in the chat',
	panel: 'Show or hide the side panel',
	moveInQueue: 'Move a video in the queue',
	thisList: 'This list',
	close: 'Close',
}
export type KeysWords = typeof english
export const keysWords = subject('keys', english)
