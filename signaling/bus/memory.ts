/**
 * The bus within one process: what a server without Redis runs on, and what tests let several hubs talk over.
 */
import { createBucket, type Bucket } from '../buckets.ts'
import type { Bus, BusEvent, BusState } from './bus.ts'

/** Claims and marks are swept when there are this many more than after the last sweep. */
const SWEEP_EVERY = 1_000

export interface MemoryBroker {
	/** One more process's way to it. */
	connect(): Bus
	/** For tests: a bus that is away for everybody, and back. */
	setState(state: BusState): void
	/** For tests: forgets claims, marks and buckets, as a Redis that is flushed. */
	flush(): void
}

interface Client {
	readonly channels: Set<string>
	emit(event: BusEvent): void
}

/** `isShared`: for tests, where several servers of one process are to be as several processes. */
export const createMemoryBroker = (nowMs: () => number, isShared = false): MemoryBroker => {
	const clients = new Set<Client>()
	const untilMs = new Map<string, number>()
	const buckets = new Map<string, Bucket>()
	let state: BusState = 'up'
	let awaySinceMs = 0
	let sweepAt = SWEEP_EVERY

	const isKept = (key: string): boolean => (untilMs.get(key) ?? -Infinity) > nowMs()
	const keep = (key: string, forMs: number): void => {
		untilMs.set(key, nowMs() + forMs)
		if (untilMs.size < sweepAt) return
		for (const [old, atMs] of untilMs) if (atMs <= nowMs()) untilMs.delete(old)
		for (const [old, bucket] of buckets) if (bucket.isFull(nowMs())) buckets.delete(old)
		sweepAt = untilMs.size + SWEEP_EVERY
	}

	const connect = (): Bus => {
		const listeners = new Set<(event: BusEvent) => void>()
		const client: Client = {
			channels: new Set(),
			emit: (event) => {
				for (const fn of [...listeners]) if (clients.has(client)) fn(event)
			},
		}
		clients.add(client)
		return {
			isShared,
			state: () => state,
			subscribe: async (channel) => void client.channels.add(channel),
			unsubscribe: (channel) => void client.channels.delete(channel),
			publish: async (channel, bytes) => {
				if (state === 'away') return 0
				const to = [...clients].filter(({ channels }) => channels.has(channel))
				// In a turn of its own, as over a net: nobody is called back from within its own call.
				queueMicrotask(() => to.forEach(({ emit }) => emit({ type: 'message', channel, bytes })))
				return to.length
			},
			claim: async (key, forMs) => {
				if (state === 'away') return 'away'
				if (isKept(key)) return 'taken'
				keep(key, forMs)
				return 'first'
			},
			mark: async (key, forMs) => {
				if (state === 'up') keep(key, forMs)
			},
			isMarked: async (key) => state === 'up' && isKept(key),
			take: async (key, rate) => {
				if (state === 'away') return null
				const bucket = buckets.get(key) ?? createBucket(rate, nowMs())
				buckets.set(key, bucket)
				return bucket.take(nowMs()) ? 0 : Math.max(1, bucket.waitMs(nowMs()))
			},
			giveBack: async (key) => {
				if (state === 'up') buckets.get(key)?.giveBack(nowMs())
			},
			on: (fn) => {
				listeners.add(fn)
				return () => void listeners.delete(fn)
			},
			close: async () => {
				clients.delete(client)
				listeners.clear()
			},
		}
	}

	return {
		connect,
		setState(next) {
			if (next === state) return
			state = next
			if (next === 'away') awaySinceMs = nowMs()
			const event: BusEvent =
				next === 'up'
					? { type: 'up', afterMs: nowMs() - awaySinceMs }
					: { type: 'away', why: 'told to be away' }
			for (const client of [...clients]) client.emit(event)
		},
		flush() {
			untilMs.clear()
			buckets.clear()
		},
	}
}
