/**
 * One piece of work after the other, with a pause for the page whenever a turn has taken long enough. Somebody who
 * sends us much makes us late, and never deaf.
 */
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/transport/timers.ts'

/** Half a frame: what is left is for drawing. */
const TURN_MS: Millis = 8

export interface Turns {
	/** Runs `job` when all before it are done. One that throws is logged and the next one runs. */
	readonly add: (job: () => Promise<void> | void) => void
	/** Resolves at once, or in a later turn where this one has lasted long. */
	readonly breathe: () => Promise<void>
	/** Resolves when there is nothing left to do. */
	readonly whenIdle: () => Promise<void>
	/** Forgets what has not begun. */
	readonly stop: () => void
}

export const createTurns = (timers: Timers): Turns => {
	let jobs: (() => Promise<void> | void)[] = []
	let working: Promise<void> | null = null
	let turnBeganMs = timers.nowMs()

	const breathe = (): Promise<void> => {
		if (timers.nowMs() - turnBeganMs < TURN_MS) return Promise.resolve()
		return new Promise((resolve) => {
			timers.setTimeout(() => {
				turnBeganMs = timers.nowMs()
				resolve()
			}, 0)
		})
	}

	const work = async (): Promise<void> => {
		for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
			try {
				await job()
			} catch (error) {
				console.error('A turn of work failed.', error) // a fault of ours; the room goes on
			}
			await breathe()
		}
		working = null
	}

	return {
		add: (job) => {
			jobs.push(job)
			if (working !== null) return
			turnBeganMs = timers.nowMs()
			// In a turn of its own: whoever adds a job must not be interrupted by it.
			working = Promise.resolve().then(work)
		},
		breathe,
		whenIdle: async () => {
			while (working !== null) await working
		},
		stop: () => {
			jobs = []
		},
	}
}
