/**
 * What a part of a page costs its main thread, by the browser's own profiler.
 */
import type { CDPSession, Page } from '@playwright/test'
import { wait } from './sync/pair.ts'

interface ProfileNode {
	readonly id: number
	readonly callFrame: { readonly functionName: string; readonly url: string }
	readonly children?: readonly number[]
}

export interface PartCost {
	/** Microseconds, of all that ran below the part. */
	readonly insideUs: number
	/** Microseconds that were looked at. */
	readonly wholeUs: number
	/** False where the part was never seen. */
	readonly wasSeen: boolean
}

/** Looks at `page` for `forMs`, every `sampleUs`; `isPart` names the calls at the part's roots. */
export const measurePart = async (
	page: Page,
	forMs: number,
	sampleUs: number,
	isPart: (frame: ProfileNode['callFrame']) => boolean,
): Promise<PartCost> => {
	const cdp: CDPSession = await page.context().newCDPSession(page)
	await cdp.send('Profiler.enable')
	await cdp.send('Profiler.setSamplingInterval', { interval: sampleUs })
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
	for (const { id, callFrame } of nodes.values()) if (isPart(callFrame)) enter(id)
	const deltas = profile.timeDeltas ?? []
	// A delta stands before its sample: the time until the next one belongs to it.
	const insideUs = (profile.samples ?? []).reduce(
		(sum, id, i) => sum + (inside.has(id) ? (deltas[i + 1] ?? 0) : 0),
		0,
	)
	return { insideUs, wholeUs: profile.endTime - profile.startTime, wasSeen: inside.size > 0 }
}
