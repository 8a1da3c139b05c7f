/**
 * What the popup asks of the room, and what it is told to show. Both are pages of ours; both parse all the same, since
 * one of them may be of a version before an update.
 */
import {
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	real,
	text,
	union,
	type Parsed,
	type Schema,
} from '#lib/core/schema.ts'

export const POPUP_PORT = 'matinee-popup-1'

const tab = integer(0, Number.MAX_SAFE_INTEGER)
const server = text(300, /^https?:\/\//)
const words = text(1_000)

/* ── Popup → room ────────────────────────────────────────────────────────────────────────────────────────────── */

/** `tab`: where the room's film plays. */
const start = object({ type: literal('start'), server, tab })
const join = object({ type: literal('join'), server, text: text(500), tab: nullable(tab) })
const password = object({ type: literal('password'), text: text(500) })
const leave = object({ type: literal('leave') })
/** No room is open, and the popup asks who one is at this server. */
const look = object({ type: literal('look'), server })
const askSignIn = object({ type: literal('ask-sign-in'), server })
const signIn = object({ type: literal('sign-in'), username: text(64), password: text(1_024) })
const signOut = object({ type: literal('sign-out'), server })
/** The server's door password. */
const door = object({ type: literal('door'), text: text(1_024) })
/** `server`: where no room is open. */
const rename = object({ type: literal('rename'), server, name: text(200) })
const playHere = object({ type: literal('play-here'), tab })
/** The page in this tab goes into the queue; `isNow`: and is played at once. */
const addPage = object({ type: literal('add-page'), tab, isNow: flag })
const steer = object({ type: literal('steer'), isPlaying: flag })

export type FromPopup =
	| Parsed<typeof start>
	| Parsed<typeof join>
	| Parsed<typeof password>
	| Parsed<typeof leave>
	| Parsed<typeof look>
	| Parsed<typeof askSignIn>
	| Parsed<typeof signIn>
	| Parsed<typeof signOut>
	| Parsed<typeof door>
	| Parsed<typeof rename>
	| Parsed<typeof playHere>
	| Parsed<typeof addPage>
	| Parsed<typeof steer>
const asked = [
	...[start, join, password, leave, playHere, addPage, steer],
	...[look, askSignIn, signIn, signOut, door, rename],
] as readonly Schema<unknown>[]
export const fromPopup: Schema<FromPopup> = union<FromPopup>(...(asked as readonly Schema<FromPopup>[]))

/* ── Room → popup ────────────────────────────────────────────────────────────────────────────────────────────── */

const none = object({
	type: literal('none'),
	/** Why there is no room. */
	problem: nullable(object({ title: words, detail: words })),
	/** Who one is at the server that was looked at. */
	me: nullable(object({ name: text(200), isAccount: flag })),
	/** What came of renaming or signing out. */
	note: nullable(words),
})
const opening = object({ type: literal('opening') })
const askPassword = object({
	type: literal('password'),
	title: words,
	problem: nullable(words),
	isChecking: flag,
})
const askDoor = object({ type: literal('door'), server, problem: nullable(words), isChecking: flag })
const signInAsked = object({
	type: literal('sign-in'),
	server,
	/** By username and password, which is all that can be done here. */
	passwords: flag,
	/** Accounts can be made, in the web app. */
	signUp: flag,
	/** Ways in that work in the web app alone. */
	providers: list(text(64), 16),
	/** Nobody comes further as a guest. */
	isNeeded: flag,
	problem: nullable(words),
	/** Where the problem is, if it is there. */
	field: nullable(oneOf('username', 'password')),
	isChecking: flag,
})
const person = object({
	name: text(200),
	isMe: flag,
	isHere: flag,
	/** Behind the room's moment is negative. */
	driftS: nullable(real(-1e6, 1e6)),
})
const room = object({
	type: literal('room'),
	title: text(300),
	/** The invitation, as everybody without the extension opens it. */
	link: text(1_000),
	connection: oneOf('connecting', 'ready', 'alone', 'offline'),
	people: list(person, 100),
	/** Of all that are here, also those beyond the list. */
	count: integer(0, 100_000),
	/** The tab in which the film plays, while its page is there. */
	tab: nullable(tab),
	/** The tab went to a page that only a click lets the extension into. */
	isShutOut: flag,
	/** What the page in that tab has for a room. */
	page: nullable(
		object({
			hasVideo: flag,
			/** The frame of another site that seems to hold the video, and where it can be opened alone. */
			frame: nullable(object({ host: text(300), url: nullable(text(2_000, /^https?:\/\//)) })),
			isProtected: flag,
			/** What the site's player was told and did not do. */
			refuses: nullable(oneOf('play', 'seek')),
		}),
	),
	film: nullable(
		object({
			title: text(500),
			/** Which of how many, in the order of the queue. */
			place: integer(1, 1_000_000),
			of: integer(1, 1_000_000),
			/** Where it is to be seen on its own site. */
			url: nullable(text(1_000)),
			isPlaying: flag,
			/** What stands between the film and this person, if anything. */
			obstacle: nullable(oneOf('other-page', 'no-video', 'blocked', 'ad')),
		}),
	),
	/** Why this person may not play and pause. */
	whyNotSteer: nullable(words),
	whyNotAdd: nullable(words),
	/** What the room has to say now. */
	status: nullable(words),
	note: nullable(words),
})
export type RoomShown = Parsed<typeof room>
export type NoRoom = Parsed<typeof none>
export type PasswordAsked = Parsed<typeof askPassword>
export type DoorAsked = Parsed<typeof askDoor>
export type SignInAsked = Parsed<typeof signInAsked>
export type PopupView = NoRoom | Parsed<typeof opening> | PasswordAsked | DoorAsked | SignInAsked | RoomShown
const shown = [none, opening, askPassword, askDoor, signInAsked, room] as readonly Schema<unknown>[]
export const popupView: Schema<PopupView> = union<PopupView>(...(shown as readonly Schema<PopupView>[]))
