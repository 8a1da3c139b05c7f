/**
 * What the extension's script costs a page's main thread, by the browser's own profiler, and how much there is of it.
 */
import type { Page } from '@playwright/test'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { wait } from '../sync/pair.ts'

const SAMPLE_US = 100
const FRAMES_PER_S = 60

interface ProfileNode {
	readonly id: number
	readonly callFrame: { readonly url: string }
	readonly children?: readonly number[]
}

/** Milliseconds for each frame at 60 a second of all that runs below the script of `origin`. */
export const measureCost = async (page: Page, origin: string, forMs: number): Promise<number> => {
	const cdp = await page.context().newCDPSession(page)
	await cdp.send('Profiler.enable')
	await cdp.send('Profiler.setSamplingInterval', { interval: SAMPLE_US })
	await cdp.send('Profiler.start')
	await wait(forMs)
	const { profile } = await cdp.send('Profiler.stop')
	await cdp.detach()
	const nodes = new Map((profile.nodes as ProfileNode[]).map((node) => [node.id, node]))
	const inside = new Set<number>()
	const enter = (id: number): void => {
		inside.add(id)
		for (const child of nodes.get(id)?.children ?? []) enter(child)
	}
	for (const { id, callFrame } of nodes.values()) if (callFrame.url.startsWith(origin)) enter(id)
	const deltas = profile.timeDeltas ?? []
	// A delta stands before its sample: the time until the next one belongs to it.
	const insideUs = (profile.samples ?? []).reduce(
		(sum, id, i) => sum + (inside.has(id) ? (deltas[i + 1] ?? 0) : 0),
		0,
	)
	const frames = ((profile.endTime - profile.startTime) / 1e6) * FRAMES_PER_S
	return insideUs / 1000 / frames
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
