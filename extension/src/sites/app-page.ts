/**
 * The extension on the server's own pages: it says that it is there, and hands on what the person clicked. Anything on
 * the page can send these events; the background asks whose page it is, and the person on a page of ours.
 */
import {
	APP_EVENT,
	appNote,
	EXTENSION_EVENT,
	EXTENSION_PROTOCOL,
	readNote,
	WATCH_EVENT,
	watchNote,
	writeNote,
} from '#lib/protocol/extension-note.ts'
import type { FromAppPage } from '../wire/router-messages.ts'

export interface AppPageDeps {
	readonly document: EventTarget
	readonly version: string
	/** The person has clicked or typed just now. */
	readonly isActive: () => boolean
	/** To the background. False: this is not the server's page, or the request was not taken. Rejects once it is gone. */
	readonly tell: (message: FromAppPage) => Promise<unknown>
}

/** Returns the function that ends it. */
export const createAppPage = ({ document, version, isActive, tell }: AppPageDeps): (() => void) => {
	/** Another server on the same host, say, is answered nothing. */
	let isOurs = false
	const say = (): void => {
		const detail = writeNote({ version, protocol: EXTENSION_PROTOCOL })
		document.dispatchEvent(new CustomEvent(EXTENSION_EVENT, { detail }))
	}
	const end = (): void => {
		document.removeEventListener(APP_EVENT, asked)
		document.removeEventListener(WATCH_EVENT, watched)
	}
	const detailOf = (event: Event): unknown => (event as CustomEvent<unknown>).detail
	const asked = (event: Event): void => {
		if (isOurs && readNote(appNote, detailOf(event)) !== null) say()
	}
	const watched = (event: Event): void => {
		if (!isOurs || !isActive()) return
		const note = readNote(watchNote, detailOf(event))
		// Rejected: the extension was updated or taken away, and this is what was left of it here.
		if (note !== null) tell({ type: 'watch-on-site', note }).catch(end)
	}
	document.addEventListener(APP_EVENT, asked)
	document.addEventListener(WATCH_EVENT, watched)
	tell({ type: 'app-page' }).then((answer) => {
		isOurs = answer === true
		if (isOurs) say()
		else end()
	}, end)
	return end
}
