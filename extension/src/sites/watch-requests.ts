/**
 * What a room's page on the server asked for in a click: to watch on a site. It is kept until the person has answered on
 * the extension's own page, the newest alone, out of reach of every page; its number is all that the address says.
 */
import { watchNote, type WatchNote } from '#lib/protocol/extension-note.ts'
import { literal, object, text, type Parsed } from '#lib/core/schema.ts'

const id = text(40, /^[A-Za-z0-9_-]{16,40}$/)
const kept = object({ id, note: watchNote })

/** To the page that asks, where it stands open: something else is asked now. Answered with true. */
export const newerRequest = object({ type: literal('newer-request'), id })
export type NewerRequest = Parsed<typeof newerRequest>

export interface WatchStore {
	get(): Promise<unknown>
	set(value: unknown): Promise<void>
}

/** Keeps the request before `showPage` is called, whose page looks for it. */
export const keepRequest = async (
	note: WatchNote,
	store: WatchStore,
	newId: () => string,
	showPage: (id: string) => Promise<void>,
): Promise<void> => {
	const made = newId()
	await store.set({ id: made, note })
	await showPage(made)
}

/** Null for one that was answered, or that a newer one took the place of. */
export const findRequest = async (asked: string, store: WatchStore): Promise<WatchNote | null> => {
	const found = kept.parse(await store.get())
	return found?.id === asked ? found.note : null
}

export const endRequest = async (asked: string, store: WatchStore): Promise<void> => {
	if ((await findRequest(asked, store)) !== null) await store.set(null)
}
