/**
 * What the web app and the extension's script say to each other on the server's own pages: events at `document` whose
 * `detail` is JSON text, since objects do not pass between a page's world and an extension's. Anything on the page can
 * send them: a word is parsed, and the extension acts on none without a person's click and their yes on its own page.
 * No message between browser and server, so no part of the pinned protocol.
 */
import { isMediaUrl } from '#lib/core/media.ts'
import { integer, open, text, type Parsed, type Schema } from './schema.ts'

/**
 * Of the extension and the app that it was built with: what they say here and what stands in rooms. Raised when an
 * extension of before could not hold a room with today's web app.
 */
export const EXTENSION_PROTOCOL = 1

/** The app asks whether the extension is there: `appNote`. */
export const APP_EVENT = 'matinee-app'
/** The extension's answer, and what it says when it arrives after the question: `extensionNote`. */
export const EXTENSION_EVENT = 'matinee-extension'
/** In a click on 'Watch it on the site': `watchNote`. */
export const WATCH_EVENT = 'matinee-watch-on-site'

export const NOTE_MAX_CHARS = 4_096
const TITLE_MAX_CHARS = 500

const protocol = integer(1, 1_000_000)
/** Whatever a later version adds is left out, not refused. */
export const appNote = open({ protocol })
export type AppNote = Parsed<typeof appNote>

export const extensionNote = open({ version: text(40, /^[0-9][0-9A-Za-z.+-]*$/), protocol })
export type ExtensionNote = Parsed<typeof extensionNote>

const address: Schema<string> = {
	parse: (input) => (isMediaUrl(input) ? input : undefined),
	describe: 'mediaUrl',
}
export const watchNote = open({
	/** The room's, in its written form. */
	code: text(24, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/),
	/** The page that the film plays on: `canonicalUrl` of what is on. */
	url: address,
	title: text(TITLE_MAX_CHARS),
})
export type WatchNote = Parsed<typeof watchNote>

/** What stands in an event's `detail`; null for anything else. */
export const readNote = <T>(schema: Schema<T>, detail: unknown): T | null => {
	if (typeof detail !== 'string' || detail.length > NOTE_MAX_CHARS) return null
	try {
		return schema.parse(JSON.parse(detail)) ?? null
	} catch {
		return null // no JSON: some other script's event of the same name
	}
}

/** For `new CustomEvent(name, { detail })`. */
export const writeNote = (note: AppNote | ExtensionNote | WatchNote): string => JSON.stringify(note)
