/**
 * What the extension's script costs a page's main thread, by the browser's own profiler, and how much there is of it.
 */
import type { Page } from '@playwright/test'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { measurePart } from '../profile.ts'

const SAMPLE_US = 100
const FRAMES_PER_S = 60

/** Milliseconds for each frame at 60 a second of all that runs below the script of `origin`. */
export const measureCost = async (page: Page, origin: string, forMs: number): Promise<number> => {
	const { insideUs, wholeUs } = await measurePart(page, forMs, SAMPLE_US, ({ url }) => url.startsWith(origin))
	return insideUs / 1000 / ((wholeUs / 1e6) * FRAMES_PER_S)
}

/** KB that the script in the page is, compressed. */
export const scriptKb = (built: string): number =>
	gzipSync(readFileSync(join(built, 'page.js')), { level: 9 }).length / 1000

/** KB of each zip that was made, by its name. */
export const zipsKb = (folder: string): Record<string, number> =>
	Object.fromEntries(
		readdirSync(folder)
			.filter((name) => /-(?:chrome|firefox)\.zip$/.test(name))
			.map((name) => [name, statSync(join(folder, name)).size / 1000]),
	)
