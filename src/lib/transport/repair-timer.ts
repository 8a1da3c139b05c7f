/**
 * When a mesh looks after its links: once a second, and soon after something has changed, once for all changes of a
 * moment.
 */
import type { Millis } from '#lib/core/units.ts'
import type { TimerHandle, Timers } from './timers.ts'

export const TICK_MS: Millis = 1_000

export interface RepairTimer {
	/** The first tick is a second away. */
	start(): void
	/** When the caller has gone on, or that much later. */
	soon(delayMs?: Millis): void
	/** Idempotent; nothing runs after it. */
	stop(): void
}

export const createRepairTimer = (timers: Timers, repair: () => void, tick: () => void): RepairTimer => {
	let ticker: TimerHandle = null
	let poke: TimerHandle = null
	let isStopped = false
	const start = () => {
		ticker = timers.setTimeout(() => {
			start()
			tick()
		}, TICK_MS)
	}
	return {
		start,
		soon: (delayMs = 0) => {
			if (isStopped) return
			poke ??= timers.setTimeout(() => {
				poke = null
				repair()
			}, delayMs)
		},
		stop: () => {
			isStopped = true
			timers.clearTimeout(ticker)
			timers.clearTimeout(poke)
		},
	}
}
