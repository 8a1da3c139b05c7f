/**
 * Timers that keep time in a hidden page too: there the page's own timers run once a second, a Worker's every 50 ms.
 */
import type { Timers } from '#lib/follow/timers.ts'

export interface PageTimersDeps {
	readonly isHidden: () => boolean
	/** Null where workers cannot be started; then hidden pages follow once a second. */
	readonly createWorker: () => Worker | null
}

export interface PageTimers extends Timers {
	dispose(): void
}

export const createPageTimers = (deps: PageTimersDeps): PageTimers => {
	let worker: Worker | null | undefined
	let lastId = 0
	const waiting = new Map<number, () => void>()

	const openWorker = (): Worker | null => {
		const opened = deps.createWorker()
		if (opened === null) return null
		opened.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
			const fn = waiting.get(data as number)
			waiting.delete(data as number)
			fn?.()
		})
		return opened
	}

	return {
		after: (ms, fn) => {
			if (deps.isHidden()) worker ??= openWorker()
			if (!deps.isHidden() || !worker) {
				const handle = setTimeout(fn, ms)
				return () => clearTimeout(handle)
			}
			const id = ++lastId
			waiting.set(id, fn)
			worker.postMessage({ id, ms })
			return () => waiting.delete(id)
		},
		dispose: () => {
			waiting.clear()
			worker?.terminate()
			worker = null
		},
	}
}

/** The Worker in a browser; its file is built beside the app. */
export const startTimerWorker = (): Worker | null => {
	try {
		return new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' })
	} catch (error) {
		console.warn('No Worker for timers: a hidden tab will keep time less well.', error)
		return null
	}
}
