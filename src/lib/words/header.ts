/** The room's top line and the connection chip in it. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	frontPage: 'Matinee, front page',
	nameless: 'Room without a name',
	roomName: 'Room name',
	rename: 'Rename the room',
	encrypted: 'End-to-end encrypted',
	encryptedAbout: 'Only people with the link can read this room',
	encryptedAnd: (links: string) => `End-to-end encrypted. ${links}`,
	connections: 'Connections:',
	/** `names`: all of them, in a list. */
	names: (names: readonly string[]) => names.join(', '),
	here: (names: string) => `Here: ${names}`,
	manyHere: (count: string, names: string) => `Here: ${count} people, among them ${names}`,
	invite: 'Invite',
	settings: 'Room settings',
	menu: 'Room menu',
	/** The chip and, behind each, what is spoken in its place. */
	offline: 'Offline',
	offlineSpoken: 'Offline. What you add and write is kept and goes out later.',
	notReached: 'Not reached',
	noRelaySpoken: 'The others here cannot be reached directly, and this server does not pass anything on.',
	hiddenSpoken:
		'Your address is hidden, and this server does not pass anything on: the others cannot be reached.',
	connecting: 'Connecting…',
	connectingSpoken: 'Connecting',
	reconnecting: 'Reconnecting…',
	reconnectingSpoken: 'The server is away. Trying to reach it again.',
	direct: (count: string) => `Direct ${count}`,
	directSpoken: (count: string) => `${count} direct`,
	relayed: (count: string) => `Relayed ${count}`,
	relayedSpoken: (count: string, turn: number) =>
		turn > 0 ? `${count} relayed (${String(turn)} through a TURN server)` : `${count} relayed`,
	ms: (count: string) => `${count} ms`,
	msSpoken: (count: number) =>
		plural(count, { one: '1 millisecond', other: `${String(count)} milliseconds` }),
	ready: 'Ready',
	readySpoken: 'nobody else is here yet',
	serverAway: 'Server away',
	serverAwaySpoken: 'the server is away, nobody new can come in meanwhile',
	/** What is spoken, one after the other. */
	join: (said: readonly string[]) => said.join(', '),
}
export type HeaderWords = typeof english
export const headerWords = subject('header', english)
