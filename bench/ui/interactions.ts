/**
 * How soon the page answers a touch: the Event Timing API's durations, from the touch to the next paint, as Google's
 * Interaction to Next Paint counts them (the longest event of each interaction).
 */
import { performance } from 'node:perf_hooks'
import type { Page } from 'playwright-core'

/** The API tells of no event shorter than this. */
const TOLD_FROM_MS = 16

/** For the browser's own bars around the page. */
const BARS_PX = 300

/**
 * A window without a screen is no larger than the page is said to be, bars and all: what stands at the page's lower
 * end is painted, but never shown, and an interaction that changes nothing else waits for its next paint until
 * something further up moves. Seconds are told for what takes 20 ms.
 */
const showWhole = async (page: Page): Promise<void> => {
	const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 }
	const cdp = await page.context().newCDPSession(page)
	const { windowId } = await cdp.send('Browser.getWindowForTarget')
	const bounds = { width: width + BARS_PX, height: height + BARS_PX }
	await cdp.send('Browser.setWindowBounds', { windowId, bounds })
	await cdp.detach()
}

export const watchInteractions = async (page: Page): Promise<() => Promise<readonly number[]>> => {
	await showWhole(page)
	await page.evaluate((durationThreshold) => {
		const longest = new Map<number, number>()
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
				if (entry.interactionId > 0)
					longest.set(entry.interactionId, Math.max(longest.get(entry.interactionId) ?? 0, entry.duration))
		}).observe({ type: 'event', durationThreshold } as PerformanceObserverInit)
		Object.assign(globalThis, {
			takeInteractions: () => {
				const durations = [...longest.values()]
				longest.clear()
				return durations
			},
		})
	}, TOLD_FROM_MS)
	return () =>
		page.evaluate(() => (globalThis as unknown as { takeInteractions: () => number[] }).takeInteractions())
}

export interface Told {
	readonly name: string
	readonly count: number
	/** Of those not told, which took less than 16 ms, 16 is taken. */
	readonly p75Ms: number
	readonly worstMs: number
}

export const quantile = (values: readonly number[], q: number): number =>
	values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN

const REST_MS = 400

/** `act` is one interaction; done `count` times. */
export const measure = async (
	page: Page,
	take: () => Promise<readonly number[]>,
	name: string,
	count: number,
	act: (n: number) => Promise<unknown>,
): Promise<Told & { readonly all: readonly number[] }> => {
	await page.waitForTimeout(REST_MS)
	await take()
	const beganMs = performance.now()
	for (let n = 0; n < count; n++) {
		await act(n)
		await page.waitForTimeout(60)
	}
	await page.waitForTimeout(REST_MS)
	const told = await take()
	const all = [...told, ...Array.from({ length: Math.max(0, count - told.length) }, () => TOLD_FROM_MS)]
	console.log(`  ${name}: ${String(count)} in ${((performance.now() - beganMs) / 1000).toFixed(1)} s`)
	return { name, count, p75Ms: quantile(all, 0.75), worstMs: Math.max(...all), all }
}
