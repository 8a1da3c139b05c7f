/** The front page: its field, the rooms visited, the promises. */
import { plural } from './number-words.ts'
import { subject } from './subject.ts'

const english = {
	pageTitle: 'Matinee: watch together, apart',
	pageAbout:
		'Same film, same second, different sofas. Bring a video, share one link, watch in step. No account, end-to-end encrypted.',
	skip: 'Skip to starting a room',
	signIn: 'Sign in',
	yourAccount: (name: string) => `${name}, your account`,
	claim: 'Same film, same second, different sofas.',
	lede: 'Bring a video, share one link. Whoever opens it watches in step with you.',
	link: 'Video link',
	linkHint: 'Paste a video link',
	start: 'Start a room',
	options: 'Options',
	roomTitle: 'Room title',
	roomTitleHint: 'Sunday matinee',
	roomTitleAbout: 'Members see it, the server doesn’t. You can change it in the room.',
	roomPassword: 'Room password',
	roomPasswordAbout: 'Asked of everybody beside the link; empty for none. Nobody can reset this password.',
	show: 'Show',
	showPassword: 'Show password',
	hide: 'Hide',
	hidePassword: 'Hide password',
	noScript: 'Starting a room needs JavaScript, which is off in this browser.',
	/** A film of one's own. */
	chooseFile: 'or choose a file',
	chooseFileAbout: 'It stays on your disk. The others are asked for their own copy.',
	fileInput: 'Film, list of links or subtitles',
	dropFile: 'Drop it to start a room',
	dropFileAbout: 'A film stays on your disk: nothing of it is uploaded.',
	dropLink: 'Drop the link to take it',
	readingFile: (name: string) => `Looking at “${name}”`,
	/** The sample film. */
	sampleTitle: 'Nothing to hand?',
	sampleName: 'The Four-Ten to Saltmarsh',
	sampleAbout: 'Our sample film, 2 minutes',
	trySample: 'Try it with our sample film',
	promises: [
		{
			what: 'The link is all you need',
			why: 'No account, nothing to install. Send the link, and they are in.',
		},
		{
			what: 'Nobody is in charge of the room',
			why: 'It lives on every member’s device. Whoever leaves, the film goes on.',
		},
		{
			what: 'Our server can’t read it',
			why: 'Chat, queue and who did what are encrypted with the key in your link.',
		},
	],
	honest:
		'The site you watch from still sees your address, and so do the people you watch with. To look titles up, our server is shown the links, until a room turns that off.',
	licence: 'Free software under the MIT licence. Anyone can run their own.',
	settings: 'Your name and this device',
	/** Rooms visited. */
	rooms: 'Rooms visited',
	roomsWhere: 'kept on this device',
	noRooms: 'None yet. A room you enter is listed here, so that you find back without its link.',
	withPeople: (names: string) => `With ${names}`,
	optionsFor: (room: string) => `Options for ${room}`,
	forget: 'Forget',
	forgetRoom: (room: string) => `Forget ${room}?`,
	forgetAbout:
		'Its code, queue and chat are deleted from this device. The other members keep theirs; to come back you need the link again.',
	forgetIt: 'Forget this room',
	keepIt: 'Keep it',
	unnamed: 'Room without a name',
	filmAt: (title: string, minutes: number) =>
		minutes > 0
			? `${title}, ${String(minutes)} ${plural(minutes, { one: 'minute', other: 'minutes' })} in`
			: title,
	queueOf: (count: number) => `Queue of ${String(count)}`,
	emptyQueue: 'Nothing in the queue',
	/** `what` of the above. */
	visited: (what: string, day: string) => `${what}. ${day}`,
}
export type HomeWords = typeof english
export const homeWords = subject('home', english)
