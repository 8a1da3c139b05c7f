/**
 * Several transports as one: the mesh to other devices and the channel to other tabs of this browser. Peer ids are
 * unique, so a frame goes to the one transport that has a link to its peer.
 */
import type { PeerId } from '#lib/core/units.ts'
import type { LinkView, Transport, TransportEvent } from './transport.ts'

export interface CombinedTransport extends Transport {
	/** Starts `transport` and speaks through it until it is stopped; returns its removal. */
	add(transport: Transport): () => void
}

export const createCombinedTransport = (): CombinedTransport => {
	const parts = new Map<Transport, () => void>()
	const listeners = new Set<(event: TransportEvent) => void>()
	/** Which part a peer came up on; the first one stays. */
	const homes = new Map<PeerId, Transport>()
	let self: PeerId | null = null
	let isStopped = false

	const emit = (event: TransportEvent) => {
		for (const fn of [...listeners]) fn(event)
	}

	const relay = (part: Transport) => (event: TransportEvent) => {
		if (isStopped) return
		if (event.type === 'peer-up') {
			if (homes.has(event.peer)) return
			homes.set(event.peer, part)
		} else if (homes.get(event.peer) !== part) return
		if (event.type === 'peer-down') homes.delete(event.peer)
		emit(event)
	}

	return {
		kind: 'mesh',
		add: (part) => {
			if (isStopped) throw new Error('this transport was stopped')
			const off = part.on(relay(part))
			parts.set(part, off)
			if (self !== null) part.start(self)
			return () => {
				if (!parts.delete(part)) return
				part.stop() // its peers go down through `relay` or, where it ends in silence, here:
				off()
				for (const [peer, home] of homes) {
					if (home !== part) continue
					homes.delete(peer)
					emit({ type: 'peer-down', peer, reason: 'stopped' })
				}
			}
		},
		start: (id) => {
			self = id
			for (const part of parts.keys()) part.start(id)
		},
		send: (frame, to, lane) => homes.get(to)?.send(frame, to, lane) ?? 'no-such-peer',
		links: (): readonly LinkView[] =>
			[...parts.keys()].flatMap((part) => part.links().filter((link) => homes.get(link.peer) === part)),
		drop: (peer, reason) => homes.get(peer)?.drop(peer, reason),
		on: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		stop: () => {
			if (isStopped) return
			isStopped = true
			for (const [part, off] of parts) {
				off()
				part.stop()
			}
			parts.clear()
			homes.clear()
			listeners.clear()
		},
	}
}
