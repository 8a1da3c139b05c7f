/**
 * The document of a room whose lock was changed: records of the old one, kept on disk under the new id before anybody
 * goes there. They are signed for the old room and count in the new one because its root says so.
 */
import { OF_ONE_ROOM, RECORDS_MAP, type Ledger } from '#lib/core/ledger.ts'
import { parseKey, parseRecord } from '#lib/core/records.ts'
import type { DeviceId, RoomId } from '#lib/core/units.ts'
import type { DeviceStore, StorageTrouble } from '#lib/storage/storage.ts'
import * as Y from 'yjs'

/** What of the old room goes along; `isTaken` may leave authors out. */
export const recordsToCarry = (
	ledger: Ledger,
	isTaken: (author: DeviceId) => boolean = () => true,
): readonly (readonly [string, Uint8Array])[] =>
	[...ledger.entries()].filter(([key]) => {
		const place = parseKey(key)
		return typeof place !== 'string' && !OF_ONE_ROOM.has(place.kind) && isTaken(place.author)
	})

/** Somebody who came by the new link before has a document there already. */
const isNewer = (bytes: Uint8Array, held: unknown): boolean => {
	const [record, other] = [bytes, held].map((one) => (one instanceof Uint8Array ? parseRecord(one) : 'none'))
	if (typeof record !== 'object') return false
	return typeof other !== 'object' || record.seq > other.seq
}

/** Resolves when `records` and whatever `work` did to the document are on disk; rejects, in words, where they are not. */
export const keepDocument = async (
	store: Pick<DeviceStore, 'openDoc'>,
	roomId: RoomId,
	records: readonly (readonly [string, Uint8Array])[],
	work: (doc: Y.Doc) => Promise<void> = async () => undefined,
): Promise<void> => {
	const doc = new Y.Doc()
	const kept = store.openDoc(roomId, doc)
	let trouble: StorageTrouble | null = null
	const stop = kept.onTrouble((told) => {
		if (told.type !== 'damaged') trouble = told
	})
	const check = (): void => {
		if (trouble !== null && 'why' in trouble) throw new Error(`this browser keeps no more: ${trouble.why}`)
	}
	try {
		const loaded = await kept.whenLoaded
		if (loaded.type === 'unavailable') throw new Error(`this browser keeps no more: ${loaded.why}`)
		const map = doc.getMap<unknown>(RECORDS_MAP)
		doc.transact(() => {
			for (const [key, bytes] of records) if (isNewer(bytes, map.get(key))) map.set(key, bytes)
		})
		await work(doc)
		await kept.flush()
		check()
	} finally {
		stop()
		await kept.close()
		doc.destroy()
	}
}
