/**
 * The room's clock: our monotonic clock plus a correction that moves towards what the neighbours say. No master;
 * the server is one more node. Who has agreed on a time has an epoch (clock-epoch.ts); where two meet, one stays. It
 * says when a probe is due; sending and answering are the carriers' business.
 */
import {
	chooseEpoch,
	epochBornAt,
	membersToTell,
	NO_EPOCH,
	type Epoch,
	type EpochWord,
} from './clock-epoch.ts'
import { combineVotes, type ClockVote, type CombineVotes } from './clock-vote.ts'
import { createOffsetEstimator, type OffsetEstimator, type ProbeStamps } from './offset.ts'

export interface RoomClockDeps {
	/** performance.timeOrigin + performance.now(): never steps. */
	readonly local: () => number
	/** Date.now(), only to notice that the machine slept. */
	readonly wall: () => number
	/** Members known to be in the room, ourselves among them: the bound of what a neighbour may claim. */
	readonly present?: () => number
	/**
	 * Other members whose clocks should be heard soon; null while that is not known, 0 for nobody. The server's time is
	 * not the room's as long as one of them may keep to another. Left out: nobody is waited for.
	 */
	readonly expected?: () => number | null
	/** For comparisons; the app uses `combineVotes`. */
	readonly combine?: CombineVotes
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
	/** Room time was learned from somebody, the server among them. */
	readonly isKnown: boolean
	/** The agreement on room time that we keep to; 0 while joining. */
	readonly epoch: Epoch
}

/** What goes with an answer, and comes with others'. */
export interface ClockWord {
	/** Room time minus local time; null while joining or on the way to another agreement: it must not pull others. */
	readonly correctionMs: number | null
	readonly epoch: Epoch
	readonly members: number
}

/** What the server's answers say: its clock is as good as a room's, and it keeps to no agreement. */
export const SERVER_WORD: ClockWord = { correctionMs: 0, epoch: NO_EPOCH, members: 0 }

export type ClockNodeKind = 'member' | 'own-tab' | 'server'

export interface RoomClock {
	/** Room time in milliseconds, near Unix time. */
	nowMs(): number
	/** What to send along with answers. */
	word(): ClockWord
	addNode(id: string, kind?: ClockNodeKind): void
	removeNode(id: string): void
	/**
	 * Nodes to be probed now; each is returned once per due time. Idle: paused or hidden. Call it about every 40 ms.
	 * The server is probed by its socket, and named here only when it has to be asked anew.
	 */
	probesDue(isIdle: boolean): readonly string[]
	/** An answer, with what it says of the one who gave it. */
	answered(id: string, stamps: ProbeStamps, word: ClockWord): void
	/** Moves the clock, at most once a second however often it is called. True if it jumped: judge players anew. */
	step(isPlaying: boolean): boolean
	/**
	 * Something is dated by our time from now on: nobody is waited for any longer, and the server, alone with another
	 * time, does not lead us back past what was written. Idempotent.
	 */
	settle(): void
	rttMs(id: string): number | null
	quality(): RoomClockQuality
}

interface Node {
	readonly kind: ClockNodeKind
	readonly estimator: OffsetEstimator
	word: ClockWord | null
	/** Heard since our last move. */
	isFresh: boolean
	/** Its clock has jumped: until then it has no say. */
	doubtedUntilMs: number
	sent: number
	nextProbeMs: number
}

const BURST = 16
const BURST_INTERVAL_MS = 40
/** Between the first ones: a joiner waits for their answers. */
const FIRST_INTERVAL_MS = 10
const PROBE_INTERVAL_MS = 2_000
const IDLE_PROBE_INTERVAL_MS = 10_000
const STEP_INTERVAL_MS = 1_000
/** 0.5 ms a second: far below what the follow loop notices. */
const SLEW_PER_MS = 500 / 1e6
const STEP_OVER_MS = 20
/** In the long run nobody is led away from their own quartz faster than this: two of ±100 ppm, and something over. */
const TREND_PER_MS = 250 / 1e6
const TREND_SLACK_MS = 10
const JOIN_MS = 2_000
/** So long a joiner waits for members that the server's roster shows and no link reaches. */
const REACH_MS = 5_000
/** And so long for the roster. */
const ROSTER_MS = 8_000
/** Before that many answers a joiner does not adopt. */
const ADOPT_SAMPLES = 4
/** Another agreement must have been the better one for so long; links come up one by one when groups meet. */
const RIVAL_HOLD_MS = 2_000
/** Arrived at another agreement's time. */
const ARRIVED_MS = 2
const SLEPT_MS = 100
/** Answers that show that only the wall clock was set; and how long they are waited for. */
const CLEARING_ANSWERS = 3
const SUSPECT_MS = 3_000
/** Not called for so long: the page was frozen, and samples are as old. */
const FROZEN_MS = 10_000
/** Somebody whose clock has jumped may not know it yet. */
const DOUBT_MS = 2_000

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

export const createRoomClock = (deps: RoomClockDeps): RoomClock => {
	const nodes = new Map<string, Node>()
	const combine = deps.combine ?? combineVotes
	const expected = () => (deps.expected === undefined ? 0 : deps.expected())
	const present = () => Math.max(nodes.size + 1, deps.present?.() ?? 0)
	let base = 0
	let slew: { readonly fromMs: number; readonly toMs: number; readonly sinceMs: number } | null = null
	let epoch: Epoch = NO_EPOCH
	let rival: { readonly epoch: Epoch; readonly sinceMs: number } | null = null
	/** On the way to the time of an agreement that we have gone over to. */
	let isMoving = false
	let joiningUntilMs = deps.local() + JOIN_MS
	/** Then the server's time will do, and without it our own. */
	let patientUntilMs = deps.local() + ROSTER_MS
	let hasAdopted = false
	let isSettled = false
	/** Follows the correction no faster than a quartz can be wrong. */
	let anchor = { atMs: deps.local(), correctionMs: 0 }
	/** The wall clock has jumped: asleep, or only set? `fits` counts answers for the latter. */
	let suspicion: { readonly untilMs: number; fits: number } | null = null
	/** Not told yet. */
	let hasJumped = false
	let lastStepMs = -Infinity
	let lastLocalMs = deps.local()
	let lastWallMs = deps.wall()
	let offByMs = 0

	/* ── The correction, and how it moves ─────────────────────────────────────────────────────────────────── */

	const correctionAt = (localMs: number): number => {
		if (!slew) return base
		const wayMs = slew.toMs - slew.fromMs
		const doneMs = Math.min(Math.abs(wayMs), (localMs - slew.sinceMs) * SLEW_PER_MS)
		return slew.fromMs + Math.sign(wayMs) * doneMs
	}
	const setTo = (correctionMs: number, localMs: number): void => {
		base = correctionMs
		slew = null
		anchor = { atMs: localMs, correctionMs }
	}
	/** True if it jumped. */
	const moveBy = (byMs: number, localMs: number, isPlaying: boolean): boolean => {
		const fromMs = correctionAt(localMs)
		if (Math.abs(byMs) > STEP_OVER_MS) {
			setTo(fromMs + byMs, localMs)
			return true
		}
		if (isPlaying) slew = { fromMs, toMs: fromMs + byMs, sinceMs: localMs }
		else {
			base = fromMs + byMs
			slew = null
		}
		return false
	}
	/** `byMs`, as far as our own quartz can be so wrong. */
	const withinTrend = (byMs: number, localMs: number): number => {
		const now = correctionAt(localMs)
		const wayMs = TREND_PER_MS * (localMs - anchor.atMs)
		const correctionMs = anchor.correctionMs + clamp(now - anchor.correctionMs, -wayMs, wayMs)
		anchor = { atMs: localMs, correctionMs }
		return clamp(now + byMs, correctionMs - TREND_SLACK_MS, correctionMs + TREND_SLACK_MS) - now
	}

	/* ── What the neighbours say ──────────────────────────────────────────────────────────────────────────── */

	const epochWords = (): EpochWord[] =>
		[...nodes.values()].flatMap(({ kind, word }) =>
			word === null || word.epoch === NO_EPOCH
				? []
				: [{ epoch: word.epoch, members: word.members, isTrusted: kind === 'own-tab' }],
		)
	const hasSay = ({ kind, word, doubtedUntilMs }: Node, of: Epoch, localMs: number): boolean =>
		word !== null &&
		word.correctionMs !== null &&
		localMs >= doubtedUntilMs &&
		(kind === 'server' || word.epoch === of)
	const votes = (localMs: number, of: Epoch, withServer: boolean, minSamples = 1): ClockVote[] => {
		const now = correctionAt(localMs)
		const heard = [...nodes.values()].filter((node) => hasSay(node, of, localMs))
		// Our own tabs know of the room's time what they have from us.
		const others = heard.filter(({ kind }) => kind !== 'own-tab')
		return (others.length > 0 ? others : heard).flatMap((node) => {
			const isServer = node.kind === 'server'
			if (isServer && !withServer) return []
			const estimate = node.estimator.estimate(localMs)
			if (!estimate || estimate.samples < minSamples) return []
			const offMs = (node.word?.correctionMs ?? 0) + estimate.offsetMs - now
			return [{ offMs, rttMs: estimate.rttMs, isServer }]
		})
	}

	/* ── Joining, founding, going over ────────────────────────────────────────────────────────────────────── */

	const probeAnew = (localMs: number): void => {
		for (const node of nodes.values()) {
			node.sent = 0
			node.nextProbeMs = localMs
		}
	}
	/** Somebody may still tell us of an agreement: all but those who said that they are joining, too. */
	const isAgreementDue = (localMs: number): boolean => {
		const others = expected()
		if (hasAdopted || epoch !== NO_EPOCH || others === 0 || localMs >= patientUntilMs) return false
		const joiners = [...nodes.values()].filter(
			({ kind, word }) => kind === 'member' && word?.epoch === NO_EPOCH,
		)
		return others === null || others > joiners.length
	}
	/** What our own records say must not come to lie in the future. */
	const mayFollowServer = (byMs: number): boolean => !isSettled || byMs >= -STEP_OVER_MS
	/** True if it jumped. */
	const adopt = (localMs: number): boolean => {
		const best = chooseEpoch(epoch, epochWords(), present())
		const members = best === NO_EPOCH ? [] : votes(localMs, best, false, ADOPT_SAMPLES)
		const server = votes(localMs, NO_EPOCH, true, ADOPT_SAMPLES).filter(
			({ isServer, offMs }) => isServer && mayFollowServer(offMs) && !isAgreementDue(localMs),
		)
		const offMs = combine(members.length > 0 ? members : server, false)
		if (offMs === null) return false
		setTo(correctionAt(localMs) + offMs, localMs)
		if (members.length > 0) epoch = best
		hasAdopted = true
		return Math.abs(offMs) > STEP_OVER_MS
	}
	const found = (localMs: number): void => {
		epoch = epochBornAt(localMs + correctionAt(localMs))
	}
	/** Weight 0 from now on, until the room's time is known again. */
	const startOver = (localMs: number): void => {
		setTo(correctionAt(localMs), localMs)
		hasAdopted = isMoving = false
		rival = suspicion = null
		epoch = NO_EPOCH
		joiningUntilMs = localMs + JOIN_MS
		patientUntilMs = localMs + ROSTER_MS
		for (const node of nodes.values()) node.estimator.reset()
		probeAnew(localMs)
		hasJumped = true
	}
	/** Whether another agreement is the better one, and has been for a while. */
	const reviewEpoch = (localMs: number): void => {
		const best = chooseEpoch(epoch, epochWords(), present())
		if (best === epoch) {
			rival = null
			return
		}
		if (rival?.epoch !== best) rival = { epoch: best, sinceMs: localMs }
		const isAlone = ![...nodes.values()].some(({ word }) => word?.epoch === epoch)
		if (!isAlone && localMs - rival.sinceMs < RIVAL_HOLD_MS) return
		if (votes(localMs, best, false, ADOPT_SAMPLES).length === 0) return
		epoch = best
		isMoving = true
		rival = null
	}
	/** All the way to the others' time: they do not come to meet us. True if it jumped. */
	const goOver = (localMs: number, isPlaying: boolean): boolean => {
		const offMs = combine(votes(localMs, epoch, false, ADOPT_SAMPLES), false)
		isMoving = offMs !== null && Math.abs(offMs) > ARRIVED_MS
		offByMs = offMs ?? 0
		return isMoving && moveBy(offByMs, localMs, isPlaying)
	}

	/** Half-way to the middle, because the others come to meet us. True if it jumped. */
	const meet = (localMs: number, isPlaying: boolean): boolean => {
		const known = [...nodes.values()].filter((node) => hasSay(node, epoch, localMs))
		const said = votes(localMs, epoch, true)
		const serverOffMs = said.length === 1 && said[0]?.isServer === true ? said[0].offMs : 0
		const isFree = !isPlaying || (!hasAdopted && !isSettled)
		if (Math.abs(serverOffMs) > STEP_OVER_MS && isFree && expected() === 0 && mayFollowServer(serverOffMs)) {
			// Nobody else to keep to, and nothing that it would disturb.
			setTo(correctionAt(localMs) + serverOffMs, localMs)
			found(localMs)
			hasAdopted = true
			return true
		}
		const offMs = combine(said, true)
		if (offMs === null) return false
		offByMs = offMs
		// They move too: going by what they said before our last move would overshoot.
		if (known.filter(({ isFresh }) => isFresh).length * 2 < known.length) return false
		for (const node of known) node.isFresh = false
		hasAdopted = true
		if (Math.abs(offMs) <= STEP_OVER_MS) return moveBy(withinTrend(offMs / 2, localMs), localMs, isPlaying)
		for (const node of known) node.nextProbeMs = localMs
		// Several who agree do not come to meet one who is alone with his time.
		setTo(correctionAt(localMs) + (said.length > 1 ? offMs : offMs / 2), localMs)
		return true
	}

	/* ── Sleep, and clocks that are set ───────────────────────────────────────────────────────────────────── */

	const didClocksPart = (localMs: number): boolean =>
		Math.abs(deps.wall() - lastWallMs - (localMs - lastLocalMs)) > SLEPT_MS
	const watchClocks = (localMs: number): void => {
		const hasJumped = didClocksPart(localMs)
		const wasFrozen = localMs - lastLocalMs > FROZEN_MS
		lastLocalMs = localMs
		lastWallMs = deps.wall()
		if (hasJumped) suspicion = { untilMs: localMs + SUSPECT_MS, fits: 0 }
		if (hasJumped || wasFrozen) probeAnew(localMs)
	}
	const isJoining = (localMs: number): boolean =>
		localMs < joiningUntilMs || epoch === NO_EPOCH || isMoving || suspicion !== null

	return {
		nowMs() {
			const localMs = deps.local()
			return localMs + correctionAt(localMs)
		},
		word() {
			const localMs = deps.local()
			return {
				// A neighbour may ask before our own next look at the clocks.
				correctionMs: isJoining(localMs) || didClocksPart(localMs) ? null : correctionAt(localMs),
				epoch,
				members: membersToTell(epoch, epochWords(), present()),
			}
		},
		addNode(id, kind = 'member') {
			if (nodes.has(id)) return
			nodes.set(id, {
				kind,
				estimator: createOffsetEstimator(),
				word: null,
				isFresh: false,
				doubtedUntilMs: -Infinity,
				sent: 0,
				nextProbeMs: kind === 'server' ? Infinity : deps.local(),
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
				const calmMs = node.kind === 'server' ? Infinity : isIdle ? IDLE_PROBE_INTERVAL_MS : PROBE_INTERVAL_MS
				const burstMs = node.sent < ADOPT_SAMPLES ? FIRST_INTERVAL_MS : BURST_INTERVAL_MS
				node.nextProbeMs = localMs + (node.sent < BURST ? burstMs : calmMs)
			}
			return due
		},
		answered(id, stamps, word) {
			const localMs = deps.local()
			// Before the answer is weighed: if we slept, it is ours that does not fit.
			if (didClocksPart(localMs)) watchClocks(localMs)
			const node = nodes.get(id)
			const outcome = node?.estimator.add(stamps) ?? 'refused'
			if (node === undefined || outcome === 'refused') return
			if (word.correctionMs === null || Number.isFinite(word.correctionMs)) {
				node.isFresh = true
				node.word = word
			}
			const isFirst = node.estimator.estimate(localMs)?.samples === 1
			if (isFirst && node.kind === 'server') patientUntilMs = Math.min(patientUntilMs, localMs + REACH_MS)
			if (suspicion !== null && outcome === 'contradicts') startOver(localMs)
			else if (suspicion !== null && !isFirst) {
				suspicion.fits += 1
				if (suspicion.fits >= CLEARING_ANSWERS) suspicion = null
			} else if (outcome === 'contradicts') {
				node.doubtedUntilMs = localMs + DOUBT_MS
				node.sent = 0
				node.nextProbeMs = localMs
			}
			// A joiner takes the room's time as soon as it can be known, not at the next full second.
			if (!hasAdopted && epoch === NO_EPOCH && adopt(localMs)) hasJumped = true
		},
		step(isPlaying) {
			const localMs = deps.local()
			if (hasJumped) {
				hasJumped = false
				return true
			}
			if (localMs - lastStepMs < STEP_INTERVAL_MS) return false
			lastStepMs = localMs
			watchClocks(localMs)
			// Nobody could say that it did not.
			if (suspicion !== null && localMs >= suspicion.untilMs) startOver(localMs)
			if (suspicion !== null || hasJumped) return false
			if (localMs < joiningUntilMs || isAgreementDue(localMs)) return adopt(localMs)
			// Nobody told of an agreement in time: the server's word will do.
			const didJump = !hasAdopted && epoch === NO_EPOCH && adopt(localMs)
			reviewEpoch(localMs)
			if (epoch === NO_EPOCH) found(localMs)
			if (didJump) return true
			if (isMoving) return goOver(localMs, isPlaying)
			return meet(localMs, isPlaying)
		},
		settle() {
			isSettled = true
			patientUntilMs = deps.local()
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
				isJoining: isJoining(localMs),
				isKnown: hasAdopted,
				epoch,
			}
		},
	}
}
