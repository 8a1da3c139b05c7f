/**
 * Starts that were asked for and not yet answered: each is settled once, and one that leads to nothing is overdue.
 */
import type { Millis } from '#lib/core/units.ts'

export type StartOutcome = 'playing' | 'blocked' | 'failed'

export interface Starts {
	/** Waits for what becomes of it. */
	outcome(): Promise<StartOutcome>
	/** From now on it should play, or load. */
	due(nowMs: Millis): void
	/** The page is hidden, where nothing can be said of it: the wait begins anew. */
	hold(nowMs: Millis): void
	isOverdue(nowMs: Millis): boolean
	settle(outcome: StartOutcome): void
}

/** Told to play, and neither plays nor loads: the browser wants a gesture. */
const OVERDUE_MS = 2_500

export const createStarts = (): Starts => {
	let waiting: ((outcome: StartOutcome) => void)[] = []
	let sinceMs: Millis | null = null
	return {
		outcome: () => new Promise((resolve) => waiting.push(resolve)),
		due(nowMs) {
			sinceMs = nowMs
		},
		hold(nowMs) {
			if (sinceMs !== null) sinceMs = nowMs
		},
		isOverdue: (nowMs) => sinceMs !== null && nowMs - sinceMs > OVERDUE_MS,
		settle(outcome) {
			sinceMs = null
			const settled = waiting
			waiting = []
			for (const tell of settled) tell(outcome)
		},
	}
}
