/**
 * Stands where the app takes its follow loop from, in the rig's build only: hands the app the production loop, or a
 * rival's rule in its place, under the same clock and the same player, and tells the probe what the room wants.
 */
import { createFollower as createOurs } from 'rig:follow'
import type { Follower, FollowDeps } from '#lib/follow/follower.ts'
import { rivals } from '../rivals/rivals.ts'
import type { RigWindow } from './rig.ts'

/** The name by which the profiler finds what the loop costs. */
const named = (fn: () => void): (() => void) => {
	const rigFollowTask = () => fn()
	return rigFollowTask
}

// Whatever else the app takes from there stays as it is.
export * from 'rig:follow'

const IDLE = {
	start: () => undefined,
	vectorChanged: () => undefined,
	reset: () => undefined,
	dispose: () => undefined,
}

export const createFollower = (deps: FollowDeps): Follower => {
	const { rig } = globalThis as RigWindow
	const ours = () =>
		createOurs({ ...deps, timers: { ...deps.timers, after: (ms, fn) => deps.timers.after(ms, named(fn)) } })
	const make = (rule: string): Follower => {
		if (rule === 'ours') return ours()
		// Nothing at all, to see what the page costs without a loop.
		if (rule === 'none') return { ...ours(), ...IDLE }
		const rival = rivals[rule]
		if (rival === undefined) throw new Error(`no rule ${rule}`)
		return rival.create(deps)
	}
	let inner = make(rig.rule)
	let isStarted = false
	rig.tap = {
		xMs: () => deps.roomNow() - rig.trueNow(),
		vector: deps.getVector,
		use(rule) {
			rig.rule = rule
			inner.dispose()
			inner = make(rule)
			if (isStarted) inner.start()
		},
	}
	const forward = {
		start() {
			isStarted = true
			inner.start()
		},
	}
	// Whatever the port has, now or later, goes to the loop of the moment.
	return new Proxy(forward as Follower, {
		get: (own, name: keyof Follower) =>
			name === 'start'
				? own.start.bind(own)
				: (...parts: []) => (inner[name] as (...p: []) => unknown)(...parts),
	})
}
