/**
 * What a device keeps, in memory: for browsers that refuse storage, and for tests and simulations, where a
 * `MemoryDisk` outlives the store as a disk outlives a tab.
 */
import type { Signer } from '#lib/core/crypto.ts'
import type { RoomId } from '#lib/core/units.ts'
import * as Y from 'yjs'
import type { DeviceStore, DocStore, StorageTrouble, VisitedRoom } from './storage.ts'
import { byVisit } from './visited-room.ts'

export interface MemoryDisk {
	signer: Promise<Signer> | null
	readonly seqs: Map<RoomId, number>
	readonly rooms: Map<RoomId, VisitedRoom>
	readonly settings: Map<string, unknown>
	/** Updates in the order they were written. */
	readonly docs: Map<RoomId, Uint8Array[]>
}

export const createMemoryDisk = (): MemoryDisk => ({
	signer: null,
	seqs: new Map(),
	rooms: new Map(),
	settings: new Map(),
	docs: new Map(),
})

export interface MemoryEnv {
	/** Makes the device's key, once a disk. */
	readonly createSigner: () => Promise<Signer>
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
	return {
		isPersistent: false,
		whyNotPersistent: env.whyNotPersistent ?? 'kept in memory only',
		deviceKey: () => (disk.signer ??= env.createSigner()),
		seqs: (roomId) => ({
			next: async (above) => {
				const seq = Math.max(disk.seqs.get(roomId) ?? 0, above) + 1
				disk.seqs.set(roomId, seq)
				return seq
			},
		}),
		rooms: {
			list: async () => [...disk.rooms.values()].map(copy).sort(byVisit),
			get: async (roomId) => copy(disk.rooms.get(roomId) ?? null),
			put: async (room) => void disk.rooms.set(room.roomId, copy(room)),
			forget: async (roomId) => {
				for (const [doc, id] of openDocs) if (id === roomId) await doc.close()
				disk.rooms.delete(roomId)
				disk.docs.delete(roomId)
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
