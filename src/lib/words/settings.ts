/** The page of one's own settings: who one is here, how it looks, what this device keeps. */
import { subject } from './subject.ts'

const english = {
	pageTitle: 'Your account and this device · Matinee',
	title: 'Your account and this device',
	serverAway: 'The server is away, and with it what it keeps of an account. Rooms you are in go on.',
	asking: 'Asking the server who is signed in.',
	you: 'You',
	signedInOn: 'Signed in on',
	password: 'Password',
	passwordSetElsewhere: 'Whoever runs this server sets it.',
	noPassword: (provider: string | null) =>
		`There is none here: ${provider ?? 'the other service'} signs you in.`,
	yourData: 'Your data',
	account: 'Account',
	accountAbout:
		'Nobody is signed in here. Signed in, you are the same person, and the rooms you make are yours, on every device.',
	signIn: 'Sign in',
	/** Of an account: how one signs in, and since when (a day in the midst of a sentence). */
	localAccount: (username: string, since: string) => `Username ${username}. Account since ${since}.`,
	providersAccount: (provider: string, since: string) =>
		`Signed in with ${provider}. Account since ${since}.`,
	looks: 'How it looks',
	offline: 'Without a network',
	keptRooms: 'Rooms on this device',
	roomsKept: (count: number, size: string | null) =>
		count === 0
			? 'No room is kept here.'
			: `${String(count)} ${count === 1 ? 'room is' : 'rooms are'} kept here, so that they open at once and offline.${size === null ? '' : ` This page takes ${size} of this device.`}`,
	forgetAll: 'Forget all rooms',
	forgetAllAsk: 'Forget all rooms on this device?',
	forgetAllAbout:
		'Their codes, queues and chats are deleted from this device. The other members keep theirs; to come back you need each link again.',
	forgetThem: 'Forget them',
	keepThem: 'Keep them',
	forgotAll: 'No room is kept on this device any more.',
	forgetFailed: 'Not all of them could be forgotten: this browser’s storage refused. Try again.',
	roomsUnread: 'The list of rooms on this device could not be read.',
}
export type SettingsWords = typeof english
export const settingsWords = subject('settings', english)
