/**
 * A few jobs at once, a few more waiting, the rest turned away: so that costly work (hashing, pictures) cannot take
 * all of memory and processor, whoever asks for it.
 */
import { availableParallelism } from 'node:os'

/** Node has four threads for files, names and this; one at least is to stay free for the others. */
export const HEAVY_AT_ONCE = Math.max(1, Math.min(availableParallelism(), 3))

export type Outcome<T> = { readonly type: 'done'; readonly value: T } | { readonly type: 'full' }

export type WorkQueue = ReturnType<typeof createWorkQueue>

export const createWorkQueue = (size: { readonly atOnce: number; readonly waiting: number }) => {
	const waiting: (() => void)[] = []
	let running = 0

	return {
		/** Runs `job` when its turn comes; `full` at once where too many wait. Rejects as the job does. */
		async run<T>(job: () => Promise<T>): Promise<Outcome<T>> {
			if (running >= size.atOnce) {
				if (waiting.length >= size.waiting) return { type: 'full' }
				await new Promise<void>((resolve) => waiting.push(resolve))
			} else running++
			try {
				return { type: 'done', value: await job() }
			} finally {
				// The place is handed on, so that nobody can slip in between.
				const next = waiting.shift()
				if (next === undefined) running--
				else next()
			}
		},
	}
}
