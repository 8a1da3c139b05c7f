/**
 * What the follow loop costs: the share of one core, by the browser's own profiler, of everything that runs below the
 * loop's timers (its reading of the player included).
 */
import type { Person } from '../../tests/support/person.ts'
import { wait } from './pair.ts'

const TASK = 'rigFollowTask'
const SAMPLE_US = 200

interface ProfileNode {
	readonly id: number
	readonly callFrame: { readonly functionName: string }
	readonly children?: readonly number[]
}

export const measureFollowCpu = async ({ page, context }: Person, forMs: number): Promise<number> => {
	const cdp = await context.newCDPSession(page)
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
	for (const { id, callFrame } of nodes.values()) if (callFrame.functionName === TASK) enter(id)
	if (inside.size === 0) throw new Error('the profile does not show the follow loop')
	let insideUs = 0
	const samples = profile.samples ?? []
	const deltas = profile.timeDeltas ?? []
	// A delta stands before its sample: the time until the next one belongs to it.
	samples.forEach((id, i) => {
		if (inside.has(id)) insideUs += deltas[i + 1] ?? 0
	})
	return (insideUs / (profile.endTime - profile.startTime)) * 100
}
