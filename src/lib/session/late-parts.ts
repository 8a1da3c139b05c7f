/**
 * When the parts of an open room are fetched that nobody misses in its first seconds: late enough to leave the line to
 * what is on the screen, early enough that they are there when the server goes away.
 */
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Transport } from '#lib/transport/transport.ts'

export const LATE_MS: Millis = 8_000
const SIGNS = ['pointerdown', 'keydown'] as const

/** Runs `fn` once: when the person first touches the page, at the latest after eight seconds. Returns its undo. */
export const atFirstTouch = (page: EventTarget, timers: Timers, fn: () => void): (() => void) => {
	const stop = () => {
		cancel()
		for (const sign of SIGNS) page.removeEventListener(sign, now, { capture: true })
	}
	const now = () => {
		stop()
		fn()
	}
	const cancel = timers.after(LATE_MS, now)
	for (const sign of SIGNS) page.addEventListener(sign, now, { capture: true })
	return stop
}

/** `load`, put off until there has been a link for eight seconds; where there never is one, it never runs. */
export const afterFirstLink =
	<T>(transport: Pick<Transport, 'on'>, timers: Timers, load: () => Promise<T>) =>
	(): Promise<T> =>
		new Promise((resolve, reject) => {
			const off = transport.on(({ type }) => {
				if (type !== 'peer-up') return
				off()
				timers.after(LATE_MS, () => {
					load().then(resolve, reject)
				})
			})
		})
