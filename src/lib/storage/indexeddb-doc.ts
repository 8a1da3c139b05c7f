/**
 * One room's document in IndexedDB: y-indexeddb, bound only after we have opened the database ourselves and thrown
 * out what is damaged, and written through a guard. Left alone it never settles on a refused open, loses the room to
 * one bad update, and tells nobody about a full disk.
 */
import { IndexeddbPersistence, storeState } from 'y-indexeddb'
import * as Y from 'yjs'
import { rescueWaiting } from './rescue.ts'
import { guardDatabase, SUMS_STORE, sumOf, UPDATES_STORE } from './guarded-database.ts'
import {
	createMissingStores,
	openDatabase,
	requestDone,
	transactionDone,
	whyOf,
	type DeadlineTimers,
	type OpenOutcome,
} from './idb.ts'
import type { DocStore, StorageTrouble } from './storage.ts'

export interface DocEnv {
	/** Must be the page's own: y-indexeddb knows no other. */
	readonly indexedDB: IDBFactory
	readonly timers: DeadlineTimers
}

/** A room must open from memory rather than wait for a disk. */
const OPEN_DEADLINE_MS = 4_000
const LOAD_DEADLINE_MS = 10_000
/** While writes fail, every so many updates the whole state is tried instead (the missed ones are in it). */
const RETRY_EVERY_UPDATES = 16

const STORES = [UPDATES_STORE, SUMS_STORE] as const

/** Opened with both stores in place; `lost` counts a store of updates that had gone. */
const openWhole = async (env: DocEnv, name: string): Promise<{ outcome: OpenOutcome; lost: number }> => {
	const create = (db: IDBDatabase) => createMissingStores(db, STORES, [UPDATES_STORE])
	const outcome = await openDatabase(env, name, create, { deadlineMs: OPEN_DEADLINE_MS })
	if (outcome.type === 'unavailable') return { outcome, lost: 0 }
	const { db } = outcome
	if (STORES.every((store) => db.objectStoreNames.contains(store))) return { outcome, lost: 0 }
	const lost = db.objectStoreNames.contains(UPDATES_STORE) ? 0 : 1
	const version = db.version + 1
	db.close()
	return {
		outcome: await openDatabase(env, name, create, { version, deadlineMs: OPEN_DEADLINE_MS }),
		lost,
	}
}

interface Stored {
	readonly key: IDBValidKey
	readonly update: Uint8Array
}

/** Applies to a document of its own, so that a bad update can spoil nothing but that. */
const isReadable = (update: unknown, sum: unknown): update is Uint8Array => {
	if (!(update instanceof Uint8Array)) return false
	if (typeof sum === 'number' && sum !== sumOf(update)) return false
	const scratch = new Y.Doc()
	try {
		Y.decodeUpdate(update)
		Y.applyUpdate(scratch, update)
		return true
	} catch {
		return false // whatever Yjs throws on, this is not an update
	} finally {
		scratch.destroy()
	}
}

/** Whether the updates also hold together: two that are sound alone may still contradict each other. */
const firstContradiction = (updates: readonly Stored[]): number => {
	const scratch = new Y.Doc()
	try {
		for (const [index, { update }] of updates.entries()) {
			try {
				Y.applyUpdate(scratch, update)
			} catch {
				return index
			}
		}
		return -1
	} finally {
		scratch.destroy()
	}
}

/** Undefined also where the browser itself cannot read the value; that must not end the transaction. */
const readOrNothing = (request: IDBRequest<unknown>): Promise<unknown> =>
	new Promise((resolve) => {
		request.onsuccess = () => resolve(request.result)
		request.onerror = (event) => {
			event.preventDefault()
			resolve(undefined)
		}
	})

/** Deletes what cannot be read; how many that were. */
const dropDamaged = async (db: IDBDatabase): Promise<number> => {
	const transaction = db.transaction(STORES, 'readwrite')
	const done = transactionDone(transaction)
	done.catch(() => undefined) // awaited below; a failure before that is thrown by the reads
	const updates = transaction.objectStore(UPDATES_STORE)
	const sums = transaction.objectStore(SUMS_STORE)
	const keys = await requestDone(updates.getAllKeys())
	const stored = await Promise.all(
		keys.map(async (key) => {
			const [update, sum] = await Promise.all([readOrNothing(updates.get(key)), readOrNothing(sums.get(key))])
			return [key, update, sum] as const
		}),
	)
	const damaged: IDBValidKey[] = []
	let good: Stored[] = []
	for (const [key, update, sum] of stored) {
		if (isReadable(update, sum)) good.push({ key, update })
		else damaged.push(key)
	}
	for (let bad = firstContradiction(good); bad >= 0; bad = firstContradiction(good)) {
		damaged.push(...good.slice(bad, bad + 1).map(({ key }) => key))
		good = good.filter((_, index) => index !== bad)
	}
	const forget = (key: IDBValidKey) => {
		updates.delete(key)
		sums.delete(key)
	}
	for (const key of damaged) forget(key)
	const rescued = damaged.length > 0 ? rescueWaiting(good.map(({ update }) => update)) : null
	if (rescued !== null) {
		for (const { key } of good) forget(key)
		updates.add(rescued)
	}
	await done
	return damaged.length
}

/** Binds `doc` to the database `name`. Never throws; troubles are told, late listeners included. */
export const openIndexedDbDoc = (env: DocEnv, name: string, doc: Y.Doc): DocStore => {
	const listeners = new Set<(trouble: StorageTrouble) => void>()
	const told: StorageTrouble[] = []
	const tell = (trouble: StorageTrouble) => {
		told.push(trouble)
		for (const fn of [...listeners]) fn(trouble)
	}

	let isClosed = false
	let persistence: IndexeddbPersistence | null = null
	const writes = new Set<Promise<unknown>>()
	/** Updates since writing began to fail; null while all is well. */
	let missed: number | null = null
	let isOwnWrite = false

	const onWriteDone = (error: unknown) => {
		if (error === null || isClosed) return
		if (missed === null) {
			const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
			tell({ type: isFull ? 'full' : 'refused', why: whyOf(error) })
		}
		missed ??= 0
	}
	let isWholeStateUnderWay = false
	let isNextWriteWhole = false
	const onWrite = (outcome: Promise<unknown>) => {
		const isWhole = isNextWriteWhole
		isNextWriteWhole = false
		const write = outcome.then((error) => {
			writes.delete(write)
			if (error === null && isWhole) missed = null // nothing else makes up for what was missed
			onWriteDone(error)
		})
		writes.add(write)
	}
	const settleWrites = async () => {
		while (writes.size > 0) await Promise.all(writes)
	}
	const tryWholeState = async () => {
		if (persistence === null || isWholeStateUnderWay) return
		await settleWrites()
		isWholeStateUnderWay = true
		isNextWriteWhole = true // storeState opens its transaction before it returns
		void storeState(persistence, true) // settles only on success; the guard tells of the rest
		await settleWrites()
		isWholeStateUnderWay = false
	}

	const onUpdate = (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
		isOwnWrite = transaction.local
		if (missed !== null && ++missed % RETRY_EVERY_UPDATES === 0) void tryWholeState()
	}

	const bind = (): Promise<'synced' | 'late'> =>
		new Promise((resolve) => {
			// Before y-indexeddb's own listener, so that its write knows whose update it stores.
			doc.on('update', onUpdate)
			const bound = new IndexeddbPersistence(name, doc)
			persistence = bound
			let guarded: IDBDatabase | null = null
			Object.defineProperty(bound, 'db', {
				get: () => guarded,
				set: (db: IDBDatabase) => {
					guarded = guardDatabase(db, { durability: () => (isOwnWrite ? 'strict' : 'default'), onWrite })
				},
			})
			const deadline = env.timers.setTimeout(() => resolve('late'), LOAD_DEADLINE_MS)
			void bound.whenSynced.then(() => {
				env.timers.clearTimeout(deadline)
				resolve('synced')
			})
		})

	const load = async (): Promise<Awaited<DocStore['whenLoaded']>> => {
		const unavailable = (why: string) => {
			if (!isClosed) tell({ type: 'refused', why })
			return { type: 'unavailable', why } as const
		}
		const { outcome, lost } = await openWhole(env, name)
		if (outcome.type === 'unavailable') return unavailable(outcome.why)
		try {
			const damaged = lost + (await dropDamaged(outcome.db))
			if (damaged > 0 && !isClosed) tell({ type: 'damaged', lost: damaged })
		} catch (error) {
			return unavailable(whyOf(error))
		} finally {
			outcome.db.close()
		}
		if (isClosed) return { type: 'unavailable', why: 'closed' }
		return (await bind()) === 'synced' ? { type: 'loaded' } : unavailable('the browser did not answer')
	}

	const whenLoaded = load()
	let closing: Promise<void> | null = null
	return {
		whenLoaded,
		onTrouble: (fn) => {
			listeners.add(fn)
			for (const trouble of told) fn(trouble)
			return () => void listeners.delete(fn)
		},
		flush: async () => {
			await whenLoaded
			await settleWrites()
			if (missed !== null && !isClosed) await tryWholeState()
		},
		close: () => {
			closing ??= (async () => {
				isClosed = true
				doc.off('update', onUpdate)
				listeners.clear()
				if (persistence === null) {
					await whenLoaded
					return
				}
				await settleWrites()
				await (persistence.destroy() as Promise<unknown>)
			})()
			return closing
		},
	}
}
