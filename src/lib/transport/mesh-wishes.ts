/**
 * Which links there should be now: the overlay's wishes, made of who is here, answers, and is not kept out.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import { patientMs } from './lateness.ts'
import { isBanned, linkedBy, mayDirect, saysRelayOnly, type MeshState, type RelayWays } from './mesh-state.ts'

/** No answer for this long: others are tried meanwhile, so that ghosts in the roster cost seconds. */
const SUSPECT_AFTER_MS: Millis = 3_000

/** Asked and not heard from yet: the overlay does without it until it answers. */
export const isSuspect = ({ attempts, waits, deps, lateness }: MeshState, peer: PeerId): boolean => {
	const nowMs = deps.timers.nowMs()
	const afterMs = patientMs(SUSPECT_AFTER_MS, lateness.lateMs())
	const attempt = attempts.get(peer)
	if (attempt !== undefined)
		return attempt.role === 'dial' && !attempt.didAnswer && nowMs - attempt.startedAtMs > afterMs
	const calledAtMs = waits.get(peer)?.calledAtMs ?? null
	return calledAtMs !== null && nowMs - calledAtMs > afterMs
}

/** Sets the wishes anew. Answers the room's size as far as it is known, ourselves counted. */
export const computeWishes = (state: MeshState, self: PeerId, ways: RelayWays | null): number => {
	const { open, attempts, retries } = state
	const members = linkedBy(state, 'direct')
	const present = [...open.keys()]
	const isTryingNone = !mayDirect(state) || ways?.isRelayOnly() === true
	let roomSize = open.size + 1
	for (const peer of state.roster.keys()) {
		if (isBanned(state, peer) || open.has(peer)) continue
		roomSize++
		if (isSuspect(state, peer) || !(attempts.has(peer) || retries.isDue(peer))) continue
		present.push(peer)
		if (!isTryingNone && !saysRelayOnly(state, peer) && ways?.isUnreached(peer) !== true) members.add(peer)
	}
	state.wishes = state.overlay(self, members, roomSize)
	state.relayWishes = ways?.choose(present, roomSize) ?? []
	return roomSize
}
