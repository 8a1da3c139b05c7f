/**
 * Whether a site's player undoes what it is told. Sites do so where they mind their player: rented films, live ones,
 * advertisements without a mark. Once may be chance; a person's own touch is no answer to anything.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'

export type Refusal = 'play' | 'seek'

export interface Refusals {
	told(what: Refusal, toS?: Seconds): void
	/** A seek has come to an end there. */
	landed(positionS: Seconds): void
	/** It stands still again, by nobody's word. */
	stopped(): void
	/** Something else was loaded, or a person took over: what was told is no longer waited for. */
	forget(): void
	/** What it has not done, more than once in a row. */
	now(): Refusal | null
}

const ANSWER_MS: Millis = 1_500
const OFTEN = 2
/** A seek lands where it was sent, or at the picture before. */
const SAME_PLACE_S: Seconds = 2

export const createRefusals = (local: () => Millis): Refusals => {
	const counts: Record<Refusal, number> = { play: 0, seek: 0 }
	let sent: { readonly toS: Seconds; readonly untilMs: Millis } | null = null
	let startedUntilMs: Millis = -Infinity
	return {
		told(what, toS) {
			if (what === 'seek') {
				sent = { toS: toS ?? 0, untilMs: local() + ANSWER_MS }
				return
			}
			// The one before was let stand.
			if (local() >= startedUntilMs && Number.isFinite(startedUntilMs)) counts.play = 0
			startedUntilMs = local() + ANSWER_MS
		},
		landed(positionS) {
			if (sent === null || local() > sent.untilMs) return
			counts.seek = Math.abs(positionS - sent.toS) > SAME_PLACE_S ? counts.seek + 1 : 0
			sent = null
		},
		stopped() {
			if (local() > startedUntilMs) return
			counts.play++
			startedUntilMs = -Infinity
		},
		forget() {
			counts.play = 0
			counts.seek = 0
			sent = null
			startedUntilMs = -Infinity
		},
		now: () => (counts.seek >= OFTEN ? 'seek' : counts.play >= OFTEN ? 'play' : null),
	}
}
