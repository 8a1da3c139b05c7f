/**
 * When to try a peer again that could not be reached: soon at first, then ever more rarely, never all at once.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Millis, PeerId } from '#lib/core/units.ts'
import { drawBetween } from './seeded-random.ts'
import type { Timers } from './timers.ts'

const FIRST_MIN_MS: Millis = 2_000
const FIRST_MAX_MS: Millis = 5_000
const GROWTH = 2
const WAIT_MAX_MS: Millis = 60_000
/** Peers come and go; the oldest notes are forgotten first. */
const NOTES_MAX = 4_000

export interface RetryBook {
	isDue(peer: PeerId): boolean
	/** Another failure; not before `atLeastMs` from now. */
	noteFailure(peer: PeerId, atLeastMs?: Millis): void
	/** It was reached, or showed up anew: the next try may be at once. */
	forget(peer: PeerId): void
}

export const createRetryBook = (timers: Timers, random: RandomSource): RetryBook => {
	const notes = new Map<PeerId, { readonly failures: number; readonly dueAtMs: Millis }>()
	return {
		isDue: (peer) => (notes.get(peer)?.dueAtMs ?? 0) <= timers.nowMs(),
		noteFailure: (peer, atLeastMs = 0) => {
			const failures = (notes.get(peer)?.failures ?? 0) + 1
			const growth = GROWTH ** Math.min(failures - 1, 10)
			const waitMs = Math.min(
				drawBetween(random, FIRST_MIN_MS, FIRST_MAX_MS) * growth,
				drawBetween(random, WAIT_MAX_MS / 2, WAIT_MAX_MS),
			)
			notes.delete(peer)
			notes.set(peer, { failures, dueAtMs: timers.nowMs() + Math.max(atLeastMs, waitMs) })
			if (notes.size > NOTES_MAX)
				for (const oldest of notes.keys()) {
					notes.delete(oldest)
					break
				}
		},
		forget: (peer) => void notes.delete(peer),
	}
}
