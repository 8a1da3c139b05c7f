/**
 * How a link is brought about that should be there: the lower id dials; the higher one waits for that a while, then
 * asks for it.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { SignalMessage } from '#lib/protocol/peer.ts'
import { patientMs } from './lateness.ts'
import { hasFreePlace, hasRoomFor } from './mesh-places.ts'
import { isBanned, mayDirect, saysRelayOnly, type MeshState, type Path } from './mesh-state.ts'
import { drawUnit } from './seeded-random.ts'

/** How long the higher id waits for a dial that both should want, before it asks for it. */
const CALL_PATIENCE_MS: Millis = 1_500
/** A call unheard for this long has failed. */
const CALL_DEADLINE_MS: Millis = 12_000
/** Links asked for in vain for this long: others are tried at random, some each tick, until the wishes are met. */
const EXPLORE_AFTER_MS: Millis = 4_000
const EXPLORE_PER_TICK = 3
/** Nobody more is tried at random while so many that answered are not through: it is a full machine, not ghosts. */
const ANSWERED_MAX = 4
/** Asked in vain so many times, ever fewer are tried. */
const EXPLORE_HASTY_TICKS = 20
const EXPLORE_REST_MAX_MS: Millis = 30_000
/** A tick so much late: this machine has more to do than it can. */
const LATE_MS: Millis = 500
/** Dials and calls of ours under way, besides channels for links that there are. */
const DIALS_MAX = 16

export interface Seeking {
	/** `isMutual`: the other side should want it too. */
	seek(peer: PeerId, isMutual: boolean, path?: Path): void
	/** True when it has asked now. */
	callAfter(peer: PeerId, patienceMs: Millis, path: Path): boolean
	/** Forgets the calls that nobody wishes any more, and those that were not heard. */
	expire(wanted: ReadonlySet<PeerId>): void
	/** Ghosts may hold every place around us: real peers are found by trying anybody. */
	explore(isUnreached: (peer: PeerId) => boolean): void
}

export interface SeekingDeps {
	readonly state: MeshState
	readonly dial: (peer: PeerId, path: Path) => void
	readonly tell: (peer: PeerId, message: SignalMessage) => boolean
}

export const createSeeking = ({ state, dial, tell }: SeekingDeps): Seeking => {
	const { open, attempts, waits, retries, deps } = state
	const nowMs = (): Millis => deps.timers.nowMs()

	const callAfter = (peer: PeerId, patienceMs: Millis, path: Path): boolean => {
		const known = waits.get(peer)
		const wait = known?.path === path ? known : { sinceMs: nowMs(), path, calledAtMs: null }
		waits.set(peer, wait)
		if (wait.calledAtMs !== null || nowMs() - wait.sinceMs < patienceMs) return false
		if (!tell(peer, { type: 'call', ...(path === 'relayed' ? { path } : {}) })) return false
		wait.calledAtMs = nowMs()
		return true
	}

	const underWay = () => {
		let dials = 0
		let answered = 0
		for (const { role, over, didAnswer } of attempts.values()) {
			if (role === 'dial' && over === null) dials++
			if (didAnswer) answered++
		}
		for (const { calledAtMs } of waits.values()) if (calledAtMs !== null) dials++
		return { dials, answered }
	}

	let exploredTicks = 0
	let restUntilMs: Millis = -Infinity
	/** Whether to leave things be for this tick. */
	const isResting = (): boolean => {
		if (state.wantingSinceMs === null) exploredTicks = 0
		return state.lateness.lateMs() > LATE_MS || nowMs() < restUntilMs || underWay().answered >= ANSWERED_MAX
	}

	const seek = (peer: PeerId, isMutual: boolean, path: Path = 'direct') => {
		if (state.self === null || open.has(peer) || attempts.has(peer) || !retries.isDue(peer)) return
		if (underWay().dials >= DIALS_MAX && waits.get(peer)?.path !== path) return
		if (state.self < peer) {
			waits.delete(peer)
			if (isMutual || hasRoomFor(state, peer)) dial(peer, path)
		} else callAfter(peer, isMutual && path === 'direct' ? CALL_PATIENCE_MS : 0, path)
	}

	return {
		seek,
		callAfter,
		expire: (wanted) => {
			const deadlineMs = patientMs(CALL_DEADLINE_MS, state.lateness.lateMs())
			for (const [peer, wait] of [...waits]) {
				if (wait.calledAtMs === null) {
					if (!wanted.has(peer)) waits.delete(peer)
				} else if (nowMs() - wait.calledAtMs >= deadlineMs) {
					waits.delete(peer)
					retries.noteFailure(peer)
				}
			}
		},
		explore: (isUnreached) => {
			const { wantingSinceMs } = state
			if (isResting() || !mayDirect(state)) return
			if (wantingSinceMs === null || nowMs() - wantingSinceMs < EXPLORE_AFTER_MS) return
			if (!deps.signaling.isOpen() || !hasFreePlace(state)) return
			const strangers = [...state.roster.keys()].filter(
				(peer) =>
					!open.has(peer) &&
					!attempts.has(peer) &&
					!waits.has(peer) &&
					!isBanned(state, peer) &&
					!saysRelayOnly(state, peer) &&
					retries.isDue(peer) &&
					!isUnreached(peer),
			)
			if (strangers.length === 0) return
			exploredTicks++
			const inVain = exploredTicks - EXPLORE_HASTY_TICKS
			if (inVain > 0) restUntilMs = nowMs() + Math.min(1_000 * 2 ** inVain, EXPLORE_REST_MAX_MS)
			for (let i = 0; i < EXPLORE_PER_TICK && strangers.length > 0; i++) {
				const [peer] = strangers.splice(Math.floor(drawUnit(deps.random) * strangers.length), 1)
				if (peer !== undefined) seek(peer, false)
			}
		},
	}
}
