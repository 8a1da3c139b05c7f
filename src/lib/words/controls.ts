/** The control bar: its buttons, the seek bar and the volume. */
import { subject } from './subject.ts'

const english = {
	player: 'Player',
	nothingOn: 'Nothing is on',
	play: 'Play',
	pause: 'Pause',
	back10: 'Back 10 seconds',
	forward10: 'Forward 10 seconds',
	next: 'Next',
	/** A button's tooltip with its key. */
	withKey: (name: string, key: string) => `${name} (${key})`,
	space: 'Space',
	live: 'Live',
	speed: 'Playback speed',
	speedIsShared: 'For everybody in the room',
	hidePanel: 'Hide the side panel',
	showPanel: 'Show the side panel',
	theater: 'Theater',
	leaveTheater: 'Leave theater',
	fullScreen: 'Full screen',
	leaveFullScreen: 'Leave full screen',
	subtitles: 'Subtitles',
	pictureInPicture: 'Picture in picture',
	more: 'More',
	seek: 'Seek',
	seekAt: (at: string, length: string) => `${at} of ${length}`,
	seekAtChapter: (at: string, length: string, chapter: string) => `${at} of ${length}, ${chapter}`,
	messages: (count: number) => (count === 1 ? '1 message' : `${String(count)} messages`),
	mute: 'Mute',
	unmute: 'Unmute',
	onlyYouKey: (name: string, key: string) => `${name}, only for you (${key})`,
	volume: 'Volume',
	volumeIsYours: 'Volume, only for you',
	percent: (value: number) => `${String(value)} %`,
	now: 'Now:',
	addedByYou: 'added by you',
	addedBy: (name: string) => `added by ${name}`,
	nextUp: (title: string) => `Next: ${title}`,
}
export type ControlsWords = typeof english
export const controlsWords = subject('controls', english)
