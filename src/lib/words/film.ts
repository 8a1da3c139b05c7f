/** What is said of the film itself: for whom the room waits, who is asked, what a source cannot do. */
import { formatList } from './number-words.ts'
import { subject } from './subject.ts'

const others = (count: number): string => (count === 1 ? 'one other' : `${String(count)} others`)

const english = {
	/** Of two at most; `rest` more are not named. */
	names: (named: readonly string[], rest: number) =>
		rest === 0 ? formatList(named) : `${named.join(', ')} and ${others(rest)}`,
	somebody: 'somebody',
	youAskReady: 'You ask who is ready',
	asksReady: (name: string) => `${name} asks who is ready`,
	iAmReady: 'I am ready',
	waitingForReady: (names: string) => `Waiting for ${names} to be ready`,
	startNow: 'Start now',
	/** `name` null: one's own. */
	waitingToBuffer: (name: string | null, seconds: number) =>
		`Waiting for ${name ?? 'your video'} to buffer (${String(seconds)} s)`,
	continueWithout: (name: string) => `Continue without ${name}`,
	allStartIn: (seconds: number) => `All start together in ${String(seconds)}`,
	youStartIn: (seconds: number) => `Your player starts in ${String(seconds)} s`,
	nobodyCanPlay: (seconds: number) =>
		`Nobody here can play this. The next one starts in ${String(seconds)} s`,
	adIsOn: 'An ad is on. You come back in step after it',
	outOfSync: (seconds: string) => `Out of sync by ${seconds} s`,
	resync: 'Resync',
	isBack: (name: string) => `${name} is back`,
	stoppedBecauseLeft: (name: string) => `Stopped because ${name} left`,
	goOn: 'Go on',
	noPlayer: (kind: string) => `there is no player for ${kind} yet`,
	cannotPlay: 'This video cannot be played here.',
	noSeek: 'This site does not let others move the film.',
	noRate: 'This site does not let others change the speed.',
	liveSeek: 'This is live: everybody watches the same moment.',
	liveRate: 'A live stream runs at its own speed.',
	noVolume: 'The volume is in the player itself.',
}
export type FilmWords = typeof english
export const filmWords = subject('film', english)
