/** How well everybody keeps step: the dialog, the plot of one's own last minute, the meter in People. */
import { subject } from './subject.ts'

const english = {
	title: 'In step',
	nerds: 'Stats for nerds',
	nerdsHint: 'Everybody’s last two minutes, who is linked with whom, and what lies beneath.',
	nerdsFailed: 'This part could not be fetched. Check that you are online.',
	you: 'you',
	nothingYet: 'Nothing to compare yet',
	youAreInStep: 'You are in step',
	youAreBehind: (ms: string): string => `You are ${ms} behind`,
	youAreAhead: (ms: string): string => `You are ${ms} ahead`,
	inStep: 'in step',
	behind: (ms: string): string => `${ms} behind`,
	ahead: (ms: string): string => `${ms} ahead`,
	ms: (ms: string): string => `${ms} ms`,
	seconds: (s: string): string => `${s} s`,
	times: (count: number): string => `${String(count)} ×`,
	resync: 'Resync',

	withinOf: (inStep: number, all: number, within: number): string =>
		`${String(inStep)} of ${String(all)}, within ${String(within)} s`,
	meterPlace: (who: string, place: string): string => `${who} ${place}`,
	meterEnds: { behind: '2 s behind', room: 'the room', ahead: '2 s ahead' },

	plot: 'The last minute of keeping step',
	speed: 'speed',
	pause: 'Pause',
	goOn: 'Go on',
	aMinuteAgo: 'a minute ago',
	now: 'now',

	clockWithin: 'Clock within',
	slowestWay: 'Way to the slowest',
	startTakes: 'Start takes',
	seekTakes: 'Seek takes',
	buffered: 'Buffered',
	seeks: 'Corrected by seeking',
	stalled: 'Stalled',

	everybody: 'Everybody here',
	who: 'Who',
	offBy: 'Off by',
	roundTrip: 'Round trip',
	withYou: (name: string): string => `${name} (you)`,
	showMore: (count: number): string => `Show more (${String(count)})`,

	soundComes: 'My sound comes',
	soundHint:
		'For wireless headphones and televisions: move it until lips and words agree. Only for this device.',
	delayNone: 'none',
	delayLate: (ms: number): string => `${String(ms)} ms late`,
	delayEarly: (ms: number): string => `${String(ms)} ms early`,
	noDelay: 'None',
	share: 'Share these figures with the server',
	shareHint: 'Only how far off and how late, added up once a minute: no names, no titles, no room.',

	copyJson: 'Copy as JSON',
	copied: 'Copied',
	notAllowed: 'The browser does not allow it here',
}
export type InStepWords = typeof english
export const inStepWords = subject('in-step', english)
