/**
 * The room's clock: our monotonic clock plus a correction that moves towards what the neighbours say. No master;
 * the server is one more node. It says when a probe is due; sending and answering are the carriers' business.
 */
import { createOffsetEstimator, type OffsetEstimator, type ProbeStamps } from './offset.ts'

export interface RoomClockDeps {
	/** performance.timeOrigin + performance.now(): never steps. */
	readonly local: () => number
	/** Date.now(), only to notice that the machine slept. */
	readonly wall: () => number
}

export interface RoomClockQuality {
	/** Neighbours whose clock is known. */
	readonly nodes: number
	/** Of the best neighbour; null with nobody to compare with. */
	readonly errorMs: number | null
	/** The largest over all neighbours. */
	readonly oneWayP95Ms: number
	/** Our correction against what the neighbours want, in milliseconds. */
	readonly offByMs: number
	readonly isJoining: boolean
}

export interface RoomClock {
	/** Room time in milliseconds, near Unix time. */
	nowMs(): number
	/** What to send along with answers; null while we have only just joined and must not pull others. */
	correctionMs(): number | null
	addNode(id: string): void
	removeNode(id: string): void
	/** Nodes to be probed now; each is returned once per due time. Idle: paused or hidden. Call it about every 40 ms. */
	probesDue(isIdle: boolean): readonly string[]
	/** An answer. `theirCorrectionMs`: as they sent it, null while they are joining; 0 for the server. */
	answered(id: string, stamps: ProbeStamps, theirCorrectionMs: number | null): void
	/** Moves the clock, at most once a second however often it is called. True if it jumped after a sleep. */
	step(isPlaying: boolean): boolean
	rttMs(id: string): number | null
	quality(): RoomClockQuality
}

interface Node {
	readonly estimator: OffsetEstimator
	correctionMs: number | null
	/** Heard since our last move. */
	isFresh: boolean
	sent: number
	nextProbeMs: number
}

const BURST = 16
const BURST_INTERVAL_MS = 40
const PROBE_INTERVAL_MS = 2_000
const IDLE_PROBE_INTERVAL_MS = 10_000
const STEP_INTERVAL_MS = 1_000
/** 0.5 ms a second: far below what the follow loop notices. */
const SLEW_PER_MS = 500 / 1e6
const STEP_OVER_MS = 20
const JOIN_MS = 2_000
/** Before that many answers a joiner does not adopt. */
const ADOPT_SAMPLES = 4
const SLEPT_MS = 100

export const createRoomClock = (deps: RoomClockDeps): RoomClock => {
	const nodes = new Map<string, Node>()
	let base = 0
	let slew: { readonly fromMs: number; readonly toMs: number; readonly sinceMs: number } | null = null
	let joiningUntilMs = deps.local() + JOIN_MS
	let hasAdopted = false
	let lastStepMs = -Infinity
	let lastLocalMs = deps.local()
	let lastWallMs = deps.wall()
	let offByMs = 0

	const correctionAt = (localMs: number): number => {
		if (!slew) return base
		const wayMs = slew.toMs - slew.fromMs
		const doneMs = Math.min(Math.abs(wayMs), (localMs - slew.sinceMs) * SLEW_PER_MS)
		return slew.fromMs + Math.sign(wayMs) * doneMs
	}
	const setTo = (correction: number): void => {
		base = correction
		slew = null
	}

	/** The weighted mean of what the neighbours make of room time, as a correction to our own clock. */
	const wanted = (localMs: number, minSamples: number): number | null => {
		let sum = 0
		let weights = 0
		for (const { estimator, correctionMs } of nodes.values()) {
			const estimate = estimator.estimate(localMs)
			if (!estimate || correctionMs === null || estimate.samples < minSamples) continue
			const weight = 1 / (estimate.rttMs / 2 + 0.5) ** 2
			sum += weight * (correctionMs + estimate.offsetMs)
			weights += weight
		}
		return weights === 0 ? null : sum / weights
	}

	const adopt = (localMs: number): void => {
		const want = wanted(localMs, ADOPT_SAMPLES)
		if (want === null) return
		setTo(want)
		hasAdopted = true
	}

	const startOver = (localMs: number): void => {
		setTo(correctionAt(localMs))
		hasAdopted = false
		joiningUntilMs = localMs + JOIN_MS
		for (const node of nodes.values()) {
			node.estimator.reset()
			node.sent = 0
			node.nextProbeMs = localMs
		}
	}

	return {
		nowMs() {
			const localMs = deps.local()
			return localMs + correctionAt(localMs)
		},
		correctionMs() {
			const localMs = deps.local()
			return localMs < joiningUntilMs ? null : correctionAt(localMs)
		},
		addNode(id) {
			if (nodes.has(id)) return
			nodes.set(id, {
				estimator: createOffsetEstimator(),
				correctionMs: null,
				isFresh: false,
				sent: 0,
				nextProbeMs: deps.local(),
			})
		},
		removeNode: (id) => void nodes.delete(id),
		probesDue(isIdle) {
			const localMs = deps.local()
			const due: string[] = []
			for (const [id, node] of nodes) {
				if (localMs < node.nextProbeMs) continue
				due.push(id)
				node.sent += 1
				const calmMs = isIdle ? IDLE_PROBE_INTERVAL_MS : PROBE_INTERVAL_MS
				node.nextProbeMs = localMs + (node.sent < BURST ? BURST_INTERVAL_MS : calmMs)
			}
			return due
		},
		answered(id, stamps, theirCorrectionMs) {
			const node = nodes.get(id)
			if (!node || !node.estimator.add(stamps)) return
			node.isFresh = true
			if (theirCorrectionMs === null || Number.isFinite(theirCorrectionMs))
				node.correctionMs = theirCorrectionMs
			// A joiner takes the room's time as soon as it can be known, not at the next full second.
			if (!hasAdopted && deps.local() < joiningUntilMs) adopt(deps.local())
		},
		step(isPlaying) {
			const localMs = deps.local()
			if (localMs - lastStepMs < STEP_INTERVAL_MS) return false
			lastStepMs = localMs
			const wallMs = deps.wall()
			const hasSlept = Math.abs(wallMs - lastWallMs - (localMs - lastLocalMs)) > SLEPT_MS
			lastLocalMs = localMs
			lastWallMs = wallMs
			if (hasSlept) {
				startOver(localMs)
				return true
			}
			if (localMs < joiningUntilMs) {
				adopt(localMs)
				return false
			}
			const want = wanted(localMs, 1)
			if (want === null) return false
			const now = correctionAt(localMs)
			offByMs = want - now
			// They move too: going by what they said before our last move would overshoot.
			const known = [...nodes.values()].filter(({ correctionMs }) => correctionMs !== null)
			if (known.filter(({ isFresh }) => isFresh).length * 2 < known.length) return false
			for (const node of known) node.isFresh = false
			// Half-way, because the neighbours come to meet us.
			const toMs = now + 0.5 * offByMs
			if (Math.abs(offByMs) > STEP_OVER_MS) for (const node of known) node.nextProbeMs = localMs
			if (!isPlaying || Math.abs(offByMs) > STEP_OVER_MS) setTo(toMs)
			else slew = { fromMs: now, toMs, sinceMs: localMs }
			return false
		},
		rttMs: (id) => nodes.get(id)?.estimator.estimate(deps.local())?.rttMs ?? null,
		quality() {
			const localMs = deps.local()
			const estimates = [...nodes.values()].flatMap(({ estimator }) => estimator.estimate(localMs) ?? [])
			return {
				nodes: estimates.length,
				errorMs: estimates.length === 0 ? null : Math.min(...estimates.map(({ errorMs }) => errorMs)),
				oneWayP95Ms: Math.max(0, ...estimates.map(({ oneWayP95Ms }) => oneWayP95Ms)),
				offByMs,
				isJoining: localMs < joiningUntilMs,
			}
		},
	}
}
