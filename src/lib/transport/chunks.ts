/**
 * Frames over a channel whose messages hold 16 KiB: cut on one side, put together on the other, one frame at a time.
 * The sending side keeps a bounded queue and feeds the channel only as fast as it drains.
 */
import { encodeLinkMessage, LINK_MESSAGE_MAX_BYTES, type LinkMessage } from '#lib/protocol/peer.ts'
import type { Channel } from './channel.ts'
import { FRAME_MAX_BYTES, LOSSY_FRAME_MAX_BYTES, type Lane, type SendOutcome } from './transport.ts'

const TYPE_BYTES = 1
const TOTAL_BYTES = 4
const FIRST_PAYLOAD_BYTES = LINK_MESSAGE_MAX_BYTES - TYPE_BYTES - TOTAL_BYTES
const MORE_PAYLOAD_BYTES = LINK_MESSAGE_MAX_BYTES - TYPE_BYTES

/** Above this the channel's own buffer is left to drain: enough for 100 Mbit/s at 20 ms. */
export const CHANNEL_BUFFER_HIGH_BYTES = 256 * 1024
export const QUEUE_MAX_BYTES = 4 * 1024 * 1024
/** A queue that was full says `drained` when it has fallen to this. */
export const QUEUE_DRAINED_BYTES = QUEUE_MAX_BYTES / 2
/** Datagrams are worth nothing late: above this they are dropped rather than buffered. */
export const LOSSY_BUFFER_MAX_BYTES = 64 * 1024

/** The messages that carry `frame`, in order. */
export function* cutFrame(frame: Uint8Array): Generator<Uint8Array> {
	if (frame.length <= MORE_PAYLOAD_BYTES) {
		yield encodeLinkMessage({ type: 'whole', payload: frame })
		return
	}
	yield encodeLinkMessage({
		type: 'first',
		totalBytes: frame.length,
		payload: frame.subarray(0, FIRST_PAYLOAD_BYTES),
	})
	for (let at = FIRST_PAYLOAD_BYTES; at < frame.length; at += MORE_PAYLOAD_BYTES)
		yield encodeLinkMessage({ type: 'more', payload: frame.subarray(at, at + MORE_PAYLOAD_BYTES) })
}

export type FramePart = Extract<LinkMessage, { readonly type: 'whole' | 'first' | 'more' }>

export type Reassembly =
	| { readonly type: 'frame'; readonly frame: Uint8Array }
	| { readonly type: 'pending' }
	/** Longer than allowed, or parts out of place: the sender does not keep the protocol. */
	| { readonly type: 'broken'; readonly why: string }

export interface Reassembler {
	take(part: FramePart): Reassembly
}

/** Holds at most one frame, whose size is checked before room is made for it. */
export const createReassembler = (maxBytes: number = FRAME_MAX_BYTES): Reassembler => {
	let partial: { readonly frame: Uint8Array; filledBytes: number } | null = null
	const broken = (why: string): Reassembly => {
		partial = null
		return { type: 'broken', why }
	}
	const fill = (held: NonNullable<typeof partial>, payload: Uint8Array): Reassembly => {
		if (held.filledBytes + payload.length > held.frame.length) return broken('more bytes than announced')
		held.frame.set(payload, held.filledBytes)
		held.filledBytes += payload.length
		if (held.filledBytes < held.frame.length) return { type: 'pending' }
		partial = null
		return { type: 'frame', frame: held.frame }
	}
	return {
		take: (part) => {
			switch (part.type) {
				case 'whole':
					if (partial !== null) return broken('a frame inside another')
					if (part.payload.length > maxBytes) return broken('frame too big')
					return { type: 'frame', frame: part.payload.slice() }
				case 'first':
					if (partial !== null) return broken('a frame inside another')
					if (part.totalBytes > maxBytes) return broken('frame too big')
					partial = { frame: new Uint8Array(part.totalBytes), filledBytes: 0 }
					return fill(partial, part.payload)
				case 'more':
					return partial === null ? broken('a part without a beginning') : fill(partial, part.payload)
			}
		},
	}
}

export interface FrameSender {
	/** As `Transport.send`; 'no-such-peer' once the channel is closed. Takes a copy of what it queues. */
	send(frame: Uint8Array, lane: Lane): SendOutcome
	/** The channel has room again. True when a queue that had refused a frame can take some now. */
	pump(): boolean
	/**
	 * No frame after the one that is half cut: `last` follows it. The frames not begun, for another channel, and
	 * whether others were refused.
	 */
	leave(last: Uint8Array): { readonly frames: readonly Uint8Array[]; readonly didRefuse: boolean }
	/** Keeps ordered frames until `release`, which tells as `pump` does. */
	hold(): void
	release(): boolean
	readonly queuedBytes: number
}

export const createFrameSender = (channel: Channel): FrameSender => {
	/** Frames waiting; the first may be half cut. */
	const waiting: Uint8Array[] = []
	let parts: Generator<Uint8Array> | null = null
	let partsBytes = 0
	let queuedBytes = 0
	let didRefuse = false
	let isHeld = false
	let lastWord: Uint8Array | null = null
	const highBytes = channel.bufferHighBytes ?? CHANNEL_BUFFER_HIGH_BYTES

	const hasRoom = () => !isHeld && channel.bufferedBytes('ordered') < highBytes

	/** Feeds the channel while it has room; true when nothing is left. */
	const feed = (): boolean => {
		while (hasRoom()) {
			if (parts === null) {
				const frame = waiting.shift()
				if (frame === undefined) {
					if (lastWord !== null) channel.send(lastWord, 'ordered')
					lastWord = null
					return true
				}
				parts = cutFrame(frame)
				partsBytes = frame.length
			}
			const part = parts.next()
			if (part.done === true) {
				parts = null
				queuedBytes -= partsBytes
			} else if (channel.send(part.value, 'ordered') === 'closed') return false
		}
		return parts === null && waiting.length === 0
	}

	const pump = (): boolean => {
		feed()
		if (!didRefuse || queuedBytes > QUEUE_DRAINED_BYTES) return false
		didRefuse = false
		return true
	}

	const sendLossy = (frame: Uint8Array): SendOutcome => {
		if (frame.length > LOSSY_FRAME_MAX_BYTES) return 'too-big'
		if (channel.bufferedBytes('lossy') > LOSSY_BUFFER_MAX_BYTES) return 'full'
		const outcome = channel.send(encodeLinkMessage({ type: 'whole', payload: frame }), 'lossy')
		return outcome === 'closed' ? 'no-such-peer' : 'sent'
	}

	return {
		send: (frame, lane) => {
			if (lane === 'lossy') return sendLossy(frame)
			if (frame.length > FRAME_MAX_BYTES) return 'too-big'
			if (queuedBytes + frame.length > QUEUE_MAX_BYTES) {
				didRefuse = true
				return 'full'
			}
			queuedBytes += frame.length
			waiting.push(frame.slice())
			return feed() ? 'sent' : 'queued'
		},
		pump,
		leave: (last) => {
			const frames = waiting.splice(0)
			lastWord = last
			isHeld = false
			feed()
			return { frames, didRefuse }
		},
		hold: () => {
			isHeld = true
		},
		release: () => {
			isHeld = false
			return pump()
		},
		get queuedBytes() {
			return queuedBytes
		},
	}
}
