/**
 * Who is reached through the server: peers that answer but that no channel could be opened to, or that make none. A
 * peer asks for two such links, to its next ones in the room's ring on either side, so that every step of the ring is
 * taken one way or the other and a room stays in one piece, whoever can reach whom. In a large room whoever is reached
 * by nobody has one more, to somebody who reaches others: the ring alone would be a long way round. Pure but for its
 * notes.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import { createRanks, FULL_MESH_MAX } from './overlay.ts'
import type { Timers } from './timers.ts'

/** When a channel is tried again to somebody it could not be opened to. */
export const DIRECT_RETRY_MS: readonly Millis[] = [30_000, 120_000, 600_000]
/** Where it failed at once, so that something only came at a bad moment: first these. */
export const HASTY_RETRY_MS: readonly Millis[] = [2_000, 8_000]
/** A channel that was open is tried again sooner: the network may only have changed. */
const BROKEN_RETRY_MS: Millis = 5_000
/** Somebody who makes no channels, by its own word; when it does, it asks for one itself. */
const NONE_RETRY_MS: Millis = 600_000
/** Relayed links of somebody who has direct ones, those that others asked for included. */
const ACCEPT_MAX = 6
/** Of somebody whom nobody reaches directly. */
const ACCEPT_MAX_RELAY_ONLY = 2
/** With fewer direct links than this, a peer of a large room looks for relayed ones beyond its place in the ring. */
const FEW_DIRECT = 2
/** So many peers not reached, and none reached: it is us. */
const ENOUGH_FAILURES = 4
/** Looking for somebody who reaches others: so many at once, one after the other; then ever more rarely. */
const HASTY_TRIES = 8
const TRY_AGAIN_MAX_MS: Millis = 60_000
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
	/** Whom others named; they have direct links more often than not. */
	readonly hints: ReadonlySet<PeerId>
}

type Links = Pick<RelayView, 'direct' | 'relayed'>

export interface RelayPaths {
	/** No channel opened, although the peer answered. `isAtOnce`: not by silence. */
	noteFailed(peer: PeerId, isAtOnce?: boolean): void
	/** It says that it makes no channels. */
	noteNone(peer: PeerId): void
	/** It does not say so any more. */
	noteSome(peer: PeerId): void
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
	isRelayOnly(view: Links): boolean
	/** The relayed links to have, three at most. */
	choose(view: RelayView): readonly PeerId[]
	/** Whether it is the next one in the ring of a large room, on either side. */
	isNext(view: RelayView, peer: PeerId): boolean
	/** Whether a relayed link may come in besides those we want. */
	hasRoom(view: Links): boolean
	/** How many relayed links there are above what is borne for others. */
	excess(view: Links): number
}

interface Note {
	/** In silence, and at once. */
	readonly failures: number
	readonly hasty: number
	readonly dueAtMs: Millis
	/** By its own word: it says nothing of us. */
	readonly makesNone: boolean
}

export const createRelayPaths = (timers: Timers): RelayPaths => {
	const notes = new Map<PeerId, Note>()
	/** What neighbours said of themselves. */
	const relayOnly = new Set<PeerId>()
	const reaching = new Set<PeerId>()
	let ranks: ReturnType<typeof createRanks> | null = null
	/** The one in whom we hope to have found somebody who reaches others. */
	let hope: { readonly peer: PeerId | null; readonly tries: number; readonly nextAtMs: Millis } = {
		peer: null,
		tries: 0,
		nextAtMs: 0,
	}

	const note = (peer: PeerId, waitMs: Millis, change: Partial<Omit<Note, 'dueAtMs'>>) => {
		const before = notes.get(peer) ?? { failures: 0, hasty: 0, makesNone: false }
		notes.delete(peer)
		notes.set(peer, { ...before, ...change, dueAtMs: timers.nowMs() + waitMs })
		if (notes.size > NOTES_MAX)
			for (const oldest of notes.keys()) {
				notes.delete(oldest)
				break
			}
	}
	const waitAfter = (failures: number): Millis =>
		DIRECT_RETRY_MS[Math.min(failures, DIRECT_RETRY_MS.length) - 1] ?? 0

	const isDirectDue = (peer: PeerId) => (notes.get(peer)?.dueAtMs ?? 0) <= timers.nowMs()
	/** It is us whom channels fail, not those who make none. */
	const hasFailedOften = (): boolean => {
		let own = 0
		for (const { makesNone } of notes.values()) if (!makesNone) own++
		return own >= ENOUGH_FAILURES
	}

	/** On each side the next one in the ring; `among` leaves out whom it may not be. */
	const nextOnEitherSide = (
		view: RelayView,
		among: (peer: PeerId) => boolean,
	): { readonly after: PeerId | null; readonly before: PeerId | null } => {
		const { ahead } = (ranks ??= createRanks(view.salt))
		let after: PeerId | null = null
		let before: PeerId | null = null
		let leastAhead = Infinity
		let mostAhead = -Infinity
		for (const peer of view.present) {
			if (peer === view.self || !among(peer)) continue
			const distance = ahead(view.self, peer)
			if (distance < leastAhead) [leastAhead, after] = [distance, peer]
			if (distance > mostAhead) [mostAhead, before] = [distance, peer]
		}
		return { after, before }
	}

	/** Somebody who reaches others, besides `taken`: one that is linked, else the next one to be tried. */
	const chooseReaching = (
		view: RelayView,
		taken: ReadonlySet<PeerId>,
		isCandidate: (peer: PeerId) => boolean,
	): PeerId | null => {
		const isFound = (peer: PeerId) => view.relayed.has(peer) && reaching.has(peer)
		const found = [...taken, ...view.relayed].find(isFound)
		if (found !== undefined) {
			hope = { peer: found, tries: 0, nextAtMs: 0 }
			return taken.has(found) ? null : found
		}
		// Whoever is linked says in a moment which kind it is.
		if ([...taken].some((peer) => view.relayed.has(peer) && !relayOnly.has(peer))) return null
		const candidates = view.present.filter(
			(peer) => peer !== view.self && !taken.has(peer) && !relayOnly.has(peer) && isCandidate(peer),
		)
		if (hope.peer !== null && candidates.includes(hope.peer)) return hope.peer
		const nowMs = timers.nowMs()
		if (nowMs < hope.nextAtMs) return null
		const { draw } = (ranks ??= createRanks(view.salt))
		let best: { readonly peer: PeerId; readonly rank: number } | null = null
		for (const peer of candidates) {
			const rank = draw(view.self, peer) * (view.hints.has(peer) ? 1e-9 : 1)
			if (best === null || rank < best.rank) best = { peer, rank }
		}
		if (best === null) return null
		const tries = hope.tries + 1
		const waitMs = tries < HASTY_TRIES ? 0 : Math.min(1_000 * 2 ** (tries - HASTY_TRIES), TRY_AGAIN_MAX_MS)
		hope = { peer: best.peer, tries, nextAtMs: nowMs + waitMs }
		return best.peer
	}

	const placesOf = ({ direct }: Links): number => (direct.size === 0 ? ACCEPT_MAX_RELAY_ONLY : ACCEPT_MAX)
	const only = (...peers: readonly (PeerId | null)[]): readonly PeerId[] => [
		...new Set(peers.filter((peer) => peer !== null)),
	]

	return {
		noteFailed: (peer, isAtOnce = false) => {
			const { failures = 0, hasty = 0, makesNone = false } = notes.get(peer) ?? {}
			// The two ends see one failure each; a second one so soon is the same.
			if ((failures + hasty > 0 || makesNone) && !isDirectDue(peer)) return
			const hastyMs = isAtOnce ? HASTY_RETRY_MS[hasty] : undefined
			if (hastyMs === undefined) note(peer, waitAfter(failures + 1), { failures: failures + 1 })
			else note(peer, hastyMs, { hasty: hasty + 1 })
		},
		noteNone: (peer) => {
			note(peer, NONE_RETRY_MS, { makesNone: true })
			relayOnly.add(peer)
		},
		noteSome: (peer) => {
			if (notes.get(peer)?.makesNone !== true) return
			notes.delete(peer)
			relayOnly.delete(peer)
		},
		noteBroken: (peer) => note(peer, BROKEN_RETRY_MS, {}),
		noteOpened: (peer) => {
			notes.delete(peer)
			relayOnly.delete(peer)
		},
		noteKind: (peer, hasDirect) => {
			if (hasDirect) {
				relayOnly.delete(peer)
				reaching.add(peer)
			} else {
				relayOnly.add(peer)
				reaching.delete(peer)
			}
		},
		beginAnew: () => {
			for (const [peer, { makesNone }] of [...notes])
				if (!makesNone) note(peer, waitAfter(1), { failures: 1, hasty: 0 })
		},
		retryNow: () => {
			for (const [peer, { makesNone }] of [...notes]) if (!makesNone) notes.delete(peer)
		},
		isRelayOnly: ({ direct, relayed }) => direct.size === 0 && relayed.size > 0 && hasFailedOften(),
		forget: (peer) => {
			notes.delete(peer)
			relayOnly.delete(peer)
			reaching.delete(peer)
		},
		isUnreached: (peer) => !isDirectDue(peer),
		isDirectDue,
		choose: (view) => {
			const isUnreached = (peer: PeerId) =>
				!view.direct.has(peer) && (!view.mayDirect || view.relayed.has(peer) || notes.has(peer))
			if (!view.present.some(isUnreached)) return []
			const isLarge = view.roomSize > FULL_MESH_MAX
			const isOut = view.direct.size === 0 && (!view.mayDirect || hasFailedOften())
			if (isLarge && (isOut || view.direct.size >= FEW_DIRECT)) {
				const next = nextOnEitherSide(view, () => true)
				const ring = only(next.after, next.before).filter(isUnreached)
				return isOut ? only(...ring, chooseReaching(view, new Set(ring), isUnreached)) : ring
			}
			// Of those that no channel leads to: whoever others reach, or anybody.
			const best = nextOnEitherSide(view, (peer) => isUnreached(peer) && !relayOnly.has(peer))
			const any = nextOnEitherSide(view, isUnreached)
			return only(best.after ?? any.after, best.before ?? any.before)
		},
		isNext: (view, peer) => {
			if (view.roomSize <= FULL_MESH_MAX) return false
			const { after, before } = nextOnEitherSide(view, () => true)
			return after === peer || before === peer
		},
		hasRoom: (view) => view.relayed.size < placesOf(view),
		excess: (view) => Math.max(0, view.relayed.size - placesOf(view)),
	}
}
