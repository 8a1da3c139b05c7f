/**
 * Everything refused is counted under its reason: `refused_total{why}`. No reason names a person, room or address.
 */
import type { Refusal } from '#lib/protocol/signaling.ts'
import type { OidcProblem } from './auth/oidc-client.ts'

export type RefusalCount =
	| Refusal
	/** Before a socket exists. */
	| 'upgrade-path'
	| 'upgrade-origin'
	| 'upgrade-subprotocol'
	| 'upgrade-malformed'
	| 'address-sockets'
	/** On a socket, below the level of messages. */
	| 'frame'
	| 'frame-too-big'
	| 'too-slow'
	| 'join-timeout'
	| 'heartbeat'
	| 'pre-join-bytes'
	| 'replaced'
	/** Relay frames over their limit, and binary frames that are none. */
	| 'relay-rate'
	| 'relay-bad'
	/** HTTP. */
	| 'http-malformed'
	| 'http-bad-request'
	| 'http-rate'
	| 'http-not-found'
	| 'bad-proof'
	| 'clock-off'
	| 'bad-token'
	| 'guests-off'
	| 'room-taken'
	| 'order-not-allowed'
	| 'order-replayed'
	/** Accounts. */
	| 'http-origin'
	| 'door-closed'
	| 'wrong-password'
	| 'weak-password'
	| 'username-taken'
	| 'not-offered'
	| 'signed-out'
	| 'sign-in-rate'
	| 'hashing-busy'
	| 'bad-picture'
	/** Signing in with a provider. */
	| `oidc-${OidcProblem}`
	| 'oidc-code'
	/** Asking other sites about links (`media/`). */
	| 'media-rate'
	| 'media-busy'
	| 'media-upstream-rate'
	| 'media-barred'
	| 'media-redirects'
	| 'media-too-big'
	| 'media-too-slow'
	| 'media-unreachable'
	| 'media-quota'
	| 'media-searches'
	/** Histories of rooms, kept sealed. */
	| 'history-unknown'
	| 'history-stale'
	| 'history-too-big'
	| 'history-full'
	| 'history-rate'
	/** Figures and who may read them. */
	| 'figures-rate'
	| 'metrics-token'
	/** /y-webrtc. */
	| 'y-bad-message'
	| 'y-rate'
	| 'y-topics'
	| 'y-fan-out'
	/** A fault of ours that was contained. */
	| 'internal'

export interface Counters {
	refused(why: RefusalCount): void
	count(why: RefusalCount): number
	/** Reasons seen so far. */
	all(): Readonly<Partial<Record<RefusalCount, number>>>
}

export const createCounters = (): Counters => {
	const counts = new Map<RefusalCount, number>()
	return {
		refused: (why) => void counts.set(why, (counts.get(why) ?? 0) + 1),
		count: (why) => counts.get(why) ?? 0,
		all: () => Object.fromEntries(counts),
	}
}
