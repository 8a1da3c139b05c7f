/**
 * The law for players that have only steps of rate and report now and then: one pulse of a neighbouring rate, long
 * enough for the whole error, then rest and look again (sync.md, section 9).
 */
import type { Commands } from './commands.ts'
import type { StepRates } from './rates.ts'
import type { Sensor } from './sensor.ts'
import { atMoment, type Timers } from './timers.ts'

export interface PulseInput {
	readonly errorMs: number
	/** The room's speed. */
	readonly rate: number
	readonly steps: StepRates
	/** What the last pulses lost, in milliseconds. */
	readonly lossMs: number
}

export interface Pulse {
	readonly rate: number
	readonly forMs: number
}

/** Below it reports cannot tell. */
export const PULSE_FROM_MS = 22
export const PULSE_SEEK_MS = 1_500
export const PULSE_REST_MS = 500
/** With pitch kept every entry costs 15 to 23 ms: paid in advance, and learned from what is left. */
export const PULSE_LOSS_MS = 20
const LOSS_MAX_MS = 60
const LOSS_GAIN = 0.3
/** A pulse takes at most so long; the rest is for the next. */
const PULSE_MOST_MS = 7_000
const PULSE_LEAST_MS = 20
/** How long a player at a rate that is not the room's runs away between two pulses. */
const BETWEEN_MS = 1_500

/** The pulse that takes the error away; null where it is too small, or there is no step on that side. */
export const decidePulse = ({ errorMs, rate, steps, lossMs }: PulseInput): Pulse | null => {
	if (Math.abs(errorMs) <= PULSE_FROM_MS) return null
	// At a speed it does not have it drifts on meanwhile: aim for the middle of that.
	const leadMs = steps.base === rate ? 0 : ((rate - steps.base) / rate) * (BETWEEN_MS / 2)
	const wantMs = errorMs + lossMs + leadMs
	const step = wantMs > 0 ? steps.faster : steps.slower
	if (step === null) return null
	const forMs = Math.abs(wantMs * rate) / Math.abs(step - rate)
	return forMs < PULSE_LEAST_MS ? null : { rate: step, forMs: Math.min(PULSE_MOST_MS, forMs) }
}

/** After a pulse: what was left of the error tells what it lost. */
export const learnLoss = (lossMs: number, leftMs: number): number =>
	Math.min(LOSS_MAX_MS, Math.max(0, lossMs + LOSS_GAIN * leftMs))

export interface Pulser {
	/** A pulse runs, or its end is being waited for. */
	isActive(): boolean
	/** The error that the running pulse takes away, as far as is known; null without one. */
	errorMs(): number | null
	/** Looks at an error and starts a pulse if it is worth one. */
	consider(errorMs: number, rate: number, steps: StepRates): void
	/** Ends a pulse, whatever is left. */
	stop(): void
}

export interface PulserDeps {
	readonly timers: Timers
	readonly local: () => number
	readonly commands: Commands
	readonly sensor: Sensor
	/** The person's own; 0 without one. */
	readonly toleranceMs: () => number
}

export const createPulser = ({ timers, local, commands, sensor, toleranceMs }: PulserDeps): Pulser => {
	let lossMs = PULSE_LOSS_MS
	let running: { readonly base: number; readonly isPitchKept: boolean; readonly errorMs: number } | null =
		null
	let restsUntilMs = -Infinity
	/** What is left after the last pulse has not been seen yet. */
	let hasToLearn = false
	let cancel: () => void = () => undefined

	const finish = (): void => {
		if (running === null) return
		commands.setRate(running.base, running.isPitchKept)
		running = null
		restsUntilMs = local() + PULSE_REST_MS
		// Only words about the time after the rest count.
		sensor.clear(restsUntilMs)
	}
	return {
		isActive: () => running !== null || local() < restsUntilMs,
		errorMs: () => (running === null ? null : running.errorMs),
		consider(errorMs, rate, steps) {
			if (running !== null) return
			if (hasToLearn && steps.base === rate) lossMs = learnLoss(lossMs, errorMs)
			hasToLearn = false
			if (Math.abs(errorMs) <= toleranceMs()) return
			const pulse = decidePulse({ errorMs, rate, steps, lossMs })
			if (pulse === null) return
			running = { base: steps.base, isPitchKept: rate !== 1, errorMs }
			hasToLearn = true
			commands.setRate(pulse.rate, true)
			cancel = atMoment(timers, local, local() + pulse.forMs, finish)
		},
		stop() {
			cancel()
			finish()
			hasToLearn = false
			restsUntilMs = -Infinity
		},
	}
}
