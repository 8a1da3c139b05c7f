/**
 * What a device keeps, in IndexedDB: one small database for key, numbers, rooms and settings, and one for each
 * room's document. What cannot be written is told (`onTrouble`) and held in memory, so that the tab works on.
 */
import type { Signer } from '#lib/core/crypto.ts'
import type { BoxKey } from '#lib/core/lock.ts'
import type { RoomId } from '#lib/core/units.ts'
import { loadBoxKey } from './box-key.ts'
import { KEYS_STORE, loadDeviceKey } from './device-key.ts'
import {
	createMissingStores,
	deleteDatabase,
	openDatabase,
	requestDone,
	transactionDone,
	whyOf,
	type DeadlineTimers,
} from './idb.ts'
import { openIndexedDbDoc } from './indexeddb-doc.ts'
import { carry, counterOf, isCount, type Count } from './seq-count.ts'
import type { DeviceStore, DocStore, StorageTrouble, VisitedRoom } from './storage.ts'
import { byVisit, parseVisitedRoom } from './visited-room.ts'

export interface IndexedDbEnv {
	/** The page's own; y-indexeddb uses that one in any case. */
	readonly indexedDB: IDBFactory
	readonly subtle: SubtleCrypto
	readonly timers: DeadlineTimers
	readonly onTrouble: (trouble: StorageTrouble) => void
}

export const DEVICE_DATABASE = 'matinee-device'
export const docDatabaseOf = (roomId: RoomId): string => `matinee-doc-${roomId}`

/** 2: rooms may share one count of seqs, which a tab from before would not follow; it is refused the database. */
const VERSION = 2
const OPEN_DEADLINE_MS = 4_000
const SEQS_STORE = 'seqs'
const ROOMS_STORE = 'rooms'
const SETTINGS_STORE = 'settings'

/** Rejects where the browser refuses to open, or to keep a key: the caller falls back to memory. */
export const createIndexedDbDeviceStore = async (env: IndexedDbEnv): Promise<DeviceStore> => {
	let isClosed = false
	let connection: IDBDatabase | null = null

	/** Browsers close connections by themselves (storage cleared, Safari in the background): then we open again. */
	const connect = async (): Promise<IDBDatabase> => {
		if (connection !== null) return connection
		if (isClosed) throw new Error('the store is closed')
		const outcome = await openDatabase(
			env,
			DEVICE_DATABASE,
			(db) => createMissingStores(db, [KEYS_STORE, SEQS_STORE, ROOMS_STORE, SETTINGS_STORE]),
			{ version: VERSION, deadlineMs: OPEN_DEADLINE_MS },
		)
		if (outcome.type === 'unavailable') throw new Error(outcome.why)
		const { db } = outcome
		const forget = () => {
			db.close()
			if (connection === db) connection = null
		}
		db.onversionchange = forget
		db.onclose = forget
		connection = db
		return db
	}

	const read = async (storeName: string, key: string): Promise<unknown> => {
		const db = await connect()
		const store = db.transaction(storeName, 'readonly').objectStore(storeName)
		return requestDone(store.get(key) as IDBRequest<unknown>)
	}

	const change = async (storeName: string, fn: (store: IDBObjectStore) => void): Promise<void> => {
		const transaction = (await connect()).transaction(storeName, 'readwrite')
		fn(transaction.objectStore(storeName))
		await transactionDone(transaction)
	}

	const tellFailure = (error: unknown) => {
		const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
		env.onTrouble({ type: isFull ? 'full' : 'refused', why: whyOf(error) })
	}

	/** What the disk would not take, by store and key, for as long as the tab lives. */
	const unwritten = new Map<string, unknown>()
	const nameOf = (storeName: string, key: string): string => `${storeName}/${key}`

	const put = async (storeName: string, key: string, value: unknown): Promise<void> => {
		try {
			await change(storeName, (store) => store.put(value, key))
			unwritten.delete(nameOf(storeName, key))
		} catch (error) {
			unwritten.set(nameOf(storeName, key), value)
			tellFailure(error)
		}
	}

	const get = async (storeName: string, key: string): Promise<unknown> => {
		const name = nameOf(storeName, key)
		if (unwritten.has(name)) return unwritten.get(name)
		try {
			return await read(storeName, key)
		} catch (error) {
			tellFailure(error)
			return undefined
		}
	}

	const readRooms = async (): Promise<unknown[]> => {
		try {
			const store = (await connect()).transaction(ROOMS_STORE, 'readonly').objectStore(ROOMS_STORE)
			return await requestDone(store.getAll() as IDBRequest<unknown[]>)
		} catch (error) {
			tellFailure(error)
			return []
		}
	}

	/** One transaction reads and writes, so two tabs never get one number; on disk before anything is handed out. */
	const changeSeqs = async <T>(
		fn: (
			counterIn: (id: RoomId) => Promise<{ id: RoomId; last: number }>,
			put: (id: RoomId, count: Count) => void,
		) => Promise<T>,
	): Promise<T> => {
		const transaction = (await connect()).transaction(SEQS_STORE, 'readwrite', { durability: 'strict' })
		const done = transactionDone(transaction)
		done.catch(() => undefined) // awaited below; a failure before that is thrown by the requests
		const store = transaction.objectStore(SEQS_STORE)
		const stored = async (id: RoomId): Promise<Count | undefined> => {
			const value: unknown = await requestDone(store.get(id) as IDBRequest<unknown>)
			return isCount(value) ? value : undefined
		}
		const outcome = await fn(
			(id) => counterOf(id, stored),
			(id, count) => store.put(count, id),
		)
		await done
		return outcome
	}

	const nextSeq = (roomId: RoomId, above: number): Promise<number> =>
		changeSeqs(async (counterIn, put) => {
			const { id, last } = await counterIn(roomId)
			const seq = Math.max(last, above) + 1
			put(id, seq)
			return seq
		})

	const db = await connect()
	let signer: Signer
	try {
		signer = await loadDeviceKey(db, env.subtle)
	} catch (error) {
		db.close()
		throw error
	}

	const openDocs = new Map<DocStore, RoomId>()
	let boxKey: Promise<BoxKey> | null = null
	return {
		isPersistent: true,
		whyNotPersistent: null,
		deviceKey: async () => signer,
		boxKey: () => {
			boxKey ??= connect().then((open) => loadBoxKey(open, env.subtle))
			// A failure may pass; it is not kept.
			boxKey.catch(() => (boxKey = null))
			return boxKey
		},
		seqs: (roomId) => ({ next: (above) => nextSeq(roomId, above) }),
		carrySeqs: (from, to) =>
			changeSeqs(async (counterIn, put) => {
				for (const [id, count] of carry(await counterIn(from), await counterIn(to))) put(id, count)
			}),
		rooms: {
			list: async () => {
				const rooms = new Map<string, VisitedRoom>()
				const held = [...unwritten].filter(([name]) => name.startsWith(`${ROOMS_STORE}/`))
				for (const stored of [...(await readRooms()), ...held.map(([, value]) => value)]) {
					const room = parseVisitedRoom(stored)
					if (room !== null) rooms.set(room.roomId, room)
				}
				return [...rooms.values()].sort(byVisit)
			},
			get: async (roomId) => parseVisitedRoom(await get(ROOMS_STORE, roomId)),
			put: (room) => put(ROOMS_STORE, room.roomId, room),
			forget: async (roomId) => {
				const docId = parseVisitedRoom(await get(ROOMS_STORE, roomId))?.docId ?? roomId
				unwritten.delete(nameOf(ROOMS_STORE, roomId))
				const ours = [...openDocs].filter(([, id]) => id === docId).map(([doc]) => doc)
				await Promise.all(ours.map((doc) => doc.close()))
				try {
					await change(ROOMS_STORE, (store) => store.delete(roomId))
					await deleteDatabase(env.indexedDB, docDatabaseOf(docId))
					const { createFileChoices } = await import('./file-choices.ts')
					const files = createFileChoices(env)
					await files.forgetRoom(docId)
					files.close()
				} catch (error) {
					tellFailure(error)
				}
				// The room's numbers stay: used again with the same key they would look like a forgery.
			},
		},
		settings: {
			get: (key) => get(SETTINGS_STORE, key),
			set: (key, value) => put(SETTINGS_STORE, key, value),
		},
		openDoc: (roomId, doc) => {
			const store = openIndexedDbDoc(env, docDatabaseOf(roomId), doc)
			const kept: DocStore = {
				...store,
				close: async () => {
					openDocs.delete(kept)
					await store.close()
				},
			}
			openDocs.set(kept, roomId)
			return kept
		},
		close: () => {
			if (isClosed) return
			isClosed = true
			for (const doc of [...openDocs.keys()]) void doc.close()
			connection?.close()
			connection = null
		},
	}
}
