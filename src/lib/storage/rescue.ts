/**
 * What can be saved from a document of which a piece is lost. Yjs keeps everything that one client wrote after the
 * lost piece waiting for it, for ever where nobody else has it. The room's document is one map of values that prove
 * themselves, so the values are written anew, into a document that waits for nothing.
 */
import { RECORDS_MAP } from '#lib/core/ledger.ts'
import * as Y from 'yjs'

interface Place {
	readonly client: number
	readonly clock: number
}
const nameOf = ({ client, clock }: Place): string => `${client} ${clock}`

/** The values of `updates`, by key, in the order in which they were written. */
const valuesByKey = (updates: readonly Uint8Array[]): Map<string, Uint8Array> => {
	const items = updates.flatMap((update) =>
		Y.decodeUpdate(update).structs.filter((struct) => struct instanceof Y.Item),
	)
	// Only the first item of a key names it; the others say what they stand beside, which may be read later.
	const keys = new Map<string, string>()
	let found = -1
	while (found < keys.size) {
		found = keys.size
		for (const { id, origin, rightOrigin, parentSub } of items) {
			const neighbour = origin ?? rightOrigin
			const key = parentSub ?? (neighbour === null ? undefined : keys.get(nameOf(neighbour)))
			if (key !== undefined) keys.set(nameOf(id), key)
		}
	}
	const values = new Map<string, Uint8Array>()
	for (const { id, content } of items) {
		const key = keys.get(nameOf(id))
		if (key !== undefined && content instanceof Y.ContentBinary) values.set(key, content.content)
	}
	return values
}

/**
 * One update that holds all that `updates` hold, with nothing waiting; null where nothing waits and they may stay.
 * Of a key, what was integrated comes before what waited only where nothing waited for it; records carry their own
 * order, and whoever has a newer one brings it back.
 */
export const rescueWaiting = (updates: readonly Uint8Array[]): Uint8Array | null => {
	const doc = new Y.Doc()
	for (const update of updates) Y.applyUpdate(doc, update)
	const { pendingStructs, pendingDs } = doc.store
	if (pendingStructs === null && pendingDs === null) return null
	const whole = new Y.Doc()
	const map = whole.getMap<unknown>(RECORDS_MAP)
	whole.transact(() => {
		for (const [key, value] of doc.getMap<unknown>(RECORDS_MAP)) map.set(key, value)
		for (const [key, value] of valuesByKey(updates)) map.set(key, value)
	})
	const rescued = Y.encodeStateAsUpdate(whole)
	doc.destroy()
	whole.destroy()
	return rescued
}
