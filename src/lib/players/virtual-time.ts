/**
 * Time that moves only when told to: a clock and timers for simulations. Timers due at one moment run in the order
 * they were set; promises settle between them.
 */
export interface VirtualTime {
	readonly now: () => number
	readonly after: (ms: number, fn: () => void) => () => void
	/** Runs everything due in the next `ms`. */
	advance(ms: number): Promise<void>
}

interface Timer {
	readonly atMs: number
	readonly order: number
	readonly fn: () => void
}

export const createVirtualTime = (startMs = 1_000_000): VirtualTime => {
	let nowMs = startMs
	let order = 0
	const timers = new Set<Timer>()
	const soonest = (untilMs: number): Timer | null => {
		let first: Timer | null = null
		for (const timer of timers)
			if (
				timer.atMs <= untilMs &&
				(!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order))
			)
				first = timer
		return first
	}
	return {
		now: () => nowMs,
		after(ms, fn) {
			const timer = { atMs: nowMs + Math.max(0, ms), order: order++, fn }
			timers.add(timer)
			return () => timers.delete(timer)
		},
		async advance(ms) {
			const untilMs = nowMs + ms
			for (;;) {
				const timer = soonest(untilMs)
				if (!timer) break
				timers.delete(timer)
				nowMs = Math.max(nowMs, timer.atMs)
				timer.fn()
				await Promise.resolve()
			}
			nowMs = untilMs
			await Promise.resolve()
		},
	}
}
