/**
 * Keeps a mesh's links in step with what they should be: those that are missing are sought, those that neither side
 * wants are let go.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { OpenLinks } from './mesh-links.ts'
import type { Seeking } from './mesh-seek.ts'
import { isBanned, linkedBy, mayDirect, type MeshState, type OpenLink } from './mesh-state.ts'
import { computeWishes } from './mesh-wishes.ts'
import type { RelayLoader } from './relay-loader.ts'

/** A link that neither side wants is kept this long: rosters flicker. */
const UNWANTED_GRACE_MS: Millis = 5_000
/** With fewer links than this, peers that others named are tried as well. */
const FEW_LINKS = 2

export interface RepairDeps {
	readonly state: MeshState
	readonly links: OpenLinks
	readonly seeking: Seeking
	readonly relay: Pick<RelayLoader, 'ways' | 'use'>
}

export const createRepair = ({ state, links, seeking, relay }: RepairDeps): (() => void) => {
	const { open, deps } = state
	const nowMs = (): Millis => deps.timers.nowMs()

	const review = (
		peer: PeerId,
		openLink: OpenLink,
		{ isWanted, hasDirect, isDear }: { isWanted: boolean; hasDirect: boolean; isDear: boolean },
	) => {
		if (openLink.told?.isWanted !== isWanted || openLink.told.hasDirect !== hasDirect) {
			openLink.told = { isWanted, hasDirect }
			openLink.link.tellWant(isWanted, hasDirect)
		}
		if (isWanted || (openLink.isWantedByThem && !isDear)) openLink.unwantedSinceMs = null
		else {
			openLink.unwantedSinceMs ??= nowMs()
			if (nowMs() - openLink.unwantedSinceMs >= UNWANTED_GRACE_MS) links.dismiss(peer, 'redirected')
		}
	}

	/** Relayed links that only others want, the newest, as many as are too many. */
	const tooDear = (wanted: ReadonlySet<PeerId>): ReadonlySet<PeerId> => {
		const excess = relay.ways()?.excess() ?? 0
		if (excess === 0) return new Set()
		const borne = [...open].filter(([peer, { path }]) => path === 'relayed' && !wanted.has(peer))
		borne.sort((a, b) => b[1].openedAtMs - a[1].openedAtMs)
		return new Set(borne.slice(0, excess).map(([peer]) => peer))
	}

	/** The peers to have a link with, and how many of the overlay's are missing. */
	const weigh = (self: PeerId): Set<PeerId> => {
		const roomSize = computeWishes(state, self, relay.ways())
		// Without channels the relay is needed as soon as there is somebody.
		if (roomSize > 1 && !mayDirect(state)) relay.use(() => undefined)
		const wanted = new Set([...state.wishes.mutual, ...state.wishes.long])
		const missing = [...wanted].filter((peer) => !open.has(peer)).length
		for (const peer of state.relayWishes) wanted.add(peer)
		state.wantingSinceMs = missing > 0 ? (state.wantingSinceMs ?? nowMs()) : null
		// For each wished link that is missing another one stands in; the oldest, which have proved themselves.
		const standIns = [...open]
			.filter(([peer]) => !wanted.has(peer))
			.sort((a, b) => a[1].openedAtMs - b[1].openedAtMs)
		for (const [peer] of standIns.slice(0, missing)) wanted.add(peer)
		return wanted
	}

	return () => {
		const { self } = state
		if (state.isStopped || self === null) return
		const wanted = weigh(self)
		const hasDirect = linkedBy(state, 'direct').size > 0
		const dear = tooDear(wanted)
		for (const [peer, openLink] of [...open])
			review(peer, openLink, { isWanted: wanted.has(peer), hasDirect, isDear: dear.has(peer) })
		if (!deps.signaling.isOpen()) return
		seeking.expire(wanted)
		for (const peer of state.wishes.mutual) seeking.seek(peer, true)
		for (const peer of state.wishes.long) seeking.seek(peer, false)
		relay.ways()?.seek()
		if (open.size < FEW_LINKS && mayDirect(state))
			for (const peer of state.hints)
				if (state.roster.has(peer) && !isBanned(state, peer)) seeking.seek(peer, false)
	}
}
