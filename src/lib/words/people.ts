/** Who is in the room, what they do and how they are reached; what may be done about them; who is out. */
import { subject } from './subject.ts'

const english = {
	people: 'People',
	find: 'Find somebody',
	findAmong: (count: number): string => `Find somebody among ${String(count)}`,
	foundNobody: 'Nobody here is called that.',
	showMore: 'Show more',
	notShown: (count: number): string => `${String(count)} are not shown`,
	shareLink: 'Share the link',
	stats: 'Stats for nerds',

	yourName: 'Your name',
	you: 'You',
	youElsewhere: 'You, on another device',
	guest: 'Guest',
	roles: { owner: 'Owner', operator: 'Operator', viewer: 'Viewer', banned: 'Removed' },
	/** What somebody is to the room, in one line. */
	together: (parts: readonly string[]): string =>
		parts.map((part, at) => (at === 0 ? part : part.toLowerCase())).join(', '),
	looksLike: (name: string): string => `Looks like ${name}`,
	looksLikeWhom: (name: string): string => `The name looks like ${name}, who is somebody else.`,

	signedIn: 'Signed in',
	vouched: 'Signed in: the server vouches for this name.',
	ownName: 'Signed in, under a name of their own that nobody vouches for.',
	guestName: 'A guest, under a name of their own.',

	leaving: 'Leaving',
	away: 'Away',
	remote: 'Remote',
	here: 'Here',
	playing: 'Playing',
	playingSilent: 'Playing, sound off',
	playingOwn: 'Playing an own file',
	playingOwnSilent: 'Playing an own file, sound off',
	ready: 'Ready',
	readySilent: 'Ready, sound off',
	inAd: 'In an ad',
	buffering: (percent: number): string => `Buffering, ${String(percent)} %`,
	blocked: 'Muted by browser',
	noCopy: 'Has no copy yet',
	notOnSite: 'Not on the site',
	cannotPlay: 'Can’t play it',

	/** `ms`: round trip; null while it is not known. */
	direct: (ms: number | null): string => (ms === null ? 'Direct' : `Direct, ${String(ms)} ms`),
	relayed: (ms: number | null): string => (ms === null ? 'Relayed' : `Relayed, ${String(ms)} ms`),
	turn: (ms: number | null): string =>
		ms === null ? 'Relayed, through a TURN server' : `Relayed, ${String(ms)} ms, through a TURN server`,
	throughOthers: 'Through others',

	optionsFor: (name: string): string => `Options for ${name}`,
	changeName: 'Change your name',
	writeToThem: 'Write to them in the chat',
	muteForMe: 'Mute in the chat, for me',
	mutedForMe: 'Muted in the chat, for you',
	unmuteForMe: 'Unmute in the chat',
	make: { operator: 'Make operator', member: 'Make member', viewer: 'Make viewer' },
	handOver: 'Hand over the room…',
	remove: 'Remove…',
	nobodyRemovesOwner: 'Nobody can remove the owner.',
	offeredAlready: 'The room is offered to them already.',
	onlyOwnerRemovesOperator: 'Only the owner can remove an operator.',
}
export type PeopleWords = typeof english
export const peopleWords = subject('people', english)
