/**
 * What a device keeps, in memory: for browsers that refuse storage, and for tests and simulations, where a
 * `MemoryDisk` outlives the store as a disk outlives a tab.
 */
import type { Signer } from '#lib/core/crypto.ts'
import type { BoxKey } from '#lib/core/lock.ts'
import type { RoomId } from '#lib/core/units.ts'
import * as Y from 'yjs'
import { generateBoxKey } from './box-key.ts'
import { carry, counterOf, type Count } from './seq-count.ts'
import type { DeviceStore, DocStore, StorageTrouble, VisitedRoom } from './storage.ts'
import { byVisit } from './visited-room.ts'

export interface MemoryDisk {
	signer: Promise<Signer> | null
	boxKey: Promise<BoxKey> | null
	readonly seqs: Map<RoomId, Count>
	readonly rooms: Map<RoomId, VisitedRoom>
	readonly settings: Map<string, unknown>
	/** Updates in the order they were written. */
	readonly docs: Map<RoomId, Uint8Array[]>
}

export const createMemoryDisk = (): MemoryDisk => ({
	signer: null,
	boxKey: null,
	seqs: new Map(),
	rooms: new Map(),
	settings: new Map(),
	docs: new Map(),
})

export interface MemoryEnv {
	/** Makes the device's key, once a disk. */
	readonly createSigner: () => Promise<Signer>
	/** The page's own where none is given. */
	readonly subtle?: SubtleCrypto
	readonly disk?: MemoryDisk
	readonly whyNotPersistent?: string
}

/** As y-indexeddb: beyond this many updates they are merged into one. */
const TRIM_AT_UPDATES = 500

/** Values come back as they were when they were put, whatever happens to the original. */
const copy = <T>(value: T): T => structuredClone(value)

const openMemoryDoc = (updates: Uint8Array[], doc: Y.Doc): DocStore => {
	let isClosed = false
	const origin = { type: 'memory-store' }
	const listeners = new Set<(trouble: StorageTrouble) => void>()
	const told: StorageTrouble[] = []

	const keep = (update: Uint8Array, from?: unknown) => {
		if (from === origin || isClosed) return
		updates.push(update)
		if (updates.length >= TRIM_AT_UPDATES) updates.splice(0, updates.length, Y.mergeUpdates(updates))
	}

	const load = async (): Promise<Awaited<DocStore['whenLoaded']>> => {
		await Promise.resolve() // as any disk: never before the caller has the store in hand
		if (isClosed) return { type: 'unavailable', why: 'closed' }
		const before = Y.encodeStateAsUpdate(doc)
		const good = updates.filter((update) => {
			try {
				Y.applyUpdate(doc, update, origin)
				return true
			} catch {
				return false // counted as lost below
			}
		})
		const lost = updates.length - good.length
		updates.splice(0, updates.length, ...good)
		if (doc.store.clients.size > 0) keep(before)
		doc.on('update', keep)
		if (lost > 0) {
			told.push({ type: 'damaged', lost })
			for (const fn of [...listeners]) fn({ type: 'damaged', lost })
		}
		return { type: 'loaded' }
	}

	const whenLoaded = load()
	return {
		whenLoaded,
		onTrouble: (fn) => {
			listeners.add(fn)
			for (const trouble of told) fn(trouble)
			return () => void listeners.delete(fn)
		},
		flush: async () => void (await whenLoaded),
		close: async () => {
			isClosed = true
			doc.off('update', keep)
			listeners.clear()
		},
	}
}

export const createMemoryDeviceStore = (env: MemoryEnv): DeviceStore => {
	const disk = env.disk ?? createMemoryDisk()
	const openDocs = new Map<DocStore, RoomId>()
	const counterIn = (roomId: RoomId) => counterOf(roomId, (id) => disk.seqs.get(id))
	return {
		isPersistent: false,
		whyNotPersistent: env.whyNotPersistent ?? 'kept in memory only',
		deviceKey: () => (disk.signer ??= env.createSigner()),
		boxKey: () => (disk.boxKey ??= generateBoxKey(env.subtle ?? crypto.subtle)),
		seqs: (roomId) => ({
			next: async (above) => {
				const { id, last } = counterIn(roomId)
				const seq = Math.max(last, above) + 1
				disk.seqs.set(id, seq)
				return seq
			},
		}),
		carrySeqs: async (from, to) => {
			for (const [id, count] of carry(counterIn(from), counterIn(to))) disk.seqs.set(id, count)
		},
		rooms: {
			list: async () => [...disk.rooms.values()].map(copy).sort(byVisit),
			get: async (roomId) => copy(disk.rooms.get(roomId) ?? null),
			put: async (room) => void disk.rooms.set(room.roomId, copy(room)),
			forget: async (roomId) => {
				const docId = disk.rooms.get(roomId)?.docId ?? roomId
				for (const [doc, id] of openDocs) if (id === docId) await doc.close()
				disk.rooms.delete(roomId)
				disk.docs.delete(docId)
				// The room's numbers stay: used again with the same key they would look like a forgery.
			},
		},
		settings: {
			get: async (key) => copy(disk.settings.get(key)),
			set: async (key, value) => void disk.settings.set(key, copy(value)),
		},
		openDoc: (roomId, doc) => {
			const updates = disk.docs.get(roomId) ?? []
			disk.docs.set(roomId, updates)
			const store = openMemoryDoc(updates, doc)
			openDocs.set(store, roomId)
			return store
		},
		close: () => {
			for (const doc of openDocs.keys()) void doc.close()
			openDocs.clear()
		},
	}
}
