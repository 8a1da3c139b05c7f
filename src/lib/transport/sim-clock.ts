/**
 * Simulated time: timers run in order of their due time when `run` moves time forward, and promise callbacks run
 * between them. A minute of forty peers takes a moment, and the same seed gives the same minute again.
 */
import type { Millis } from '#lib/core/units.ts'
import type { TimerHandle, Timers } from './timers.ts'

export interface SimClock extends Timers {
	/** Moves time forward by `forMs`, running what falls due, each at its own moment. */
	run(forMs: Millis): Promise<void>
	/** Runs until `isDone` (asked after each timer), at most `limitMs`; whether it was. */
	runUntil(isDone: () => boolean, limitMs: Millis): Promise<boolean>
	/** Timers not yet due. */
	readonly pendingCount: number
}

interface Timer {
	readonly dueMs: Millis
	readonly order: number
	readonly fn: () => void
	isCleared: boolean
}

const isBefore = (a: Timer, b: Timer): boolean =>
	a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)

/** A binary heap: sims of a hundred peers hold tens of thousands of timers. */
const createHeap = () => {
	const heap: Timer[] = []
	const at = (index: number): Timer => heap[index] as Timer
	const swap = (i: number, j: number) => {
		const kept = at(i)
		heap[i] = at(j)
		heap[j] = kept
	}
	return {
		peek: (): Timer | undefined => heap[0],
		push: (timer: Timer) => {
			heap.push(timer)
			let child = heap.length - 1
			while (child > 0) {
				const parent = (child - 1) >> 1
				if (!isBefore(at(child), at(parent))) break
				swap(child, parent)
				child = parent
			}
		},
		pop: () => {
			const last = heap.pop()
			if (last === undefined || heap.length === 0) return
			heap[0] = last
			let parent = 0
			for (;;) {
				const left = 2 * parent + 1
				if (left >= heap.length) break
				const right = left + 1
				const child = right < heap.length && isBefore(at(right), at(left)) ? right : left
				if (!isBefore(at(child), at(parent))) break
				swap(parent, child)
				parent = child
			}
		},
	}
}

/**
 * A turn of the event loop, so that everything already promised has happened. Enough for promises that settle by
 * themselves; work in other threads (WebCrypto) needs `settle` to wait for it.
 */
const nextTurn = (): Promise<void> =>
	new Promise((resolve) => {
		if (typeof setImmediate === 'function') setImmediate(resolve)
		else setTimeout(resolve, 0)
	})

export const createSimClock = ({
	startMs = 1_000_000,
	settle = nextTurn,
}: { readonly startMs?: Millis; readonly settle?: () => Promise<void> } = {}): SimClock => {
	const timers = createHeap()
	let nowMs = startMs
	let order = 0
	let pendingCount = 0

	/** Runs every timer due at the next due moment up to `untilMs`; false if there is none. */
	const step = async (untilMs: Millis): Promise<boolean> => {
		let next = timers.peek()
		while (next?.isCleared) {
			timers.pop()
			next = timers.peek()
		}
		if (next === undefined || next.dueMs > untilMs) return false
		nowMs = Math.max(nowMs, next.dueMs)
		for (; next !== undefined && next.dueMs <= nowMs; next = timers.peek()) {
			timers.pop()
			if (next.isCleared) continue
			next.isCleared = true
			pendingCount--
			next.fn()
		}
		await settle()
		return true
	}

	return {
		nowMs: () => nowMs,
		setTimeout: (fn, delayMs): TimerHandle => {
			const timer: Timer = { dueMs: nowMs + Math.max(0, delayMs), order: order++, fn, isCleared: false }
			timers.push(timer)
			pendingCount++
			return timer
		},
		clearTimeout: (handle) => {
			const timer = handle as Timer | null | undefined
			if (!timer || timer.isCleared) return
			timer.isCleared = true
			pendingCount--
		},
		run: async (forMs) => {
			const untilMs = nowMs + forMs
			await settle()
			while (await step(untilMs));
			nowMs = untilMs
		},
		runUntil: async (isDone, limitMs) => {
			const untilMs = nowMs + limitMs
			await settle()
			while (!isDone()) {
				if (!(await step(untilMs))) {
					nowMs = untilMs
					return isDone()
				}
			}
			return true
		},
		get pendingCount() {
			return pendingCount
		},
	}
}
