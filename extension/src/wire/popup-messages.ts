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
const playHere = object({ type: literal('play-here'), tab })
/** The page in this tab goes into the queue; `isNow`: and is played at once. */
const addPage = object({ type: literal('add-page'), tab, isNow: flag })
const steer = object({ type: literal('steer'), isPlaying: flag })

export type FromPopup =
	| Parsed<typeof start>
	| Parsed<typeof join>
	| Parsed<typeof password>
	| Parsed<typeof leave>
	| Parsed<typeof playHere>
	| Parsed<typeof addPage>
	| Parsed<typeof steer>
const asked = [start, join, password, leave, playHere, addPage, steer] as readonly Schema<unknown>[]
export const fromPopup: Schema<FromPopup> = union<FromPopup>(...(asked as readonly Schema<FromPopup>[]))

/* ── Room → popup ────────────────────────────────────────────────────────────────────────────────────────────── */

const none = object({ type: literal('none'), problem: nullable(object({ title: words, detail: words })) })
const opening = object({ type: literal('opening') })
const askPassword = object({
	type: literal('password'),
	title: words,
	problem: nullable(words),
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
	film: nullable(
		object({
			title: text(500),
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
export type PopupView = Parsed<typeof none> | Parsed<typeof opening> | Parsed<typeof askPassword> | RoomShown
const shown = [none, opening, askPassword, room] as readonly Schema<unknown>[]
export const popupView: Schema<PopupView> = union<PopupView>(...(shown as readonly Schema<PopupView>[]))
