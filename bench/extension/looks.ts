/**
 * Looks at two films every 20 ms by the machine's own clock: the one on the site's page and the one of the web app.
 */
import type { Page } from '@playwright/test'
import { toLooks, type Look } from '../sync/readings.ts'

type Rows = typeof globalThis & { benchRows: number[] }

const EVERY_MS = 20

/** From now on; the page must not be loaded anew meanwhile. */
export const startLooking = (page: Page, selector: string): Promise<void> =>
	page.evaluate(
		([wanted, everyMs]) => {
			const rows: number[] = []
			;(globalThis as Rows).benchRows = rows
			setInterval(() => {
				const video = document.querySelector<HTMLVideoElement>(wanted)
				if (video === null) return
				const isGood = !video.paused && !video.seeking && video.readyState >= 3
				rows.push(
					performance.timeOrigin + performance.now(),
					video.currentTime * 1000,
					isGood ? 1 : 0,
					NaN,
					video.playbackRate,
				)
			}, everyMs)
		},
		[selector, EVERY_MS] as const,
	)

export const readLooks = async (page: Page): Promise<Look[]> =>
	toLooks(await page.evaluate(() => (globalThis as Rows).benchRows))
