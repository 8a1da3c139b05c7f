/**
 * The transport in memory: everybody on one simulated network has a link to everybody (or to whom `topology` lets
 * them), without handshakes. It comes back by itself after breaks and partitions, as the mesh does.
 */
import type { DeviceId, Millis, PeerId } from '#lib/core/units.ts'
import { encodeLinkMessage, parseLinkMessage } from '#lib/protocol/peer.ts'
import type { Channel } from './channel.ts'
import { createFrameSender, createReassembler, type FrameSender } from './chunks.ts'
import { createEmitter } from './emitter.ts'
import { byeReasonOf, downReasonOf } from './farewell.ts'
import type { MemoryNetwork } from './memory-network.ts'
import { drawBetween } from './seeded-random.ts'
import type { PeerDownReason, Transport, TransportEvent } from './transport.ts'

/** Links across a partition end after this, as silent ones do in the mesh. */
const SILENCE_LIMIT_MS: Millis = 15_000
const RELINK_MIN_MS: Millis = 1_000
const RELINK_MAX_MS: Millis = 2_000
const CHECK_EVERY_MS: Millis = 1_000

interface MemoryLink {
	readonly channel: Channel
	readonly device: DeviceId
	readonly sender: FrameSender
}

interface Party {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly links: Map<PeerId, MemoryLink>
	readonly banned: Set<DeviceId>
	up(other: Party, channel: Channel): void
	down(peer: PeerId, reason: PeerDownReason): void
}

const closeWith = (channel: Channel, reason: PeerDownReason) => {
	channel.send(encodeLinkMessage({ type: 'bye', reason: byeReasonOf(reason), others: [] }), 'ordered')
	channel.close()
}

export interface MemoryTransports {
	/** A transport for one device; it joins when started. */
	create(device: DeviceId): Transport
}

export interface MemoryTransportOptions {
	/** Who may have a link with whom; everybody with everybody by default. Asked in both orders. */
	readonly topology?: (a: PeerId, b: PeerId) => boolean
}

export const createMemoryTransports = (
	network: MemoryNetwork,
	{ topology = () => true }: MemoryTransportOptions = {},
): MemoryTransports => {
	const { timers, random } = network
	const parties = new Map<PeerId, Party>()

	const isWanted = (a: Party, b: Party): boolean =>
		parties.get(a.peer) === a &&
		parties.get(b.peer) === b &&
		topology(a.peer, b.peer) &&
		topology(b.peer, a.peer) &&
		!a.banned.has(b.device) &&
		!b.banned.has(a.device)

	const link = (a: Party, b: Party) => {
		if (!isWanted(a, b) || a.links.has(b.peer) || b.links.has(a.peer)) return
		if (!network.canReach(a.peer, b.peer)) {
			if (network.isAlive(a.peer) && network.isAlive(b.peer)) relink(a, b)
			return
		}
		const [endA, endB] = network.connect(a.peer, b.peer)
		a.up(b, endA)
		b.up(a, endB)
	}
	const relink = (a: Party, b: Party) =>
		timers.setTimeout(() => link(a, b), drawBetween(random, RELINK_MIN_MS, RELINK_MAX_MS))

	/** Ends links that a partition or a death has kept silent for too long. */
	const watch = (a: Party, b: Party, channel: Channel) => {
		let reachableAtMs = timers.nowMs()
		const check = () => {
			if (a.links.get(b.peer)?.channel !== channel) return
			if (network.canReach(a.peer, b.peer)) reachableAtMs = timers.nowMs()
			else if (timers.nowMs() - reachableAtMs >= SILENCE_LIMIT_MS) {
				a.down(b.peer, 'timeout')
				return
			}
			timers.setTimeout(check, CHECK_EVERY_MS)
		}
		timers.setTimeout(check, CHECK_EVERY_MS)
	}

	const create = (device: DeviceId): Transport => {
		const { emit, on, clear } = createEmitter<TransportEvent>()
		let party: Party | null = null
		let isStopped = false

		const createParty = (peer: PeerId): Party => {
			const me: Party = {
				peer,
				device,
				links: new Map(),
				banned: new Set(),
				up: (other, channel) => {
					const sender = createFrameSender(channel)
					const reassembler = createReassembler()
					me.links.set(other.peer, { channel, sender, device: other.device })
					channel.on((event) => {
						if (event.type === 'closed') me.down(other.peer, 'error')
						else if (event.type === 'buffer-low') {
							if (sender.pump()) emit({ type: 'drained', peer: other.peer })
						} else if (event.type === 'message') {
							const part = parseLinkMessage(event.bytes)
							if (part?.type === 'bye') me.down(other.peer, downReasonOf(part.reason))
							if (part?.type !== 'whole' && part?.type !== 'first' && part?.type !== 'more') return
							const result = reassembler.take(part)
							if (result.type === 'frame')
								emit({ type: 'frame', peer: other.peer, lane: event.lane, frame: result.frame })
						}
					})
					watch(me, other, channel)
					emit({ type: 'peer-up', peer: other.peer, device: other.device, path: 'direct' })
				},
				down: (otherPeer, reason) => {
					const lost = me.links.get(otherPeer)
					if (lost === undefined) return
					me.links.delete(otherPeer)
					closeWith(lost.channel, reason)
					const other = parties.get(otherPeer)
					if (other !== undefined && !isStopped) relink(me, other)
					emit({ type: 'peer-down', peer: otherPeer, reason })
				},
			}
			return me
		}

		return {
			kind: 'memory',
			start: (peer) => {
				if (party !== null || isStopped) throw new Error('this transport was started before')
				if (parties.has(peer)) throw new Error('another transport has this peer id')
				const me = createParty(peer)
				party = me
				parties.set(peer, me)
				for (const other of parties.values())
					if (other !== me) timers.setTimeout(() => link(me, other), 2 * network.drawDelayMs())
			},
			send: (frame, to, lane) => party?.links.get(to)?.sender.send(frame, lane) ?? 'no-such-peer',
			links: () =>
				[...(party?.links ?? [])].map(([peer, { device }]) => ({
					peer,
					device,
					path: 'direct',
					rttMs: 2 * network.conditions().delayMs,
				})),
			drop: (peer, reason) => {
				const lost = party?.links.get(peer)
				if (party === null || lost === undefined) return
				if (reason === 'misbehaved') party.banned.add(lost.device)
				party.down(peer, reason)
			},
			on,
			stop: () => {
				if (isStopped) return
				isStopped = true
				clear()
				if (party === null) return
				parties.delete(party.peer)
				for (const { channel } of party.links.values()) closeWith(channel, 'left')
				party.links.clear()
			},
		}
	}

	return { create }
}
