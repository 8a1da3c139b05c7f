/**
 * Whether the extension is on this page, and the one thing it is asked for: to go on watching on the site itself. What
 * it is told goes through the page, where any script can answer in its name: of an answer nothing is believed but that
 * there is one.
 */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { ExtensionView } from '#lib/core/view.ts'
import {
	APP_EVENT,
	EXTENSION_EVENT,
	EXTENSION_PROTOCOL,
	extensionNote,
	readNote,
	WATCH_EVENT,
	writeNote,
} from '#lib/protocol/extension-note.ts'

export interface ExtensionCall {
	/** Null: it has not answered. */
	view(): ExtensionView | null
	/** To be called in a click: the extension counts no other. False where there is none to hear it, or no page. */
	watch(item: Pick<QueueItem, 'media' | 'title'>): boolean
	/** Idempotent. */
	close(): void
}

type Page = Pick<EventTarget, 'addEventListener' | 'removeEventListener' | 'dispatchEvent'>

const TITLE_MAX_CHARS = 500

export interface ExtensionCallDeps {
	readonly page: Page
	/** The room's, in its written form. */
	readonly code: string
	/** What this app is of. */
	readonly protocol?: number
	/** The view is another one. */
	readonly onChange: () => void
}

/** Asks at once; an extension that comes later says so by itself. */
export const callExtension = (deps: ExtensionCallDeps): ExtensionCall => {
	const { page, protocol = EXTENSION_PROTOCOL } = deps
	let view: ExtensionView | null = null
	const tell = (name: string, note: Parameters<typeof writeNote>[0]): void => {
		page.dispatchEvent(new CustomEvent(name, { detail: writeNote(note) }))
	}
	const hear = (event: Event): void => {
		const note = readNote(extensionNote, (event as CustomEvent<unknown>).detail)
		if (note === null) return
		const isOld = note.protocol < protocol
		if (view?.isOld === isOld) return
		view = { isOld }
		deps.onChange()
	}
	page.addEventListener(EXTENSION_EVENT, hear)
	tell(APP_EVENT, { protocol })
	return {
		view: () => view,
		watch: ({ media, title }) => {
			const url = canonicalUrl(media)
			if (view?.isOld !== false || url === null) return false
			tell(WATCH_EVENT, { code: deps.code, url, title: title.slice(0, TITLE_MAX_CHARS).toWellFormed() })
			return true
		},
		close: () => page.removeEventListener(EXTENSION_EVENT, hear),
	}
}
