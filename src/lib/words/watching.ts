/** The panel "More": what each person sets for their own watching. */
import { subject } from './subject.ts'

const english = {
	title: 'More',
	pip: 'Picture in picture',
	leavePip: 'Leave picture in picture',
	pipSite: 'This site’s player keeps its picture to itself.',
	pipBrowser: 'This browser gives pages no picture in picture. Firefox has its own button on the picture.',
	pipSound: 'This is sound without a picture.',
	pipLoading: 'The picture is not there yet.',
	pipRefused: 'The browser refused picture in picture.',
	quality: 'Quality',
	qualityAuto: 'Automatic',
	qualityAutoNow: (name: string) => `Automatic (${name})`,
	lines: (height: number) => `${String(height)}p`,
	kbps: (rate: number) => `${String(rate)} kbit/s`,
	noQuality: 'This source has one quality only.',
	siteQuality: 'The quality is chosen in the site’s own player.',
	sleep: 'Stop for me',
	sleepOff: 'Never',
	sleepMinutes: (minutes: number) => `After ${String(minutes)} minutes`,
	sleepFilm: 'At the end of this film',
	sleepHint: 'Only your own player stops. The others go on watching.',
	sleepLeft: (minutes: number) => (minutes === 1 ? '1 minute left' : `${String(minutes)} minutes left`),
	ambient: 'Glow around the picture',
	ambientMotion: 'Your device asks for less motion, so there is no glow.',
	ambientSite: 'Only films of one’s own kind glow, not sites’ players.',
	remote: 'Use this device as a remote',
	remoteHint: 'Chat, queue and controls without the video, beside a television.',
	remoteIs: 'This is a remote: the film plays elsewhere.',
	remoteWatch: 'Watch here',
}
export type WatchingWords = typeof english
export const watchingWords = subject('watching', english)
