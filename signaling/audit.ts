/**
 * Takes events and gets them into the store, in order, without ever keeping anybody waiting. While the store is away
 * they wait in memory; what does not fit there is counted and the count is kept.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { canonicalJson, type AuditEvent, type Pseudonym } from './audit-events.ts'
import { StoreUnavailable } from './store/sql.ts'
import type { Store } from './store/store.ts'

/** Some hundred bytes each. */
export const AUDIT_QUEUE_MAX = 10_000
/** Rows written at once: a crowd that comes back together must not cost a disk write each. */
const BATCH_MAX = 100
const RETRY_MS = 1_000
/** What is no absence will hardly pass in a second, and each try is a line in the log. */
const FAULT_RETRY_MS = 30_000

/** Prints an event; it must not throw. */
export interface AuditLog {
	(atMs: number, event: AuditEvent & { readonly id: string }): void
}

export interface Audit {
	/** Never throws, never delays. */
	note(event: AuditEvent): void
	/** Names a username in an event: the same name for the same one while this process runs, and no way back. */
	pseudonym(foldedUsername: string): Pseudonym
	/** How many events wait for the store. */
	waiting(): number
	/** Resolves once everything noted is in the store, or after `deadlineMs`; answers how many events are not. */
	flush(deadlineMs: number): Promise<number>
	/** No more tries after this. Call `flush` first. */
	close(): void
}

interface Waiting {
	readonly atMs: number
	event: AuditEvent
	readonly id: string
}

export const createAudit = (deps: {
	readonly store: Pick<Store, 'audit'>
	readonly nowMs: () => number
	readonly log?: AuditLog
	/** Faults of the store that are not its being away. */
	readonly onFault?: (error: unknown) => void
}): Audit => {
	/** An event's id makes its text unique: offered again after an answer that got lost, it is kept once. */
	const run = randomBytes(6).toString('base64url')
	const pseudonymKey = randomBytes(32)
	let count = 0
	const queue: Waiting[] = []
	let isWriting = false
	let isClosed = false
	let timer: NodeJS.Timeout | null = null
	let onEmpty: (() => void)[] = []

	const write = async (): Promise<void> => {
		if (isWriting || isClosed) return
		isWriting = true
		try {
			while (queue.length > 0 && !isStopped()) {
				const batch = queue.slice(0, BATCH_MAX)
				await deps.store.audit.appendAll(
					batch.map(({ atMs, event, id }) => ({ atMs, event: canonicalJson({ ...event, id }) })),
				)
				queue.splice(0, batch.length)
			}
		} catch (error) {
			const isAway = error instanceof StoreUnavailable
			if (!isAway) deps.onFault?.(error)
			retryIn(isAway ? RETRY_MS : FAULT_RETRY_MS)
		} finally {
			isWriting = false
		}
		if (queue.length === 0) for (const done of onEmpty.splice(0)) done()
	}
	const isStopped = (): boolean => isClosed
	const retryIn = (delayMs: number): void => {
		if (isClosed) return
		timer = setTimeout(() => {
			timer = null
			void write()
		}, delayMs)
		timer.unref()
	}

	const enqueue = (atMs: number, event: AuditEvent, id: string): void => {
		if (queue.length < AUDIT_QUEUE_MAX) {
			queue.push({ atMs, event, id })
			return
		}
		const last = queue.at(-1)
		if (last?.event.type === 'audit-gap')
			last.event = { ...last.event, count: last.event.count + 1, untilMs: atMs }
		else queue.push({ atMs, id, event: { type: 'audit-gap', count: 1, fromMs: atMs, untilMs: atMs } })
	}

	return {
		note(event) {
			const atMs = Math.round(deps.nowMs())
			const id = `${run}.${String(++count)}`
			try {
				deps.log?.(atMs, { ...event, id })
			} catch (error) {
				deps.onFault?.(error)
			}
			enqueue(atMs, event, id)
			if (timer === null) void write()
		},
		pseudonym: (folded) =>
			createHmac('sha256', pseudonymKey).update(folded).digest('hex').slice(0, 8) as Pseudonym,
		waiting: () => queue.length,
		flush(deadlineMs) {
			if (queue.length === 0) return Promise.resolve(0)
			return new Promise((resolve) => {
				const deadline = setTimeout(() => resolve(queue.length), deadlineMs)
				onEmpty.push(() => {
					clearTimeout(deadline)
					resolve(0)
				})
			})
		},
		close() {
			isClosed = true
			if (timer !== null) clearTimeout(timer)
			onEmpty = []
		},
	}
}
