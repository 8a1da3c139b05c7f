/**
 * What the extension's parts tell its background, which does what only it can, and what it tells the room.
 */
import { watchNote } from '#lib/protocol/extension-note.ts'
import {
	integer,
	list,
	literal,
	nullable,
	object,
	text,
	union,
	type Parsed,
	type Schema,
} from '#lib/core/schema.ts'
import { settingsSchema } from '../settings.ts'

const tab = integer(0, Number.MAX_SAFE_INTEGER)

/* ── The extension's own pages → background ──────────────────────────────────────────────────────────────────── */

/** The popup is about to speak to the room: it has to be there. Answered with true once it is. */
const wake = object({ type: literal('wake') })
/** The room plays in this tab: its page's script is put in again after a reload. Null: in none. */
const playsIn = object({ type: literal('plays-in'), tab: nullable(tab) })
/** Answered with the settings; told again whenever they change. */
const askSettings = object({ type: literal('settings') })
/** What the button in the browser's toolbar shows. */
const toolbar = object({ type: literal('toolbar'), badge: text(4), title: text(300) })
export type ToRouter =
	Parsed<typeof wake> | Parsed<typeof playsIn> | Parsed<typeof askSettings> | Parsed<typeof toolbar>
const fromParts = [wake, playsIn, askSettings, toolbar] as readonly Schema<unknown>[]
export const toRouter: Schema<ToRouter> = union<ToRouter>(...(fromParts as readonly Schema<ToRouter>[]))

/* ── The script on the server's pages → background ───────────────────────────────────────────────────────────── */

/** Answered with true where the page is of the server that is set. */
const appPage = object({ type: literal('app-page') })
/** Clicked in the room: the person is asked on a page of the extension's. */
const watchOnSite = object({ type: literal('watch-on-site'), note: watchNote })
export type FromAppPage = Parsed<typeof appPage> | Parsed<typeof watchOnSite>
export const fromAppPage: Schema<FromAppPage> = union<FromAppPage>(appPage, watchOnSite)

/* ── Background → room ───────────────────────────────────────────────────────────────────────────────────────── */

const tabClosed = object({ type: literal('tab-closed'), tab })
/** The tab shows a page that the extension is not let into without a click. */
const shutOut = object({ type: literal('shut-out'), tab })
/** The person took these permissions back. */
const sitesOff = object({ type: literal('sites-off'), patterns: list(text(300), 100) })
const settingsAre = object({ type: literal('settings-are'), settings: settingsSchema })
export type FromRouter =
	Parsed<typeof tabClosed> | Parsed<typeof shutOut> | Parsed<typeof sitesOff> | Parsed<typeof settingsAre>
const toRoom = [tabClosed, shutOut, sitesOff, settingsAre] as readonly Schema<unknown>[]
export const fromRouter: Schema<FromRouter> = union<FromRouter>(...(toRoom as readonly Schema<FromRouter>[]))
