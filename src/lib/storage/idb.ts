/**
 * IndexedDB as promises, with its three ways of never answering made into outcomes: an open that is refused,
 * an open that another tab blocks, and a connection that the browser closed behind our back.
 */

export interface DeadlineTimers {
	setTimeout(fn: () => void, ms: number): unknown
	clearTimeout(handle: unknown): void
}

export type OpenOutcome =
	{ readonly type: 'open'; readonly db: IDBDatabase } | { readonly type: 'unavailable'; readonly why: string }

/** The platform's own words; a DOMException's name says more than its message. */
export const whyOf = (error: unknown): string => {
	if (!(error instanceof Error)) return String(error)
	return error.name === 'Error' ? error.message : `${error.name}: ${error.message || 'no details given'}`
}

/**
 * Opens `name`, at the version it has if none is named; `upgrade` runs where it is new or older.
 * Answers by the deadline in any case; a database that opens later is closed again.
 */
export const openDatabase = (
	env: { readonly indexedDB: IDBFactory; readonly timers: DeadlineTimers },
	name: string,
	upgrade: (db: IDBDatabase) => void,
	{ version, deadlineMs }: { readonly version?: number; readonly deadlineMs: number },
): Promise<OpenOutcome> =>
	new Promise((resolve) => {
		let isAnswered = false
		let isBlocked = false
		const answer = (outcome: OpenOutcome) => {
			if (isAnswered) {
				if (outcome.type === 'open') outcome.db.close()
				return
			}
			isAnswered = true
			env.timers.clearTimeout(deadline)
			resolve(outcome)
		}
		const deadline = env.timers.setTimeout(() => {
			const why = isBlocked ? 'another tab holds an older version open' : 'the browser did not answer'
			answer({ type: 'unavailable', why })
		}, deadlineMs)
		try {
			const request = env.indexedDB.open(name, version)
			request.onupgradeneeded = () => upgrade(request.result)
			request.onblocked = () => (isBlocked = true)
			request.onerror = () => answer({ type: 'unavailable', why: whyOf(request.error) })
			request.onsuccess = () => answer({ type: 'open', db: request.result })
		} catch (error) {
			answer({ type: 'unavailable', why: whyOf(error) }) // SecurityError where a page may not store
		}
	})

/** Creates the stores that are missing; `autoIncrement` for those named in `counted`. */
export const createMissingStores = (
	db: IDBDatabase,
	names: readonly string[],
	counted: readonly string[] = [],
): void => {
	for (const name of names) {
		if (db.objectStoreNames.contains(name)) continue
		db.createObjectStore(name, counted.includes(name) ? { autoIncrement: true } : {})
	}
}

export const requestDone = <T>(request: IDBRequest<T>): Promise<T> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result)
		request.onerror = () => reject(request.error ?? new Error('request failed'))
	})

/** Resolves on 'complete'; rejects with what aborted the transaction (QuotaExceededError when the disk is full). */
export const transactionDone = (transaction: IDBTransaction): Promise<void> =>
	new Promise((resolve, reject) => {
		transaction.addEventListener('complete', () => resolve())
		transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('transaction aborted')))
	})

/** Deletes a database, waiting for other connections to let go; rejects where the browser refuses. */
export const deleteDatabase = async (indexedDB: IDBFactory, name: string): Promise<void> => {
	await requestDone(indexedDB.deleteDatabase(name))
}
