/**
 * Loading a frame anew, as the one thing that can be done to a player that hears nothing: commands given in one go, or
 * too soon after each other, become one load; how long loads take is all that can be measured. It knows no site.
 */
import type { Millis } from '#lib/core/units.ts'
import type { EmbedDeps } from './embed-frame.ts'
import type { EmbedShell } from './embed-shell.ts'

export interface Loads {
	/** Loads soon. The address is asked for at the last moment, since what plays goes on meanwhile. */
	request(): void
	/** What was asked for and has not begun is forgotten. */
	forget(): void
	/** Asked for, or on its way. */
	isBusy(): boolean
	/** Loads begun, the first one included. */
	count(): number
	/** From the beginning of the last whole load to its frame's `load` event; null before the first. */
	lastMs(): Millis | null
}

/** A frame that takes longer never comes. */
export const LOAD_MAX_MS = 15_000
/** Somebody drags along the bar: not each place is worth a load. */
const LEAST_BETWEEN_MS = 400
/** Somebody, or a fault, drives the room to and fro: the site must not be flooded for it. */
const BUSY_WINDOW_MS = 10_000
const BUSY_LOADS = 6
const BUSY_BETWEEN_MS = 2_000

export const createLoads = (
	shell: EmbedShell,
	options: {
		readonly address: () => string
		readonly onLoaded: () => void
		/** No `load` event in time; `isFirst`: there never was one. */
		readonly onSilent: (isFirst: boolean) => void
	},
	deps: Pick<EmbedDeps, 'local'>,
): Loads => {
	const { local } = deps
	/** When the last ones began. */
	let begun: readonly Millis[] = [local()]
	let count = 1
	let lastMs: Millis | null = null
	let isLoading = true
	let isAsked = false
	let cancelSoon: () => void = () => undefined
	let cancelWatch: () => void = () => undefined

	const watch = (): void => {
		cancelWatch()
		cancelWatch = shell.after(LOAD_MAX_MS, () => options.onSilent(lastMs === null))
	}
	const go = (): void => {
		if (!isAsked || shell.isOver()) return
		isAsked = false
		begun = [...begun.slice(1 - BUSY_LOADS), local()]
		count += 1
		isLoading = true
		watch()
		shell.frame.navigate(options.address())
	}
	const waitMs = (): number => {
		const nowMs = local()
		const lastAtMs = begun.at(-1) ?? -Infinity
		const isBusy = begun.length >= BUSY_LOADS && nowMs - (begun[0] ?? -Infinity) < BUSY_WINDOW_MS
		return lastAtMs + (isBusy ? BUSY_BETWEEN_MS : LEAST_BETWEEN_MS) - nowMs
	}
	shell.frame.onLoad(() => {
		// The site may go elsewhere in its own frame, which is no load of ours.
		if (!isLoading || shell.isOver()) return
		isLoading = false
		cancelWatch()
		lastMs = local() - (begun.at(-1) ?? local())
		// What is asked for already makes this one worthless.
		if (!isAsked) options.onLoaded()
	})
	watch()
	return {
		request() {
			if (isAsked) return
			isAsked = true
			// A task's commands are all given before it: no timer, which a hidden page would hold back.
			queueMicrotask(() => {
				if (!isAsked) return
				const ms = waitMs()
				if (ms > 0) cancelSoon = shell.after(ms, go)
				else go()
			})
		},
		forget() {
			isAsked = false
			cancelSoon()
		},
		isBusy: () => isAsked || isLoading,
		count: () => count,
		lastMs: () => lastMs,
	}
}
