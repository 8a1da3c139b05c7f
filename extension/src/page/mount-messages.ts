/**
 * What the page's script and the frame of the panel that it holds say to each other: where the frame lies and how large
 * it is, and the one-time word. Not a word of the room goes this way. It is a channel of their own, handed over to the
 * extension's origin alone, so that the page's scripts neither hear it nor can speak into it.
 */
import {
	flag,
	integer,
	literal,
	nullable,
	object,
	real,
	text,
	union,
	type Parsed,
	type Schema,
} from '#lib/core/schema.ts'

/** Larger than any screen. */
const PIXELS_MAX = 20_000
const pixels = integer(0, PIXELS_MAX)
const distance = real(0, PIXELS_MAX)

/** Where the frame lies: how far from the two edges of the window that are nearest to it, in CSS pixels. */
export const place = object({ isAtEnd: flag, x: distance, isAtFoot: flag, y: distance })
export type Place = Parsed<typeof place>

/* ── To the frame ────────────────────────────────────────────────────────────────────────────────────────────── */

/** The first message, with the port for all others. */
export const hello = object({
	type: literal('matinee-panel'),
	/** As the room's document gave it. */
	word: text(200),
	/** The site's host, under which the frame's place is remembered. */
	site: text(300),
})
export type Hello = Parsed<typeof hello>

const screen = object({ type: literal('screen'), width: pixels, height: pixels, isFull: flag })
const moved = object({ type: literal('moved'), place })
/** The frame of the chat over a full screen is there: its port comes along. */
const overlay = object({ type: literal('overlay') })
export type Screen = Parsed<typeof screen>
/** Until it is told. */
export const FIRST_SCREEN: Screen = { type: 'screen', width: 400, height: 640, isFull: false }
export type ToFrame = Screen | Parsed<typeof moved> | Parsed<typeof overlay>
const heard = [screen, moved, overlay] as readonly Schema<unknown>[]
export const toFrame: Schema<ToFrame> = union<ToFrame>(...(heard as readonly Schema<ToFrame>[]))

/* ── From the frame ──────────────────────────────────────────────────────────────────────────────────────────── */

/** How large it wants to be, and the part of it by which it is dragged. */
const looks = object({
	type: literal('looks'),
	width: integer(1, PIXELS_MAX),
	height: integer(1, PIXELS_MAX),
	grip: nullable(object({ x: pixels, y: pixels, width: pixels, height: pixels })),
	/** Said of the grip under the pointer. */
	title: text(200),
	/** In full screen it goes when the pointer rests, unless it is at work. */
	isBusy: flag,
})
/** Where it lay when it was last on this site. */
const put = object({ type: literal('put'), place })
/** By the keys. */
const shift = object({ type: literal('shift'), dx: real(-500, 500), dy: real(-500, 500) })
/** The person goes back to the page. */
const away = object({ type: literal('away') })
export type Looks = Parsed<typeof looks>
export type FromFrame = Looks | Parsed<typeof put> | Parsed<typeof shift> | Parsed<typeof away>
const said = [looks, put, shift, away] as readonly Schema<unknown>[]
export const fromFrame: Schema<FromFrame> = union<FromFrame>(...(said as readonly Schema<FromFrame>[]))

/** Of a frame that has nothing to say. */
export const nothing: Schema<never> = { parse: () => undefined, describe: 'nothing' }
