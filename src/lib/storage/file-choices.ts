/**
 * Which of a person's own files stands for which item, as this device remembers it: never the file, only what it is
 * known by and, where the browser gives such, the handle by which it is found again. In a database of its own, so that
 * whoever watches no files has none.
 */
import type { ItemId, Millis, RoomId, Seconds } from '#lib/core/units.ts'
import {
	createMissingStores,
	openDatabase,
	requestDone,
	transactionDone,
	type DeadlineTimers,
} from './idb.ts'

export interface FileChoice {
	readonly itemId: ItemId
	readonly roomId: RoomId
	readonly name: string
	/** In bytes. */
	readonly size: number
	readonly hash: string
	readonly durationS: Seconds | null
	readonly lastModifiedMs: Millis
	/** The person said to watch by it although it is not the file that was asked for. */
	readonly isAnyway: boolean
	/** Wall clock. */
	readonly usedAtMs: Millis
	/** A FileSystemFileHandle; this layer only keeps it. */
	readonly handle?: object
}

export interface FileChoices {
	get(itemId: ItemId): Promise<FileChoice | null>
	/** `without-handle` where the browser does not keep it; `this-tab-only` where nothing can be kept on disk. */
	put(choice: FileChoice): Promise<'kept' | 'without-handle' | 'this-tab-only'>
	remove(itemId: ItemId): Promise<void>
	forgetRoom(roomId: RoomId): Promise<void>
	/** Idempotent. */
	close(): void
}

/** Beyond this many those used longest ago are forgotten. */
export const CHOICES_MAX = 200
export const FILES_DATABASE = 'matinee-files'
const STORE = 'choices'
const OPEN_DEADLINE_MS = 4_000

/** What was kept, read as something that may have been written by anybody; null where it is no choice. */
export const parseFileChoice = (input: unknown): FileChoice | null => {
	if (typeof input !== 'object' || input === null) return null
	const { itemId, roomId, name, size, hash, durationS, lastModifiedMs, isAnyway, usedAtMs, handle } =
		input as Partial<Record<keyof FileChoice, unknown>>
	if (typeof itemId !== 'string' || typeof roomId !== 'string' || typeof name !== 'string') return null
	if (typeof size !== 'number' || typeof hash !== 'string' || typeof lastModifiedMs !== 'number') return null
	if (typeof usedAtMs !== 'number' || (durationS !== null && typeof durationS !== 'number')) return null
	return {
		itemId: itemId as ItemId,
		roomId: roomId as RoomId,
		name,
		size,
		hash,
		durationS,
		lastModifiedMs,
		isAnyway: isAnyway === true,
		usedAtMs,
		...(typeof handle === 'object' && handle !== null ? { handle } : {}),
	}
}

/** The oldest beyond the limit. */
const surplus = (choices: readonly FileChoice[]): readonly FileChoice[] =>
	choices.toSorted((a, b) => b.usedAtMs - a.usedAtMs).slice(CHOICES_MAX)

/** For browsers that refuse storage, and for tests. */
export const createMemoryFileChoices = (): FileChoices => {
	const kept = new Map<ItemId, FileChoice>()
	return {
		get: async (itemId) => kept.get(itemId) ?? null,
		put: async (choice) => {
			kept.set(choice.itemId, choice)
			for (const { itemId } of surplus([...kept.values()])) kept.delete(itemId)
			return 'this-tab-only'
		},
		remove: async (itemId) => void kept.delete(itemId),
		forgetRoom: async (roomId) => {
			for (const [itemId, choice] of kept) if (choice.roomId === roomId) kept.delete(itemId)
		},
		close: () => undefined,
	}
}

export interface FileChoicesEnv {
	/** Undefined where the page has none. */
	readonly indexedDB: IDBFactory | undefined
	readonly timers: DeadlineTimers
}

/**
 * In IndexedDB. Never rejects: what cannot be written is remembered by this tab, what cannot be read is not there, and
 * a person who is asked again for a file loses nothing but a click.
 */
export const createFileChoices = (env: FileChoicesEnv): FileChoices => {
	const { indexedDB } = env
	const inTab = createMemoryFileChoices()
	let opening: Promise<IDBDatabase | null> | null = null
	let isClosed = false

	const connect = (): Promise<IDBDatabase | null> => {
		if (indexedDB === undefined || isClosed) return Promise.resolve(null)
		opening ??= openDatabase(
			{ indexedDB, timers: env.timers },
			FILES_DATABASE,
			(db) => createMissingStores(db, [STORE]),
			{ deadlineMs: OPEN_DEADLINE_MS },
		).then((outcome) => {
			if (outcome.type === 'unavailable') {
				console.warn('Which files were picked cannot be kept.', outcome.why)
				return null
			}
			const { db } = outcome
			const forget = () => {
				db.close()
				opening = null
			}
			db.onversionchange = forget
			db.onclose = forget
			if (isClosed) forget()
			return db
		})
		return opening
	}

	/** False where it could not be done. */
	const change = async (fn: (store: IDBObjectStore) => void): Promise<boolean> => {
		const db = await connect()
		if (db === null) return false
		try {
			const transaction = db.transaction(STORE, 'readwrite')
			fn(transaction.objectStore(STORE))
			await transactionDone(transaction)
			return true
		} catch (error) {
			console.warn('Which files were picked could not be written.', error)
			return false
		}
	}

	const all = async (): Promise<readonly FileChoice[]> => {
		const db = await connect()
		if (db === null) return []
		try {
			const request = db.transaction(STORE, 'readonly').objectStore(STORE).getAll() as IDBRequest<unknown[]>
			return (await requestDone(request)).flatMap((value) => parseFileChoice(value) ?? [])
		} catch (error) {
			console.warn('Which files were picked could not be read.', error)
			return []
		}
	}

	const write = async (choice: FileChoice): Promise<boolean> => {
		if (!(await change((store) => store.put(choice, choice.itemId)))) return false
		const tooMany = surplus(await all())
		if (tooMany.length > 0)
			await change((store) => {
				for (const { itemId } of tooMany) store.delete(itemId)
			})
		return true
	}

	return {
		get: async (itemId) => {
			const held = await inTab.get(itemId)
			return held ?? (await all()).find((choice) => choice.itemId === itemId) ?? null
		},
		put: async (choice) => {
			await inTab.put(choice)
			if (await write(choice)) return 'kept'
			const { handle, ...rest } = choice
			// Some browsers have handles and no way to keep them.
			return handle !== undefined && (await write(rest)) ? 'without-handle' : 'this-tab-only'
		},
		remove: async (itemId) => {
			await inTab.remove(itemId)
			await change((store) => store.delete(itemId))
		},
		forgetRoom: async (roomId) => {
			await inTab.forgetRoom(roomId)
			const ours = (await all()).filter((choice) => choice.roomId === roomId)
			if (ours.length > 0)
				await change((store) => {
					for (const { itemId } of ours) store.delete(itemId)
				})
		},
		close: () => {
			isClosed = true
			void opening?.then((db) => db?.close())
			opening = null
		},
	}
}
