/**
 * Clock probes to the server: a fast burst to find its time, then a steady pace. Four stamps each; what to make of
 * them is the room clock's business.
 */
import type { Millis } from '#lib/core/units.ts'
import type { TimerHandle, Timers } from './timers.ts'

export interface ClockSample {
	/** Sent and received here, by local time; received and sent there, by theirs. */
	readonly t0: Millis
	readonly t1: Millis
	readonly t2: Millis
	readonly t3: Millis
}

const BURST_COUNT = 16
const BURST_EVERY_MS: Millis = 40
const STEADY_EVERY_MS: Millis = 2_000
/** Unanswered ones kept; older answers say nothing useful. */
const OPEN_MAX = 64
const IDS = 2 ** 32

export interface ClockProbesDeps {
	readonly timers: Timers
	readonly localNowMs: () => Millis
	readonly send: (ping: { readonly id: number; readonly t0: Millis }) => void
	readonly onSample: (sample: ClockSample) => void
}

export interface ClockProbes {
	/** A burst, then the steady pace. */
	start(): void
	stop(): void
	/** It went out at `t0` really, not when it was asked for. */
	sent(id: number, t0: Millis): void
	/** `t3`: when it came, where that is known better than by now. */
	answered(
		pong: { readonly id: number; readonly t0: Millis; readonly t1: Millis; readonly t2: Millis },
		t3?: Millis,
	): void
	/** One more, out of turn. */
	once(): void
	setInterval(everyMs: Millis, burst?: 'burst'): void
	everyMs(): Millis
}

export const createClockProbes = (deps: ClockProbesDeps): ClockProbes => {
	const open = new Map<number, Millis>()
	let everyMs = STEADY_EVERY_MS
	let burstLeft = 0
	let nextId = 0
	let isRunning = false
	let timer: TimerHandle = null

	const ask = () => {
		const t0 = deps.localNowMs()
		const id = nextId
		nextId = (nextId + 1) % IDS
		open.set(id, t0)
		if (open.size > OPEN_MAX)
			for (const oldest of open.keys()) {
				open.delete(oldest)
				break
			}
		deps.send({ id, t0 })
	}
	const probe = () => {
		if (burstLeft > 0) burstLeft--
		schedule()
		ask() // last: it may stop the probes
	}
	const schedule = () => {
		deps.timers.clearTimeout(timer)
		if (isRunning) timer = deps.timers.setTimeout(probe, burstLeft > 0 ? BURST_EVERY_MS : everyMs)
	}

	return {
		start: () => {
			isRunning = true
			burstLeft = BURST_COUNT
			probe()
		},
		stop: () => {
			isRunning = false
			deps.timers.clearTimeout(timer)
			open.clear()
		},
		sent: (id, t0) => {
			if (open.has(id)) open.set(id, t0)
		},
		answered: ({ id, t0, t1, t2 }, t3 = deps.localNowMs()) => {
			if (open.get(id) !== t0) return // not ours, or answered before
			open.delete(id)
			deps.onSample({ t0, t1, t2, t3 })
		},
		once: ask,
		setInterval: (nextEveryMs, burst) => {
			everyMs = nextEveryMs
			if (burst !== undefined) burstLeft = BURST_COUNT
			schedule()
		},
		everyMs: () => everyMs,
	}
}
