/**
 * Timers that keep time in a hidden page too: there the page's own timers run once a second, a Worker's every 50 ms.
 * In a page that is in sight the Worker would only be a detour: its message waits for the same thread.
 */
import type { Timers } from '#lib/follow/timers.ts'
import type { ClockThread } from './clock-thread.ts'

export interface PageTimersDeps {
	readonly isHidden: () => boolean
	/** Runs `fn` whenever the page is hidden; returns its undo. */
	readonly onHide: (fn: () => void) => () => void
	/** Monotonic, in ms. */
	readonly local: () => number
	readonly thread: Pick<ClockThread, 'after'>
}

export interface PageTimers extends Timers {
	dispose(): void
}

interface Pending {
	readonly dueMs: number
	readonly run: () => void
	cancel: () => void
}

export const createPageTimers = (deps: PageTimersDeps): PageTimers => {
	const pending = new Set<Pending>()

	const arm = (entry: Pending) => {
		const restMs = Math.max(0, entry.dueMs - deps.local())
		const cancel = deps.isHidden() ? deps.thread.after(restMs, entry.run) : null
		if (cancel !== null) {
			entry.cancel = cancel
			return
		}
		const handle = setTimeout(entry.run, restMs)
		entry.cancel = () => clearTimeout(handle)
	}
	// What was set in sight would be late by up to a second now.
	const offHide = deps.onHide(() => {
		for (const entry of pending) {
			entry.cancel()
			arm(entry)
		}
	})

	return {
		after: (ms, fn) => {
			const entry: Pending = {
				dueMs: deps.local() + ms,
				run: () => {
					if (pending.delete(entry)) fn()
				},
				cancel: () => undefined,
			}
			pending.add(entry)
			arm(entry)
			return () => {
				if (pending.delete(entry)) entry.cancel()
			}
		},
		dispose: () => {
			offHide()
			for (const { cancel } of pending) cancel()
			pending.clear()
		},
	}
}
