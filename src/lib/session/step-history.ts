/**
 * The last minute of a follower's readings, for the panel that plots them and the figures that may be shared: a ring
 * of plain numbers, because it is written twenty times a second whether or not anybody looks.
 */
import type { FollowReading } from '#lib/follow/follower.ts'
import type { Millis } from '#lib/core/units.ts'
import type { StepReading } from '#lib/core/view.ts'

const KEPT = 1_200
const NONE = Number.NaN
const STALL = 2
const SEEK = 1

export interface StepHistory {
	/** `jumps`: the follower's count of seeks so far. */
	push(reading: FollowReading, jumps: number): void
	/** Oldest first. */
	readings(): readonly StepReading[]
	stalls(): number
	/** Sizes of the drifts since the last call, in ms. */
	takeDrifts(): readonly Millis[]
}

export const createStepHistory = (): StepHistory => {
	const atMs = new Float64Array(KEPT)
	const driftMs = new Float64Array(KEPT)
	const rates = new Float64Array(KEPT)
	const marks = new Uint8Array(KEPT)
	let count = 0
	let taken = 0
	let stalls = 0
	let lastJumps = 0
	let wasStalled = false

	return {
		push(reading, jumps) {
			const at = count % KEPT
			count += 1
			const isStalled = reading.doing === 'stalled'
			atMs[at] = reading.atLocalMs
			driftMs[at] = reading.errorMs ?? NONE
			rates[at] = reading.rate
			marks[at] = isStalled && !wasStalled ? STALL : jumps > lastJumps ? SEEK : 0
			if (isStalled && !wasStalled) stalls += 1
			wasStalled = isStalled
			lastJumps = jumps
		},
		readings() {
			const out: StepReading[] = []
			for (let i = Math.max(0, count - KEPT); i < count; i++) {
				const at = i % KEPT
				const drift = driftMs[at] ?? NONE
				const mark = marks[at]
				out.push({
					atMs: atMs[at] ?? 0,
					driftMs: Number.isNaN(drift) ? null : drift,
					rate: rates[at] ?? 1,
					mark: mark === STALL ? 'stall' : mark === SEEK ? 'seek' : null,
				})
			}
			return out
		},
		stalls: () => stalls,
		takeDrifts() {
			const out: Millis[] = []
			for (let i = Math.max(taken, count - KEPT); i < count; i++) {
				const drift = driftMs[i % KEPT] ?? NONE
				if (!Number.isNaN(drift)) out.push(Math.abs(drift))
			}
			taken = count
			return out
		},
	}
}
