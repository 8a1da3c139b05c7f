/**
 * The port that moves opaque frames between this peer and others. It knows nothing of rooms, records or Yjs.
 * Every adapter runs `contract.ts`, the in-memory one too.
 */
import type { DeviceId, PeerId } from '#lib/core/units.ts'

/** `lossy` is unordered and never resent: clock pings, playback samples. */
export type Lane = 'ordered' | 'lossy'

/** `turn`: a channel, through a TURN server. */
export type LinkPath = 'direct' | 'turn' | 'relayed' | 'local'

export type SendOutcome = 'sent' | 'queued' | 'no-such-peer' | 'too-big' | 'full'

export type PeerDownReason =
	'left' | 'timeout' | 'error' | 'proof-failed' | 'stopped' | 'redirected' | 'misbehaved' | 'removed'

export type TransportEvent =
	/** The link is open and both sides have proved who they are: `device` is the key that signed. */
	| { readonly type: 'peer-up'; readonly peer: PeerId; readonly device: DeviceId; readonly path: LinkPath }
	| { readonly type: 'peer-down'; readonly peer: PeerId; readonly reason: PeerDownReason }
	| { readonly type: 'frame'; readonly peer: PeerId; readonly lane: Lane; readonly frame: Uint8Array }
	/** The same link by another way, or what is known of its way: nothing that was sent is lost or comes twice. */
	| { readonly type: 'path-changed'; readonly peer: PeerId; readonly path: LinkPath }
	/** A peer whose send queue was full can take frames again. */
	| { readonly type: 'drained'; readonly peer: PeerId }

/** A frame on the ordered lane after reassembly; state sync goes in several. */
export const FRAME_MAX_BYTES = 64 * 1024
export const LOSSY_FRAME_MAX_BYTES = 1_100

export interface LinkView {
	readonly peer: PeerId
	readonly device: DeviceId
	readonly path: LinkPath
	/** Smallest round trip of the last minute; null before the first answer. */
	readonly rttMs: number | null
}

export interface Transport {
	readonly kind: 'mesh' | 'broadcast-channel' | 'memory'
	start(self: PeerId): void
	/** `queued`: accepted, waiting for buffer space. `full`: refused, nothing was taken; wait for `drained`. */
	send(frame: Uint8Array, to: PeerId, lane: Lane): SendOutcome
	/** Open links, in no order. */
	links(): readonly LinkView[]
	/** Ends the link; the peer may come back unless `reason` is 'misbehaved'. */
	drop(peer: PeerId, reason: PeerDownReason): void
	on(fn: (event: TransportEvent) => void): () => void
	/** Idempotent; no event after it. */
	stop(): void
}
