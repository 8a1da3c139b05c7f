/**
 * How a link is brought about that should be there: the lower id dials; the higher one waits for that a while, then
 * asks for it.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { SignalMessage } from '#lib/protocol/peer.ts'
import { hasFreePlace, hasRoomFor } from './mesh-places.ts'
import { isBanned, type MeshState, type Path } from './mesh-state.ts'
import { drawUnit } from './seeded-random.ts'

/** How long the higher id waits for a dial that both should want, before it asks for it. */
const CALL_PATIENCE_MS: Millis = 1_500
/** A call unheard for this long has failed. */
const CALL_DEADLINE_MS: Millis = 12_000
/** Links asked for in vain for this long: others are tried at random, some each tick, until the wishes are met. */
const EXPLORE_AFTER_MS: Millis = 4_000
const EXPLORE_PER_TICK = 3

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

	const seek = (peer: PeerId, isMutual: boolean, path: Path = 'direct') => {
		if (state.self === null || open.has(peer) || attempts.has(peer) || !retries.isDue(peer)) return
		if (state.self < peer) {
			waits.delete(peer)
			if (isMutual || hasRoomFor(state, peer)) dial(peer, path)
		} else callAfter(peer, isMutual && path === 'direct' ? CALL_PATIENCE_MS : 0, path)
	}

	return {
		seek,
		callAfter,
		expire: (wanted) => {
			for (const [peer, wait] of [...waits]) {
				if (wait.calledAtMs === null) {
					if (!wanted.has(peer)) waits.delete(peer)
				} else if (nowMs() - wait.calledAtMs >= CALL_DEADLINE_MS) {
					waits.delete(peer)
					retries.noteFailure(peer)
				}
			}
		},
		explore: (isUnreached) => {
			const { wantingSinceMs } = state
			if (wantingSinceMs === null || nowMs() - wantingSinceMs < EXPLORE_AFTER_MS) return
			if (!deps.signaling.isOpen() || !hasFreePlace(state)) return
			const strangers = [...state.roster.keys()].filter(
				(peer) =>
					!open.has(peer) &&
					!attempts.has(peer) &&
					!waits.has(peer) &&
					!isBanned(state, peer) &&
					retries.isDue(peer) &&
					!isUnreached(peer),
			)
			for (let i = 0; i < EXPLORE_PER_TICK && strangers.length > 0; i++) {
				const [peer] = strangers.splice(Math.floor(drawUnit(deps.random) * strangers.length), 1)
				if (peer !== undefined) seek(peer, false)
			}
		},
	}
}
