/**
 * What the extension's parts tell its background, which does what only it can, and what it tells the room.
 */
import { integer, literal, nullable, object, union, type Parsed, type Schema } from '#lib/core/schema.ts'

const tab = integer(0, Number.MAX_SAFE_INTEGER)

/** The popup is about to speak to the room: it has to be there. Answered with true once it is. */
const wake = object({ type: literal('wake') })
/** The room plays in this tab: its page's script is put in again after a reload. Null: in none. */
const playsIn = object({ type: literal('plays-in'), tab: nullable(tab) })
export type ToRouter = Parsed<typeof wake> | Parsed<typeof playsIn>
export const toRouter: Schema<ToRouter> = union<ToRouter>(wake, playsIn)

const tabClosed = object({ type: literal('tab-closed'), tab })
export type FromRouter = Parsed<typeof tabClosed>
export const fromRouter: Schema<FromRouter> = tabClosed
