/**
 * What a mesh does only where links go through the server: which of them there should be, how they come about, and
 * how one gives way to a channel. Fetched with the relay's part; until then the mesh does without (relay-loader.ts).
 */
import { ID_BYTES, type Millis, type PeerId } from '#lib/core/units.ts'
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { beginHandover } from './handover.ts'
import { hasFreePlace } from './mesh-places.ts'
import { linkedBy, mayDirect, type MeshCore, type OpenLink, type RelayWays } from './mesh-state.ts'
import { createRelayPaths, type RelayView } from './relay-paths.ts'

/** How long the higher id waits for a channel to be tried again, where it would try. */
const UPGRADE_PATIENCE_MS: Millis = 5_000

export const createRelayWays = (core: MeshCore): RelayWays => {
	const { state } = core
	const { open, attempts, waits, deps } = state
	const paths = createRelayPaths(deps.timers)
	/** Who knows that we make no channels. */
	const told = new Set<PeerId>()
	const links = () => ({ direct: linkedBy(state, 'direct'), relayed: linkedBy(state, 'relayed') })

	const viewOf = (self: PeerId, present: readonly PeerId[], roomSize: number): RelayView => ({
		...links(),
		self,
		salt: deps.roomId,
		present,
		roomSize,
		mayDirect: mayDirect(state),
		hints: state.hints,
	})
	/**
	 * Whoever asks is here, though we may have failed with it and be waiting: without this the two ends of a step in the
	 * ring, each of them waiting at other times, would send each other away for ever.
	 */
	const isNextWith = (peer: PeerId): boolean => {
		const { self, roster, relayWishes } = state
		if (self === null) return false
		const present = new Set([...open.keys(), ...relayWishes, peer])
		return paths.isNext(viewOf(self, [...present], roster.size + 1), peer)
	}
	const hasRoomFor = (peer: PeerId): boolean => {
		if (open.has(peer) || state.relayWishes.includes(peer) || isNextWith(peer)) return true
		if (!hasFreePlace(state, peer)) return false
		const { direct, relayed } = links()
		for (const [other, { path }] of attempts) if (path === 'relayed' && other !== peer) relayed.add(other)
		return paths.hasRoom({ direct, relayed })
	}

	/** What older ones take for an answer that leads to nothing. */
	const tellNone = (peer: PeerId, id: string | null) => {
		const attempt = id ?? bytesToBase64url(deps.random.bytes(ID_BYTES))
		core.tell(peer, { type: 'parcel', id: attempt, signals: [], path: 'relayed' })
	}

	/** A channel beside a relayed link, when it is time to try again. */
	const seekUpgrade = (self: PeerId, peer: PeerId, { path, handover }: OpenLink) => {
		if (path === 'direct' || handover !== null || attempts.has(peer) || !mayDirect(state)) return
		if (!paths.isDirectDue(peer)) return
		if (self < peer) core.dial(peer, 'direct')
		else if (core.callAfter(peer, UPGRADE_PATIENCE_MS, 'direct')) {
			waits.delete(peer)
			paths.noteFailed(peer) // unless it opens
		}
	}

	return {
		// Nothing is chosen before the mesh is started.
		choose: (present, roomSize) => paths.choose(viewOf(state.self as PeerId, present, roomSize)),
		isRelayOnly: () => paths.isRelayOnly(links()),
		isUnreached: paths.isUnreached,
		excess: () => paths.excess(links()),
		answer: (peer) => {
			if (attempts.has(peer)) return
			if (hasRoomFor(peer)) core.dial(peer, 'relayed')
			else core.redirect(peer)
		},
		accept: (peer, parcel) => {
			if (hasRoomFor(peer)) core.accept(peer, parcel)
			else core.redirect(peer)
		},
		decline: (peer, id) => {
			told.add(peer)
			tellNone(peer, id)
			if (open.has(peer) || !hasRoomFor(peer)) return
			if (id !== null) core.tell(peer, { type: 'call', path: 'relayed' })
			else if (!attempts.has(peer)) core.dial(peer, 'relayed')
		},
		seek: () => {
			const { self } = state
			if (self === null) return
			const isOut = !mayDirect(state)
			if (!isOut) told.clear()
			for (const peer of state.relayWishes) {
				if (!isOut && !paths.isUnreached(peer)) continue
				const isNew = !open.has(peer) && !attempts.has(peer) && state.retries.isDue(peer)
				if (isOut && isNew && !told.has(peer)) {
					told.add(peer)
					tellNone(peer, null)
				}
				core.seek(peer, true, 'relayed')
			}
			for (const [peer, openLink] of [...open]) seekUpgrade(self, peer, openLink)
		},
		move: (peer, before, { link, id, path }) => {
			state.counts.opened++
			const after: OpenLink = { ...before, link, id, path, didTheyMove: false, told: null }
			open.set(peer, after)
			after.handover = beginHandover({
				from: before.link,
				to: link,
				didTheyMove: before.didTheyMove,
				timers: deps.timers,
				onDrained: () => core.tellDrained(peer),
				onDone: () => {
					after.handover = null
					paths.noteOpened(peer)
					core.tellMoved(peer, link.path())
					core.repairSoon()
				},
				onLost: () => core.lose(peer, 'error'),
			})
		},
		hear: (openLink, link, step) => {
			const { handover } = openLink
			if (handover === null) openLink.didTheyMove ||= step === 'moved'
			else if ((step === 'moved') === (handover.from === link)) handover.hear(step)
		},
		noteFailed: (peer, { isUpgrade, isAtOnce = false }) => {
			paths.noteFailed(peer, isAtOnce)
			if (!isUpgrade) state.retries.forget(peer) // the other way, at once
			core.repairSoon()
		},
		noteNone: (peer) => {
			paths.noteNone(peer)
			core.repairSoon()
		},
		noteSome: paths.noteSome,
		noteBroken: (peer) => {
			paths.noteBroken(peer)
			state.retries.forget(peer) // through the server, at once
		},
		noteOpened: paths.noteOpened,
		noteKind: paths.noteKind,
		beginAnew: paths.beginAnew,
		retryNow: paths.retryNow,
		forget: (peer) => {
			told.delete(peer)
			paths.forget(peer)
		},
	}
}
