/**
 * The port below the mesh: a raw pipe of two lanes to one peer, and who makes such pipes. It carries messages of up
 * to 16 KiB and proves nothing about who is at the other end; `link.ts` does.
 */
import type { Lane } from './transport.ts'
import type { PeerId } from '#lib/core/units.ts'

/** What every browser's data channel takes in one message. */
export const CHANNEL_MESSAGE_MAX_BYTES = 16 * 1024

export type ChannelEvent =
	| { readonly type: 'message'; readonly lane: Lane; readonly bytes: Uint8Array }
	/** Whether it leads through a TURN server; told when that is found out, and when it changes. */
	| { readonly type: 'route'; readonly isTurn: boolean }
	/** The ordered lane's buffer has fallen below its low mark. */
	| { readonly type: 'buffer-low' }
	/** Once, and nothing after it; not for our own `close`. */
	| { readonly type: 'closed'; readonly why: string }

export interface Channel {
	/**
	 * What ties proofs to this very pipe, the same bytes at both ends and at no other pair of ends:
	 * for WebRTC both DTLS fingerprints.
	 */
	readonly binding: Uint8Array
	/** `closed`: nothing was sent and nothing will be. The lossy lane may drop what it says it sent. */
	send(bytes: Uint8Array, lane: Lane): 'sent' | 'closed'
	/** Bytes accepted and not yet on their way. */
	bufferedBytes(lane: Lane): number
	/** From here on it is better to wait for `buffer-low`; a fast channel's where it is not said. */
	readonly bufferHighBytes?: number
	on(fn: (event: ChannelEvent) => void): () => void
	/** Idempotent. */
	close(): void
}

export interface ChannelRequest {
	readonly self: PeerId
	readonly peer: PeerId
	/** The one who dials makes the offer. */
	readonly role: 'dial' | 'accept'
	/** Brings parcels of signals to the other end's attempt. */
	sendSignals(signals: readonly string[]): void
	onOpen(channel: Channel): void
	/** Instead of `onOpen`, or never. Not after `cancel`. */
	onFailed(why: string): void
}

export interface ChannelAttempt {
	/** Signals from the other end, input from a stranger until proved otherwise. */
	receive(signals: readonly string[]): void
	/** Gives everything back. Nothing is called after it. Does nothing once the channel is open. */
	cancel(): void
}

export interface ChannelMaker {
	/** Calls nothing back but `sendSignals` before it has returned. */
	open(request: ChannelRequest): ChannelAttempt
}
