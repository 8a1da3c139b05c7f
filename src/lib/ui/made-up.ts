/** Made-up rooms for the playground and for tests: every state the screens can be in, without a server, a document or a player. */
import { DEFAULT_SETTINGS, type Role } from '#lib/core/roles.ts'
import type { ActivityEntry, ChatMessage, Deed, Member, QueueItem, RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId, MessageId, Millis, SubjectId } from '#lib/core/units.ts'
import type {
	FoundVideoView,
	ConnectionView,
	PersonView,
	PlayerView,
	StatusView,
	StepStats,
	ToastView,
	VisitedRoomView,
} from '#lib/core/view.ts'
import type { DoorView } from './props.ts'

const device = (name: string): DeviceId => `device-${name}` as DeviceId
const today = (h: number, m: number): Millis => new Date(2026, 10, 21, h, m).getTime()
export const NOW: Millis = today(20, 16)

const PEOPLE = [
	['Ana', 1, 'owner'],
	['Ines', 2, 'operator'],
	['Bo', 5, 'member'],
	['Tomas', 4, 'member'],
	['Wren', 7, 'member'],
] as const

const members: Member[] = PEOPLE.map(([name, seat, role]) => ({
	device: device(name),
	subject: `g_${name}` as SubjectId,
	name,
	seat,
	role,
	isVerified: name === 'Ana',
	isAccount: name === 'Ana' || name === 'Tomas',
	pictureId: null,
	firstSeenAtMs: today(19, 29),
}))
const me = device('Ines')

const item = (
	id: string,
	title: string,
	media: QueueItem['media'],
	by: string,
	durationS: number | null,
	votes: number,
): QueueItem => ({
	id: id as ItemId,
	media,
	title,
	durationS,
	thumbnailUrl: id === 'now' ? './art/still.svg' : null,
	addedBy: device(by),
	addedAtMs: today(20, 1),
	position: id,
	votes,
	didIVote: votes === 3,
})
const file = (name: string): QueueItem['media'] => ({ kind: 'file', url: `https://films.example/${name}` })

const current = item('now', 'The Four-Ten to Saltmarsh', file('saltmarsh.webm'), 'Ana', 1880, 0)
const next = [
	item('q1', 'Harbour lights, part two', { kind: 'vimeo', id: '76979871' }, 'Bo', 521, 3),
	item(
		'q2',
		'How a viaduct is built, and why it hums',
		{ kind: 'youtube', id: 'dQw4w9WgXcQ' },
		'Ines',
		842,
		2,
	),
	item('q3', 'Saltmarsh, super 8', file('super8.mp4'), 'Ana', 1330, 1),
	item(
		'q4',
		'The last tram of the season',
		{ kind: 'bilibili', id: 'BV1xx411c7mD', page: 1 },
		'Wren',
		1050,
		0,
	),
]
const earlier = [
	item('e1', 'Night bus, take one', file('bus1.mp4'), 'Tomas', 310, 0),
	item('e2', 'Tide tables, a reading', file('tides.mp3'), 'Wren', 192, 0),
	item('e3', 'A short walk to the lamp', file('lamp.mp4'), 'Ana', 75, 0),
]

let said = 0
const say = (name: string, atMs: Millis, positionS: number | null, text: string): ChatMessage => ({
	id: `m${String(said++)}` as MessageId,
	from: device(name),
	text,
	atMs,
	item: positionS === null ? null : current.id,
	positionS,
	replyTo: null,
	editedAtMs: null,
	replyDeletedBy: null,
	reactions: [],
	isLate: false,
})
const chat = [
	say('Bo', today(20, 2), null, 'Curtains shut, tea made, good headphones on. Go.'),
	say('Tomas', today(20, 5), 581, 'Sorry, I missed what she says about the timetable. Was it at 9:30?'),
	say('Ines', today(20, 6), 598, '“The four-ten never waits.” And then it waits.'),
	say('Wren', today(20, 8), 680, 'That lamp has been lit since the very first shot. In full daylight.'),
	say(
		'Ana',
		today(20, 14),
		722,
		'Stop there. Look at the viaduct in the water, one pier short of the real one.',
	),
	say('Bo', today(20, 15), 724, 'My line is thinking it over, one moment.'),
]

let done = 0
const did = (
	name: string,
	atMs: Millis,
	deed: Deed,
	isUndoable = false,
	undoneBy?: string,
): ActivityEntry => ({
	id: `a${String(done++)}`,
	by: device(name),
	atMs,
	deed,
	isUndoable,
	undoneBy: undoneBy === undefined ? null : device(undoneBy),
})
const lastSunday = (h: number, m: number): Millis => new Date(2026, 10, 15, h, m).getTime()
const activity = [
	did('Tomas', today(20, 16), { type: 'removed', item: 'x' as ItemId, title: 'Night bus, take two' }, true),
	did('Ana', today(20, 13), { type: 'paused', positionS: 724 }, true),
	did(
		'Ines',
		today(20, 11),
		{ type: 'moved', item: next[1]!.id, title: 'How a viaduct is built, and why it hums' },
		true,
	),
	did('Tomas', today(20, 8), { type: 'sought', positionS: 1450 }, true, 'Ana'),
	did('Ana', today(20, 7), { type: 'granted', subject: 'g_Ines' as SubjectId, role: 'operator' }),
	did('Wren', today(20, 5), { type: 'came-in' }),
	did('Tomas', today(20, 4), { type: 'sought', positionS: 570 }),
	did('Tomas', today(20, 4), { type: 'paused', positionS: 600 }),
	did('Bo', today(20, 1), { type: 'added', item: next[0]!.id, title: 'Harbour lights, part two' }, true),
	did('Ana', today(19, 52), { type: 'started', item: current.id, title: current.title }),
	did('Ana', lastSunday(19, 30), { type: 'renamed-room', title: 'Sunday matinee' }),
	did('Ana', lastSunday(19, 29), { type: 'opened-room' }),
]

const full: RoomState = {
	title: 'Sunday matinee',
	createdAtMs: lastSunday(19, 29),
	settings: DEFAULT_SETTINGS,
	me,
	myRole: 'operator',
	myRemoval: null,
	removals: [],
	offer: null,
	moved: null,
	members,
	queue: { earlier, current, next, following: next[0] ?? null },
	playback: {
		itemId: current.id,
		positionS: 724,
		rate: 1,
		isPlaying: true,
		atMs: NOW,
		rev: 'r1',
		by: device('Ana'),
		cause: { type: 'user' },
	},
	chat,
	chatDeletions: [],
	subtitles: [],
	activity,
}

export const SCENES = [
	'film',
	'empty',
	'end',
	'failed',
	'embed',
	'blocked',
	'loading',
	'operators',
	/** Ines owns the room; two are out, an offer is open, the rules are strict. */
	'owner',
	/** Ines may only watch. */
	'viewer',
	/** Ana offers Ines the room. */
	'offered',
	/** Ines was put out while she watched. */
	'out',
] as const
export type Scene = (typeof SCENES)[number]

const roleIn = (scene: Scene, name: string, role: Role): Role => {
	if (name === 'Ines')
		return scene === 'owner' ? 'owner' : scene === 'viewer' ? 'viewer' : scene === 'out' ? 'banned' : role
	return scene === 'owner' && name === 'Ana' ? 'operator' : role
}
const subjectOf = (name: string): SubjectId => `g_${name}` as SubjectId
const ruled = [
	did(
		'Ines',
		today(20, 15),
		{
			type: 'changed-settings',
			changes: [
				{ what: 'control', from: 'everyone', to: 'operators' },
				{ what: 'chatEveryS', from: 0, to: 10 },
			],
		},
		true,
	),
	did('Ines', today(20, 14), { type: 'put-out', subject: subjectOf('Marsh') }),
	did('Ana', today(20, 12), { type: 'put-out', subject: subjectOf('Quiet Heron') }),
	did('Ana', today(20, 12), { type: 'hid-message', from: device('Quiet Heron') }),
	did(
		'Ines',
		today(20, 9),
		{ type: 'changed-settings', changes: [{ what: 'waits', from: true, to: false }] },
		true,
	),
	did('Ana', today(19, 59), { type: 'handed-over', subject: subjectOf('Ines') }),
	did('Ana', today(19, 54), { type: 'changed-lock' }),
]
const ruledRoom = (): Partial<RoomState> => ({
	settings: { ...DEFAULT_SETTINGS, control: 'operators', waits: false, chatEveryS: 10 },
	members: [
		...members,
		...(['Marsh', 'Quiet Heron'] as const).map((name): Member => ({
			...members[2]!,
			device: device(name),
			subject: subjectOf(name),
			name,
			seat: name === 'Marsh' ? 3 : 6,
			role: 'banned',
		})),
	],
	removals: [
		{ subject: subjectOf('Marsh'), name: 'Marsh', by: me, atMs: today(20, 14), isBan: true },
		{
			subject: subjectOf('Quiet Heron'),
			name: 'Quiet Heron',
			by: device('Ana'),
			atMs: today(20, 12),
			isBan: false,
		},
	],
	offer: { to: subjectOf('Bo'), by: me, atMs: today(20, 15) },
	activity: [...activity.slice(0, 1), ...ruled, ...activity.slice(1)],
})

/** Wren has taken a name that could be Ana's. */
export const lookAlikesOf = (scene: Scene): ReadonlyMap<DeviceId, string> =>
	new Map(scene === 'owner' ? [[device('Wren'), 'Ana']] : [])

export const stateOf = (scene: Scene): RoomState => {
	const state = { ...full, ...of(scene) }
	const withRoles = state.members.map((member) => ({
		...member,
		role: roleIn(scene, member.name, member.role),
	}))
	return { ...state, members: withRoles, myRole: roleIn(scene, 'Ines', state.myRole) }
}

const of = (scene: Scene): Partial<RoomState> => {
	if (scene === 'owner') return ruledRoom()
	if (scene === 'viewer') return { settings: { ...DEFAULT_SETTINGS, chatEveryS: 30 } }
	if (scene === 'operators') return { settings: { ...DEFAULT_SETTINGS, control: 'operators' } }
	if (scene === 'offered') return { offer: { to: subjectOf('Ines'), by: device('Ana'), atMs: today(20, 15) } }
	if (scene === 'out')
		return {
			myRemoval: {
				subject: subjectOf('Ines'),
				name: 'Ines',
				by: device('Ana'),
				atMs: today(20, 15),
				isBan: false,
			},
		}
	if (scene === 'empty' || scene === 'loading')
		return {
			queue: { earlier: [], current: null, next: [], following: null },
			chat: [],
			activity: full.activity.slice(-1),
		}
	if (scene === 'end')
		return { queue: { earlier: [...earlier, current], current: null, next: [], following: null } }
	return {}
}

const person = (
	name: string,
	doing: PersonView['doing'],
	driftS: number | null,
	path: PersonView['path'],
	rttMs: number | null,
	more: Partial<PersonView> = {},
): PersonView => {
	const found = members.find((member) => member.name === name)
	return {
		device: device(name),
		subject: found?.subject ?? (`g_${name}` as SubjectId),
		name,
		seat: found?.seat ?? 1,
		role: found?.role ?? 'member',
		isMe: name === 'Ines',
		isVerified: name === 'Ana',
		isAccount: found?.isAccount ?? false,
		pictureUrl: null,
		presence: 'here',
		doing,
		isMuted: false,
		driftS,
		path,
		rttMs,
		isReady: null,
		...more,
	}
}
export const people: readonly PersonView[] = [
	person('Ana', { type: 'playing' }, -0.04, 'direct', 18),
	person('Ines', { type: 'playing' }, 0, 'self', null),
	person('Bo', { type: 'buffering', percent: 63 }, -1.8, 'relayed', 96),
	person('Tomas', { type: 'playing' }, 0.31, 'direct', 31, { presence: 'away' }),
	person('Wren', { type: 'playing' }, 0.07, 'direct', 24, { isMuted: true }),
]
export const onlyMe: readonly PersonView[] = people
	.filter(({ isMe }) => isMe)
	.map((one) => ({ ...one, driftS: null }))

export const peopleOf = (scene: Scene): readonly PersonView[] =>
	scene === 'empty'
		? onlyMe
		: people.map((one) => ({
				...one,
				role: roleIn(scene, one.name, one.role),
				name: scene === 'owner' && one.name === 'Wren' ? 'Аna' : one.name,
				pictureUrl: scene === 'owner' && one.name === 'Ana' ? './art/still.svg' : null,
			}))

export const connections: Readonly<Record<string, ConnectionView>> = {
	ready: { state: 'ready', direct: 3, relayed: 1, rttMs: 24, server: 'up', isFollower: false },
	alone: { state: 'alone', direct: 0, relayed: 0, rttMs: null, server: 'up', isFollower: false },
	connecting: {
		state: 'connecting',
		direct: 0,
		relayed: 0,
		rttMs: null,
		server: 'connecting',
		isFollower: false,
	},
	away: { state: 'ready', direct: 3, relayed: 0, rttMs: 24, server: 'away', isFollower: false },
	offline: { state: 'offline', direct: 0, relayed: 0, rttMs: null, server: 'away', isFollower: false },
}

const SITE_LIMITS = [
	'This site’s player cannot be steered or asked where it is. Each play, pause and seek loads it anew at the right second, so it can be a second or two off.',
]
export const playerOf = (scene: Scene): PlayerView => ({
	state:
		scene === 'empty' || scene === 'loading'
			? 'none'
			: scene === 'end'
				? 'ended'
				: scene === 'failed'
					? 'failed'
					: scene === 'blocked'
						? 'blocked'
						: 'playing',
	isPlaying: !['empty', 'end', 'failed', 'loading'].includes(scene),
	positionS: scene === 'empty' || scene === 'loading' ? 0 : scene === 'end' ? 1880 : 724,
	durationS: scene === 'empty' || scene === 'loading' ? null : 1880,
	bufferedToS: 980,
	rate: 1,
	volume: 0.7,
	isMuted: false,
	isLive: false,
	disabled:
		scene === 'operators'
			? {
					play: 'Only operators can control here',
					seek: 'Only operators can control here',
					next: 'Only operators can control here',
					rate: 'Only operators can control here',
				}
			: {},
	failure:
		scene === 'failed'
			? {
					title: 'This video can’t be shown here',
					detail:
						'Its host answered 404: the file is no longer at this address. Nobody in the room can play it.',
					openUrl: 'https://films.example/saltmarsh.webm',
				}
			: null,
	limits: scene === 'embed' ? SITE_LIMITS : [],
	canCorrect: scene === 'embed',
	startsAtMs: null,
})

export const foundFor = (text: string): readonly FoundVideoView[] =>
	text === ''
		? []
		: ['The Four-Ten to Saltmarsh', 'How the viaduct was filmed', 'Saltmarsh, live from the bridge'].map(
				(title, at) => ({
					item: { media: { kind: 'youtube', id: `saltmarsh00${String(at)}` }, title },
					title,
					author: 'Harbour Lights Cinema',
					durationS: at === 2 ? null : 730 + at * 400,
					thumbnailUrl: at === 0 ? './art/still.svg' : null,
					isLive: at === 2,
				}),
			)

/** One of what waits was tried before and did not play. */
export const unplayable: ReadonlyMap<ItemId, string> = new Map(
	stateOf('film')
		.queue.next.slice(1, 2)
		.map(({ id }) => [id, 'This video plays only on its own site']),
)

/** A minute of a player that is sought once, stalls once, and is brought back each time. */
export const stats = (): StepStats => ({
	nowMs: 60_000,
	readings: Array.from({ length: 600 }, (_, at) => {
		const calm = 3 * Math.sin(at / 23) + Math.sin(at / 7)
		const afterSeek = at > 180 && at < 200 ? 90 * Math.exp(-(at - 180) / 5) : 0
		const afterStall =
			at >= 400 && at < 420 ? 400 : at >= 420 && at < 440 ? 35 * Math.exp(-(at - 420) / 8) : 0
		const driftMs = calm + afterSeek + afterStall
		return {
			atMs: at * 100,
			driftMs: at >= 400 && at < 412 ? null : driftMs,
			rate: 1 + Math.max(-0.008, Math.min(0.008, driftMs / 2_500)),
			mark: at === 180 ? 'seek' : at === 400 ? 'stall' : null,
		}
	}),
	player: {
		kind: 'html5',
		doing: 'tracking',
		law: 'lock',
		startLagMs: 74.6,
		seekLagMs: 91.2,
		bufferedS: 28.4,
		seeks: 3,
		stalls: 1,
	},
	clock: { errorMs: 0.8, offByMs: 0.2, neighbours: 3, oneWayP95Ms: 31 },
	people: people.map(({ name, isMe, driftS, rttMs, path }) => ({
		name,
		isMe,
		driftMs: driftS === null ? null : -driftS * 1000,
		rttMs,
		path,
	})),
})

export const statuses: Readonly<Record<string, StatusView | null>> = {
	none: null,
	waiting: {
		kind: 'waiting',
		text: 'Waiting for Bo to buffer (6 s)',
		action: 'Continue without Bo',
		progress: 0.63,
	},
	join: { kind: 'join', text: 'Ana, Bo, Tomas and Wren are 12 minutes in', action: null, progress: null },
	reconnecting: {
		kind: 'reconnecting',
		text: 'Reconnecting. You can go on watching',
		action: null,
		progress: null,
	},
	ready: { kind: 'ready', text: 'Ana asks who is ready', action: 'I am ready', progress: 0.4 },
	countdown: { kind: 'countdown', text: 'All start together in 3', action: null, progress: null },
	ad: { kind: 'ad', text: 'An ad is on. You come back in step after it', action: null, progress: null },
	resync: { kind: 'resync', text: 'Out of sync by 2.3 s', action: 'Resync', progress: null },
	alone: { kind: 'alone', text: 'Nobody else is here yet', action: 'Invite', progress: null },
	away: {
		kind: 'server-away',
		text: 'The server is away. You go on together; nobody new can come in meanwhile',
		action: null,
		progress: null,
	},
	storage: {
		kind: 'storage',
		text: 'Not saved on this device: the disk is full. The others keep the room',
		action: null,
		progress: null,
	},
}

export const toasts: Readonly<Record<string, ToastView | null>> = {
	none: null,
	removed: {
		id: 't1',
		text: 'Tomas removed Night bus, take two',
		subject: 'Night bus, take two',
		action: { label: 'Undo', kind: 'undo' },
		tone: 'plain',
	},
	copied: { id: 't2', text: 'Link copied', subject: null, action: null, tone: 'plain' },
	problem: {
		id: 't3',
		text: 'Only operators can control here',
		subject: null,
		action: null,
		tone: 'problem',
	},
}

export const rooms: readonly VisitedRoomView[] = [
	{
		roomId: 'r1',
		href: './r#K7QX-3M9R-T2VH-8WPC-5NDA',
		title: 'Sunday matinee',
		summary: 'The Four-Ten to Saltmarsh, 12 minutes in. Yesterday',
		people: [
			{ name: 'Ana', seat: 1 },
			{ name: 'Bo', seat: 5 },
			{ name: 'Tomas', seat: 4 },
			{ name: 'Wren', seat: 7 },
		],
		visitedAtMs: NOW,
	},
	{
		roomId: 'r2',
		href: './r#K7QX-3M9R-T2VH-8WPC-5NDB',
		title: 'Bo’s long list',
		summary: 'Queue of 23. Last Thursday',
		people: [{ name: 'Bo', seat: 5 }],
		visitedAtMs: NOW,
	},
	{
		roomId: 'r3',
		href: './r#K7QX-3M9R-T2VH-8WPC-5NDC',
		title: 'Evening class, week 6',
		summary: 'Three films watched. 2 November',
		people: [
			{ name: 'Wren', seat: 7 },
			{ name: 'Tomas', seat: 4 },
			{ name: 'Ana', seat: 1 },
		],
		visitedAtMs: NOW,
	},
]

export const doors: Readonly<Record<string, DoorView>> = {
	connecting: { type: 'connecting' },
	'bad-code': {
		type: 'bad-code',
		text: 'K7QX-3M9R-T2VH',
		message: '12 of 20 characters. The rest of the code is missing.',
	},
	'unknown-room': { type: 'unknown-room', code: 'K7QX-3M9R-T2VH-8WPC-5NDA' },
	'server-away': { type: 'server-away', retryInS: 14 },
	password: { type: 'password', title: 'Sunday matinee', problem: null, isChecking: false },
	'password-wrong': {
		type: 'password',
		title: '',
		problem: 'That is not the password of this room.',
		isChecking: false,
	},
	door: { type: 'door', problem: null, isChecking: false },
	'sign-in': { type: 'sign-in', href: '/sign-in?back=room' },
	removed: {
		type: 'removed',
		by: 'Ana',
		atMs: today(20, 12),
		isBan: false,
		title: 'Sunday matinee',
	},
	banned: { type: 'removed', by: 'Ana', atMs: lastSunday(19, 40), isBan: true, title: '' },
	moved: { type: 'moved', by: 'Ana', atMs: today(20, 14), title: 'Sunday matinee' },
	refused: {
		type: 'refused',
		title: 'The room is full',
		detail: 'It holds 2,000 people. Try again when somebody has left.',
		canRetry: true,
	},
}
