/**
 * A database connection that y-indexeddb can be trusted with. y-indexeddb writes and forgets: a failed write is an
 * unhandled rejection there, a closed connection a throw inside a Yjs observer. Behind this guard each transaction is
 * watched, failures are reported once and go no further, and each stored update gets a checksum beside it.
 */
import { transactionDone } from './idb.ts'

export const UPDATES_STORE = 'updates'
/** y-indexeddb makes this store for its users; checksums live in it under the keys of their updates. */
export const SUMS_STORE = 'custom'

export interface WriteWatch {
	/** 'strict' where the next write must be on disk before it counts as done. */
	durability(): IDBTransactionDurability
	/** Called for each writing transaction; the promise never rejects: `null` is success. */
	onWrite(outcome: Promise<unknown>): void
}

/** FNV-1a over length and bytes: a changed, missing or added byte changes it. Against rot, not against people. */
export const sumOf = (bytes: Uint8Array): number => {
	let sum = 0x811c9dc5 ^ bytes.length
	for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193)
	return sum >>> 0
}

/** What to hand out where a real object refused: it never answers, as y-indexeddb could not make use of a failure. */
const silentRequest = {} as IDBRequest
const silentStore = {
	add: () => silentRequest,
	getAll: () => silentRequest,
	count: () => silentRequest,
	delete: () => silentRequest,
	openKeyCursor: () => silentRequest,
} as unknown as IDBObjectStore

/** The request without its failures: the transaction's outcome tells of them. */
const withoutErrors = <T extends IDBRequest>(request: T): T =>
	new Proxy(request, {
		get: (target, key) => Reflect.get(target, key, target) as unknown,
		set: (target, key, value) => (key === 'onerror' ? true : Reflect.set(target, key, value, target)),
	})

const guardStore = (store: IDBObjectStore, sums: IDBObjectStore): IDBObjectStore => {
	const attempt = (make: () => IDBRequest): IDBRequest => {
		try {
			return withoutErrors(make())
		} catch {
			return silentRequest // the transaction is over; its outcome has been reported
		}
	}
	return {
		add: (value: unknown) =>
			attempt(() => {
				const request = store.add(value)
				if (value instanceof Uint8Array)
					request.addEventListener('success', () => sums.put(sumOf(value), request.result))
				return request
			}),
		delete: (range: IDBKeyRange) =>
			attempt(() => {
				sums.delete(range)
				return store.delete(range)
			}),
		getAll: (range?: IDBKeyRange) => attempt(() => store.getAll(range)),
		count: (range?: IDBKeyRange) => attempt(() => store.count(range)),
		openKeyCursor: (range: IDBKeyRange | null, direction: IDBCursorDirection) =>
			attempt(() => store.openKeyCursor(range, direction)),
	} as IDBObjectStore
}

/** `db` with every transaction watched; only what y-indexeddb calls is there. */
export const guardDatabase = (db: IDBDatabase, watch: WriteWatch): IDBDatabase =>
	({
		close: () => db.close(),
		transaction: () => {
			let transaction: IDBTransaction
			try {
				transaction = db.transaction([UPDATES_STORE, SUMS_STORE], 'readwrite', {
					durability: watch.durability(),
				})
			} catch (error) {
				watch.onWrite(Promise.resolve(error))
				return { objectStore: () => silentStore }
			}
			watch.onWrite(
				transactionDone(transaction).then(
					() => null,
					(error: unknown) => error,
				),
			)
			const sums = transaction.objectStore(SUMS_STORE)
			return { objectStore: (name: string) => guardStore(transaction.objectStore(name), sums) }
		},
	}) as unknown as IDBDatabase
