/** What somebody sets for their own device alone, in a room or on the page of settings. */
import { subject } from './subject.ts'

const english = {
	captions: 'Subtitles',
	captionsOn: 'Show subtitles',
	captionsOnAbout: 'Where the room has some for the film.',
	size: 'Size of subtitles',
	timing: 'Timing of subtitles',
	timingAbout: 'For those that you have not set by hand. Later is +, earlier is −.',
	seconds: (seconds: string) => `${seconds} s`,
	chat: 'Chat',
	inStep: 'In step',
	tolerance: 'Sync tolerance',
	toleranceIs: (ms: string) => `${ms} ms`,
	toleranceAbout:
		'Smaller differences are made up for unheard. Only beyond this is the film sped up, slowed down or moved. More is calmer on a slow device.',
	address: 'Your address',
	name: 'Your name',
}
export type OwnChoicesWords = typeof english
export const ownChoicesWords = subject('own-choices', english)
