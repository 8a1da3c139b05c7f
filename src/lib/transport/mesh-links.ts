/**
 * The open links of a mesh: an attempt that has come through takes its place among them, and each one's end is told
 * once.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { Emitter } from './emitter.ts'
import type { Link } from './link.ts'
import { leastMissed, pickOthers } from './mesh-places.ts'
import { endAttempt, REDIRECT_WAIT_MS, type MeshState, type OpenLink } from './mesh-state.ts'
import { LINKS_MAX } from './overlay.ts'
import type { RelayLoader } from './relay-loader.ts'
import type { PeerDownReason, TransportEvent } from './transport.ts'

/** A link lost sooner than this was no success. */
const SETTLED_AFTER_MS: Millis = 10_000

export interface OpenLinks {
	/** The attempt's link is open. */
	enthrone(peer: PeerId, link: Link): void
	/** We end it. */
	dismiss(peer: PeerId, reason: PeerDownReason): void
	/** It ended by itself or at the other side. */
	lose(peer: PeerId, reason: PeerDownReason): void
	/** All of them, without an event. */
	leave(): void
}

export interface OpenLinksDeps {
	readonly state: MeshState
	readonly relay: Pick<RelayLoader, 'use' | 'note'>
	readonly emit: Emitter<TransportEvent>['emit']
	readonly repairSoon: () => void
}

export const createOpenLinks = ({ state, relay, emit, repairSoon }: OpenLinksDeps): OpenLinks => {
	const { open, attempts, retries, deps } = state
	const nowMs = (): Millis => deps.timers.nowMs()

	const close = ({ link, handover }: OpenLink, reason: PeerDownReason, others?: readonly PeerId[]) => {
		handover?.stop()
		handover?.from.retire()
		link.close(reason, others)
	}
	/** An attempt that was to take its place is over with it. */
	const remove = (peer: PeerId): OpenLink | undefined => {
		const gone = open.get(peer)
		open.delete(peer)
		if (gone !== undefined && attempts.get(peer)?.over === gone.id) endAttempt(state, peer)
		return gone
	}

	const dismiss = (peer: PeerId, reason: PeerDownReason) => {
		const gone = remove(peer)
		if (gone === undefined) return
		close(gone, reason, reason === 'redirected' ? pickOthers(state, deps.random, peer) : [])
		if (reason === 'redirected') retries.noteFailure(peer)
		emit({ type: 'peer-down', peer, reason })
	}

	return {
		enthrone: (peer, link) => {
			const now = link.state()
			const attempt = attempts.get(peer)
			if (state.isStopped || now.type !== 'open' || attempt === undefined) return
			attempts.delete(peer)
			state.waits.delete(peer)
			state.hints.delete(peer)
			const before = open.get(peer)
			const isMove =
				before?.id === attempt.over &&
				before?.path === 'relayed' &&
				before.handover === null &&
				before.device === now.device
			if (isMove) {
				relay.note((ways) => ways.move(peer, before, attempt))
				return
			}
			if (before !== undefined) {
				open.delete(peer)
				close(before, 'error')
				emit({ type: 'peer-down', peer, reason: 'error' })
				if (state.isStopped) return
			}
			const victim = open.size >= LINKS_MAX ? leastMissed(state) : undefined
			if (victim !== undefined) dismiss(victim, 'redirected')
			state.counts.opened++
			const { id, path } = attempt
			open.set(peer, {
				link,
				id,
				device: now.device,
				path,
				openedAtMs: nowMs(),
				handover: null,
				didTheyMove: false,
				told: null,
				isWantedByThem: true,
				reachesOthers: path === 'direct',
				unwantedSinceMs: null,
			})
			if (path === 'direct') relay.note((ways) => ways.noteOpened(peer))
			emit({ type: 'peer-up', peer, device: now.device, path: link.path() })
			repairSoon()
		},
		dismiss,
		lose: (peer, reason) => {
			const lost = remove(peer)
			if (lost === undefined) return
			close(lost, 'error')
			if (nowMs() - lost.openedAtMs > SETTLED_AFTER_MS) retries.forget(peer)
			retries.noteFailure(peer, reason === 'redirected' ? REDIRECT_WAIT_MS : 0)
			if (lost.path === 'direct' && (reason === 'error' || reason === 'timeout'))
				relay.use((ways) => ways.noteBroken(peer))
			emit({ type: 'peer-down', peer, reason })
		},
		leave: () => {
			for (const one of open.values()) close(one, 'left')
			open.clear()
		},
	}
}
