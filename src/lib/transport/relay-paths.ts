/**
 * Who is reached through the server: peers that answer but that no channel could be opened to. A peer asks for two
 * such links at most, to its next ones in the room's ring on either side, so that every step of the ring is taken one
 * way or the other and a room stays in one piece, whoever can reach whom. Pure but for its notes.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import { FULL_MESH_MAX, ringOf } from './overlay.ts'
import type { Timers } from './timers.ts'

/** When a channel is tried again to somebody it could not be opened to. */
export const DIRECT_RETRY_MS: readonly Millis[] = [30_000, 120_000, 600_000]
/** A channel that was open is tried again sooner: the network may only have changed. */
const BROKEN_RETRY_MS: Millis = 5_000
/** Relayed links of somebody who has direct ones, those that others asked for included. */
const ACCEPT_MAX = 6
/** Of somebody whom nobody reaches directly. */
const ACCEPT_MAX_RELAY_ONLY = 2
/** With fewer direct links than this, a peer of a large room looks for relayed ones beyond its place in the ring. */
const FEW_DIRECT = 2
/** So many peers not reached, and none reached: it is us. */
const ENOUGH_FAILURES = 4
const NOTES_MAX = 4_000

/** What the mesh knows when it asks. */
export interface RelayView {
	readonly self: PeerId
	/** The room's id. */
	readonly salt: string
	/** Members that are linked, or may be: not banned, not silent. */
	readonly present: readonly PeerId[]
	readonly roomSize: number
	/** Open links without the server between. */
	readonly direct: ReadonlySet<PeerId>
	/** Open relayed links. */
	readonly relayed: ReadonlySet<PeerId>
	/** False: a channel cannot be made here, or would show our address. */
	readonly mayDirect: boolean
}

export interface RelayPaths {
	/** No channel opened, although the peer answered. */
	noteFailed(peer: PeerId): void
	/** An open channel broke. */
	noteBroken(peer: PeerId): void
	noteOpened(peer: PeerId): void
	/** What a neighbour says of itself. */
	noteKind(peer: PeerId, hasDirect: boolean): void
	/** Network or server are back: channels are tried again from the shortest wait on. */
	beginAnew(): void
	/** Channels may be had now that could not be before. */
	retryNow(): void
	/** Somebody left. */
	forget(peer: PeerId): void
	/** Not to be reached by a channel now. */
	isUnreached(peer: PeerId): boolean
	/** A channel is worth a try. */
	isDirectDue(peer: PeerId): boolean
	/** Nobody was reached so far: no more are tried but those that relayed links lead to, in their time. */
	isRelayOnly(view: Pick<RelayView, 'direct' | 'relayed'>): boolean
	/** The relayed links to have, two at most. */
	choose(view: RelayView): readonly PeerId[]
	/** Whether a relayed link may come in besides those we want. */
	hasRoom(view: Pick<RelayView, 'direct' | 'relayed'>): boolean
	/** Whether relayed links that only others want are too many. */
	hasTooMany(view: Pick<RelayView, 'direct' | 'relayed'>): boolean
}

interface Note {
	readonly failures: number
	readonly dueAtMs: Millis
	/** It worked before: a relayed link bridges the time. */
	readonly wasOpen: boolean
}

export const createRelayPaths = (timers: Timers): RelayPaths => {
	const notes = new Map<PeerId, Note>()
	const relayOnly = new Set<PeerId>()

	const note = (peer: PeerId, failures: number, waitMs: Millis, wasOpen: boolean) => {
		notes.delete(peer)
		notes.set(peer, { failures, dueAtMs: timers.nowMs() + waitMs, wasOpen })
		if (notes.size > NOTES_MAX)
			for (const oldest of notes.keys()) {
				notes.delete(oldest)
				break
			}
	}
	const waitAfter = (failures: number): Millis =>
		DIRECT_RETRY_MS[Math.min(failures, DIRECT_RETRY_MS.length) - 1] ?? 0

	const isDirectDue = (peer: PeerId) => (notes.get(peer)?.dueAtMs ?? 0) <= timers.nowMs()

	/** Of those that no channel leads to: the next one on either side that others reach, or any. */
	const nextOnEitherSide = (
		view: RelayView,
		ring: readonly PeerId[],
		isCandidate: (peer: PeerId, step: number) => boolean,
	): readonly PeerId[] => {
		const place = ring.indexOf(view.self)
		const find = (way: 1 | -1): PeerId | null => {
			let last: PeerId | null = null
			for (let step = 1; step < ring.length; step++) {
				const peer = ring[(place + way * step + ring.length) % ring.length]
				if (peer === undefined || !isCandidate(peer, step)) continue
				if (!relayOnly.has(peer)) return peer
				last ??= peer
			}
			return last
		}
		return [...new Set([find(1), find(-1)])].filter((peer) => peer !== null)
	}

	const placesOf = ({ direct }: Pick<RelayView, 'direct'>): number =>
		direct.size === 0 ? ACCEPT_MAX_RELAY_ONLY : ACCEPT_MAX

	return {
		noteFailed: (peer) => {
			const before = notes.get(peer)
			// The two ends see one failure each; a second one so soon is the same.
			if (before !== undefined && before.failures > 0 && !isDirectDue(peer)) return
			const failures = (before?.failures ?? 0) + 1
			note(peer, failures, waitAfter(failures), false)
		},
		noteBroken: (peer) => note(peer, notes.get(peer)?.failures ?? 0, BROKEN_RETRY_MS, true),
		noteOpened: (peer) => {
			notes.delete(peer)
			relayOnly.delete(peer)
		},
		noteKind: (peer, hasDirect) => {
			if (hasDirect) relayOnly.delete(peer)
			else relayOnly.add(peer)
		},
		beginAnew: () => {
			for (const peer of [...notes.keys()]) note(peer, 1, waitAfter(1), false)
		},
		retryNow: () => notes.clear(),
		isRelayOnly: ({ direct, relayed }) =>
			direct.size === 0 && relayed.size > 0 && notes.size >= ENOUGH_FAILURES,
		forget: (peer) => {
			notes.delete(peer)
			relayOnly.delete(peer)
		},
		isUnreached: (peer) => !isDirectDue(peer),
		isDirectDue,
		choose: (view) => {
			const isUnreached = (peer: PeerId) =>
				!view.direct.has(peer) && (!view.mayDirect || view.relayed.has(peer) || notes.has(peer))
			if (!view.present.some(isUnreached)) return []
			const ring = ringOf([...view.present, view.self], view.salt)
			const reachesFar = view.roomSize <= FULL_MESH_MAX || view.direct.size < FEW_DIRECT
			return nextOnEitherSide(view, ring, (peer, step) => isUnreached(peer) && (reachesFar || step === 1))
		},
		hasRoom: (view) => view.relayed.size < placesOf(view),
		hasTooMany: (view) => view.relayed.size > placesOf(view),
	}
}
