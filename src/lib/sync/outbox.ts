/**
 * What waits for one neighbour: sync messages in order, cut into parts only as the link takes them. A neighbour that
 * takes too little loses its queue, not us our memory: what it missed it fetches by state vector later.
 */
import type { PeerId } from '#lib/core/units.ts'
import { encodeSyncPart, SYNC_MAX_BYTES, syncPartsOf, type SyncKind } from '#lib/protocol/room-frames.ts'
import type { Transport } from '#lib/transport/transport.ts'

/** Updates that may wait, behind a state or not; a state is at most one message more. */
export const OUTBOX_MAX_BYTES = 256 * 1024

export interface Outbox {
	/** `too-big` for its kind, or `full`: nothing was taken. */
	send(kind: SyncKind, message: Uint8Array): 'taken' | 'too-big' | 'full'
	/** The link takes frames again. */
	drained(): void
	readonly isEmpty: boolean
	clear(): void
}

interface Waiting {
	readonly kind: SyncKind
	readonly id: number
	readonly message: Uint8Array
	nextPart: number
}

export const createOutbox = (
	transport: Pick<Transport, 'send'>,
	peer: PeerId,
	onSent: (bytes: number) => void,
): Outbox => {
	let waiting: Waiting[] = []
	let isBlocked = false
	let lastId = 0

	const pump = (): void => {
		for (let next = waiting[0]; next !== undefined && !isBlocked; next = waiting[0]) {
			const frame = encodeSyncPart(next.kind, next.id, next.message, next.nextPart)
			switch (transport.send(frame, peer, 'ordered')) {
				case 'full':
					isBlocked = true
					return
				case 'no-such-peer':
				case 'too-big':
					waiting = [] // the link is gone, which is told separately; nothing of this would arrive
					return
				case 'sent':
				case 'queued':
					onSent(frame.length)
					next.nextPart++
					if (next.nextPart === syncPartsOf(next.message.length)) waiting.shift()
			}
		}
	}

	const hasRoomFor = (kind: SyncKind, bytes: number): boolean => {
		if (kind === 'step2') return waiting.every((one) => one.kind !== 'step2')
		const held = waiting.reduce((sum, one) => sum + (one.kind === 'step2' ? 0 : one.message.length), 0)
		return held + bytes <= OUTBOX_MAX_BYTES
	}

	return {
		send: (kind, message) => {
			if (message.length === 0 || message.length > SYNC_MAX_BYTES[kind]) return 'too-big'
			if (!hasRoomFor(kind, message.length)) return 'full'
			lastId = (lastId + 1) >>> 0
			waiting.push({ kind, id: lastId, message, nextPart: 0 })
			pump()
			return 'taken'
		},
		drained: () => {
			isBlocked = false
			pump()
		},
		get isEmpty() {
			return waiting.length === 0
		},
		clear: () => {
			waiting = []
		},
	}
}
