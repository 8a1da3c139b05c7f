/** Stats for nerds: everybody's last two minutes, who is linked with whom, and what lies beneath. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	title: 'Stats for nerds',
	wait: 'Being fetched…',
	pause: 'Pause the plot',
	goOn: 'Let the plot go on',
	show: 'Shown',
	drift: 'Off by',
	delay: 'Delay',
	driftPlot: 'Everybody’s distance from the room’s moment in the last two minutes',
	delayPlot: 'Everybody’s round trip in the last two minutes',
	twoMinutesAgo: '2 min ago',
	now: 'now',
	nobodyYet: 'Nothing has been measured yet.',
	ofMany: (shown: number, all: number): string =>
		`${String(shown)} of ${String(all)} people: you and those furthest off.`,

	links: 'Who is linked with whom',
	linksHint: 'As far as this device knows: its own links, and who told it of the others.',
	graph: 'The links as a picture; the table below says the same.',
	noLinks: 'There are no links yet.',
	from: 'From',
	to: 'To',
	way: 'Way',
	roundTrip: 'Round trip',
	ways: {
		direct: 'Direct',
		relayed: 'Relayed',
		turn: 'Relayed, through a TURN server',
		'through-others': 'Told of',
	},
	ms: (ms: string): string => `${ms} ms`,
	seconds: (s: number): string => `${String(s)} s`,
	graphOfMany: (shown: number, all: number): string =>
		`The picture has ${String(shown)} of ${String(all)} people; the table has all.`,
	showMoreLinks: (count: number): string => `Show more (${String(count)})`,
	bytes: (bytes: string): string => `${bytes} B`,
	kilobytes: (kb: string): string => `${kb} KB`,
	megabytes: (mb: string): string => `${mb} MB`,
	you: (name: string): string => `${name} (you)`,

	clock: 'Room clock',
	clockOffset: 'Ahead of this device by',
	clockError: 'Known to within',
	clockOff: 'Off the neighbours by',
	clockNodes: 'Compared with',
	clockNodesValue: (count: number): string =>
		plural(count, { one: '1 clock', other: `${String(count)} clocks` }),
	player: 'Player',
	playerKind: 'Kind',
	startLag: 'Start lag, learned',
	seekLag: 'Seek lag, learned',
	rate: 'Runs at',
	roomRate: 'Room’s speed',
	rateValue: (rate: string): string => `${rate}×`,
	linksHead: 'Links',
	linksOpen: 'Direct, relayed, TURN',
	linksOpenValue: (direct: number, relayed: number, turn: number): string =>
		`${String(direct)}, ${String(relayed)}, ${String(turn)}`,
	linksUp: 'Opened since you came',
	linksDown: 'Lost since you came',
	pathChanges: 'Changed their way',
	sent: 'Messages sent',
	received: 'Messages received',
	sentBytes: 'Sent',
	repairs: 'Repaired',
	strikes: 'Refused from neighbours',
	records: 'Records',
	recordCount: 'Kept',
	recordBytes: 'Size',
	waiting: 'Waiting for their author',
	quarantined: 'From the future',
	rejected: 'Refused',
}
export type StatsWords = typeof english
export const statsWords = subject('stats', english)
