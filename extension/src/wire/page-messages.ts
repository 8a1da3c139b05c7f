/**
 * What the page's script and the room say to each other, over a port of the extension. Both ends parse what they get:
 * a page's script shares its process with the page.
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

/** The port's name; another one after a change that older ends would misread. */
export const PAGE_PORT = 'matinee-page-1'

const DAYS_14_S = 14 * 24 * 3600
const seconds = real(0, DAYS_14_S)
const localMs = real(0, 1e14)
const number = integer(0, Number.MAX_SAFE_INTEGER)
const URL_MAX_CHARS = 2_000
const TITLE_MAX_CHARS = 300
const HOST_MAX_CHARS = 260

/* ── Page → room ─────────────────────────────────────────────────────────────────────────────────────────────── */

/** What is open in the tab; told again when the site goes on to another address within itself. */
const pageIs = object({
	type: literal('page'),
	url: text(URL_MAX_CHARS, /^https?:\/\//),
	title: text(TITLE_MAX_CHARS),
	hasVideo: flag,
	/** Its address where the site plays a plain file, which the web app can play as well. */
	fileUrl: nullable(text(URL_MAX_CHARS, /^https?:\/\//)),
	/** With no video of its own: the frame that seems to hold one. `url` is where it could be opened in a tab. */
	frame: nullable(object({ host: text(HOST_MAX_CHARS), url: nullable(text(URL_MAX_CHARS, /^https?:\/\//)) })),
	/** The site's copy protection holds the video. Nothing else is known of it but what it refuses. */
	isProtected: flag,
	/** What the site's player was told, more than once, and did not do. */
	refuses: nullable(oneOf('play', 'seek')),
	isHidden: flag,
})

/** How the player stands, asked for ten times a second and told whenever something happens. */
const film = object({
	type: literal('film'),
	/** Of the room's question; null where it was not asked for. */
	look: nullable(number),
	/** The last command that had been carried out. */
	done: number,
	/** The page's local monotonic time when this was true. */
	atMs: localMs,
	state: oneOf(
		'loading',
		'ready',
		'playing',
		'paused',
		'stalled',
		'seeking',
		'ended',
		'blocked',
		'ad',
		'failed',
	),
	/** With 'failed'. */
	failure: nullable(object({ type: oneOf('unreachable', 'codec'), detail: text(200) })),
	facts: object({ durationS: nullable(seconds), isLive: flag, hasAudio: nullable(flag) }),
	seek: oneOf('direct', 'none'),
	read: oneOf('clock', 'none'),
	positionS: nullable(seconds),
	sigmaMs: real(0, 60_000),
	rate: real(0, 16),
	/** What is loaded: from, to. */
	buffered: list(list(seconds, 2), 32),
	isHidden: flag,
})

const answer = object({
	type: literal('answer'),
	seq: number,
	outcome: oneOf('playing', 'blocked', 'failed'),
})

const intent = object({ type: literal('intent'), intent: oneOf('play', 'pause', 'seek'), positionS: seconds })

/** A one-time word is wanted, with which a panel on this page may speak for it (`panel-messages.ts`). */
const panelWanted = object({ type: literal('panel-word') })
/** The page takes the panel away again and again: there is none on it any more. */
const panelLost = object({ type: literal('panel-lost') })

export type PageIs = Parsed<typeof pageIs>
export type FilmReport = Parsed<typeof film>
export type FromPage =
	| PageIs
	| FilmReport
	| Parsed<typeof answer>
	| Parsed<typeof intent>
	| Parsed<typeof panelWanted>
	| Parsed<typeof panelLost>
export const fromPage: Schema<FromPage> = union<FromPage>(
	film,
	pageIs,
	answer,
	intent,
	panelWanted,
	panelLost,
)

/* ── Room → page ─────────────────────────────────────────────────────────────────────────────────────────────── */

const command = <T extends string>(type: T) => object({ type: literal(type), seq: number })
const play = command('play')
const pause = command('pause')
const seek = object({ type: literal('seek'), seq: number, positionS: seconds })
const rate = object({ type: literal('rate'), seq: number, rate: real(0.0625, 16), isPitchKept: flag })
const mute = object({ type: literal('mute'), seq: number, isMuted: flag })
/** The room plays its film here from now on, or no longer. */
const take = object({ type: literal('take') })
const release = object({ type: literal('release') })
const look = object({ type: literal('look'), look: number })
/** Whether there is a room whose place is this tab: a panel may stand on the page. Told again when it changes. */
const panelMay = object({ type: literal('panel'), isOn: flag })
/** The word that was asked for. Null: there is no room, or its place is another tab. */
const panelWordIs = object({
	type: literal('panel-word'),
	word: nullable(text(22, /^[A-Za-z0-9_-]{22}$/)),
})

export type ForPanel = Parsed<typeof panelMay> | Parsed<typeof panelWordIs>
export type PageCommand = Parsed<typeof play | typeof pause | typeof seek | typeof rate | typeof mute>
export type ToPage =
	PageCommand | Parsed<typeof take> | Parsed<typeof release> | Parsed<typeof look> | ForPanel
const members = [
	play,
	pause,
	seek,
	rate,
	mute,
	take,
	release,
	look,
	panelMay,
	panelWordIs,
] as readonly Schema<unknown>[]
export const toPage: Schema<ToPage> = union<ToPage>(...(members as readonly Schema<ToPage>[]))
