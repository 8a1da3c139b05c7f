/**
 * The mesh: keeps the links a peer should have (overlay.ts), replaces dead ones, and is the transport over them.
 * It needs signaling to bring links about; links that are open live on without it. Where no channel can be had, links
 * go through the server, and move to a channel when there is one (relay-ways.ts). Its parts share one record
 * (mesh-state.ts); here they are put together.
 */
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { SignalMessage } from '#lib/protocol/peer.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import { createEmitter } from './emitter.ts'
import { createAttempts } from './mesh-attempts.ts'
import { createOpenLinks } from './mesh-links.ts'
import { pickOthers } from './mesh-places.ts'
import { createRepair } from './mesh-repair.ts'
import { createSeeking } from './mesh-seek.ts'
import { createSignalTaker } from './mesh-signals.ts'
import {
	createMeshState,
	endAttempt,
	isBanned,
	isOutcast,
	type MeshCore,
	type MeshCounts,
	type MeshDeps,
} from './mesh-state.ts'
import { createRelayLoader } from './relay-loader.ts'
import { createRepairTimer } from './repair-timer.ts'
import type { SignalingEvent } from './signaling-port.ts'
import type { LinkView, Transport, TransportEvent } from './transport.ts'

export type { MeshCounts, MeshDeps, RelayParts } from './mesh-state.ts'

export interface Mesh extends Transport {
	readonly counts: Readonly<MeshCounts>
	/** Who is kept out has changed: drops links with those who are, and lets others come again. */
	reviewOutcasts(): void
	/** What channels may show has changed: all are made anew, or tried again. */
	redial(): void
}

/** Rooms above this hear of who comes and goes all the time, and their roster comes in parts. */
const CALM_ROOM_MAX = 48
/** There, what many of them say within so much for each member is looked at once. */
const ROSTER_NEWS_PER_MEMBER_MS: Millis = 0.25

export const createMesh = (deps: MeshDeps): Mesh => {
	const { timers, signaling } = deps
	const { emit, on, clear } = createEmitter<TransportEvent>()
	const state = createMeshState(deps)
	const { roster, open, attempts: underway, waits, hints, retries, counts } = state
	let offSignaling: () => void = () => undefined

	const tell = (peer: PeerId, message: SignalMessage): boolean =>
		signaling.send(peer, JSON.stringify(message))
	const redirect = (peer: PeerId) => {
		counts.redirected++
		tell(peer, { type: 'redirect', others: pickOthers(state, deps.random, peer) })
	}
	const repairSoon = () => timer.soon()

	const core: MeshCore = {
		state,
		tell,
		redirect,
		dial: (peer, path) => attempts.dial(peer, path),
		accept: (peer, parcel) => attempts.accept(peer, parcel),
		seek: (peer, isMutual, path) => seeking.seek(peer, isMutual, path),
		callAfter: (peer, patienceMs, path) => seeking.callAfter(peer, patienceMs, path),
		lose: (peer, reason) => links.lose(peer, reason),
		tellDrained: (peer) => emit({ type: 'drained', peer }),
		tellMoved: (peer, path) => emit({ type: 'path-changed', peer, path }),
		repairSoon,
	}
	const relay = createRelayLoader({
		relay: deps.relay,
		timers,
		core,
		onFailed: (why) => (counts.lastFailure = why),
	})
	const links = createOpenLinks({ state, relay, emit, repairSoon })
	const attempts = createAttempts({ state, links, relay, emit, tell, repairSoon })
	const seeking = createSeeking({ state, dial: attempts.dial, tell })
	const takeSignal = createSignalTaker({ state, attempts, relay, redirect, repairSoon })
	const repair = createRepair({ state, links, seeking, relay })
	const timer = createRepairTimer(timers, repair, () => {
		state.lateness.tick(timers.nowMs())
		for (const { link } of [...underway.values(), ...open.values()]) link.tick()
		for (const { handover } of [...open.values()]) handover?.from.tick()
		repair()
		seeking.explore((peer) => relay.ways()?.isUnreached(peer) === true)
	})

	/** Announced anew: what was tried before and not answered was lost on the way to it. */
	const noteEntry = (entry: RosterEntry) => {
		const { peer } = entry
		if (peer === state.self) return
		roster.set(peer, entry)
		retries.forget(peer)
		waits.delete(peer)
		const attempt = underway.get(peer)
		if (attempt?.role === 'dial' && (attempt.path === 'relayed' || !attempt.didAnswer))
			endAttempt(state, peer)
		if (entry.relayOnly === true) relay.use((ways) => ways.noteNone(peer))
		else relay.note((ways) => ways.noteSome(peer))
	}
	const receive = (event: SignalingEvent) => {
		switch (event.type) {
			case 'open':
				roster.clear()
				for (const entry of event.roster) noteEntry(entry)
				relay.note((ways) => ways.beginAnew())
				break
			case 'peer-joined':
				noteEntry(event.entry)
				break
			case 'peer-left':
				// An open link lives on: it may be that only its socket to the server is gone.
				roster.delete(event.peer)
				waits.delete(event.peer)
				hints.delete(event.peer)
				if (!open.has(event.peer)) relay.note((ways) => ways.forget(event.peer))
				break
			case 'undeliverable':
				if (underway.has(event.peer) || waits.has(event.peer)) {
					endAttempt(state, event.peer)
					waits.delete(event.peer)
					retries.noteFailure(event.peer)
				}
				break
			case 'bytes':
				return // the relay's
			case 'signal':
				takeSignal(event.from, event.data)
				return
			case 'closed':
				waits.clear()
				return
		}
		timer.soon(roster.size > CALM_ROOM_MAX ? roster.size * ROSTER_NEWS_PER_MEMBER_MS : 0)
	}

	return {
		kind: 'mesh',
		counts,
		start: (peer) => {
			if (state.self !== null || state.isStopped) throw new Error('this transport was started before')
			state.self = peer
			offSignaling = signaling.on(receive)
			timer.start()
		},
		send: (frame, to, lane) => open.get(to)?.link.send(frame, lane) ?? 'no-such-peer',
		links: (): readonly LinkView[] =>
			[...open].map(([peer, { link, device, handover }]) => ({
				peer,
				device,
				path: handover === null ? link.path() : 'relayed',
				rttMs: link.rttMs(),
			})),
		drop: (peer, reason) => {
			const current = open.get(peer)
			if (current === undefined) return
			if (reason === 'misbehaved') state.banned.add(current.device)
			retries.noteFailure(peer)
			links.dismiss(peer, reason)
			repairSoon()
		},
		reviewOutcasts: () => {
			for (const [peer, { device }] of [...open])
				if (isOutcast(state, device, roster.get(peer)?.subject ?? null)) links.dismiss(peer, 'removed')
			for (const peer of [...underway.keys()]) if (isBanned(state, peer)) endAttempt(state, peer)
			repairSoon()
		},
		redial: () => {
			for (const [peer, { path }] of [...open]) if (path === 'direct') links.dismiss(peer, 'error')
			for (const [peer, { path }] of [...underway]) if (path === 'direct') endAttempt(state, peer)
			relay.note((ways) => ways.retryNow())
			repairSoon()
		},
		on,
		stop: () => {
			if (state.isStopped) return
			state.isStopped = true
			clear()
			offSignaling()
			timer.stop()
			for (const peer of [...underway.keys()]) endAttempt(state, peer)
			links.leave()
			relay.stop()
		},
	}
}
