/**
 * Large states are read beside the page, with a time limit: a state made to be slow costs somebody else's thread its
 * life, and the page nothing.
 */
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/transport/timers.ts'
import { workOn, type TrialAnswer, type TrialRequest } from './trial-work.ts'

export type TrialOutcome = TrialAnswer | { readonly type: 'fault'; readonly why: 'too-slow' }

/** Never rejects. */
export type UpdateTrial = (request: TrialRequest) => Promise<TrialOutcome>

/** A thread that runs `workOn`: it says 'ready' once, then answers one request. */
export interface TrialThread {
	post(request: TrialRequest): void
	onMessage(fn: (message: 'ready' | TrialAnswer) => void): void
	/** It could not be started, or broke. */
	onFailure(fn: () => void): void
	terminate(): void
}

/** What an honest state may take, on a machine many times slower than the one it was measured on. */
export const TRIAL_BASE_MS: Millis = 250
export const TRIAL_BYTES_PER_MS = 1_024
const START_MAX_MS: Millis = 5_000

export const trialLimitMs = (bytes: number): Millis => TRIAL_BASE_MS + bytes / TRIAL_BYTES_PER_MS

export const createUpdateTrial =
	({
		startThread,
		timers,
	}: {
		readonly startThread: () => TrialThread
		readonly timers: Timers
	}): UpdateTrial =>
	(request) =>
		new Promise((resolve) => {
			let thread: TrialThread
			try {
				thread = startThread()
			} catch {
				// This browser has no threads for us: late is better than never.
				resolve(workOn(request))
				return
			}
			let limit = timers.setTimeout(() => inPage(), START_MAX_MS)
			let isOver = false
			const end = (outcome: () => TrialOutcome): void => {
				if (isOver) return
				isOver = true
				timers.clearTimeout(limit)
				thread.terminate()
				resolve(outcome())
			}
			const inPage = (): void => end(() => workOn(request))
			thread.onFailure(inPage)
			thread.onMessage((message) => {
				if (message !== 'ready') return end(() => message)
				timers.clearTimeout(limit)
				// What the thread took to start is not the sender's doing.
				limit = timers.setTimeout(
					() => end(() => ({ type: 'fault', why: 'too-slow' })),
					trialLimitMs(request.update.length),
				)
				thread.post(request)
			})
		})
