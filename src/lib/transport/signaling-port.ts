/**
 * How the mesh reaches peers it has no link to yet: an authenticated roster and sealed, addressed signals.
 * The WebSocket client stands behind it in the app, an in-memory switchboard in tests.
 */
import type { CloseName } from '#lib/protocol/close-codes.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { PeerId } from '#lib/core/units.ts'

export type SignalingEvent =
	| { readonly type: 'open'; readonly roster: readonly RosterEntry[] }
	| { readonly type: 'peer-joined'; readonly entry: RosterEntry }
	| { readonly type: 'peer-left'; readonly peer: PeerId }
	/** Already opened: `data` is what the peer sealed for us. */
	| { readonly type: 'signal'; readonly from: PeerId; readonly data: string }
	| { readonly type: 'undeliverable'; readonly peer: PeerId }
	/** A binary frame, unread. */
	| { readonly type: 'bytes'; readonly bytes: Uint8Array }
	/** Links live on without it; it reconnects by itself. */
	| {
			readonly type: 'closed'
			readonly isFatal: boolean
			readonly why: string
			/** What the server closed it with; null where the connection was lost. */
			readonly close: CloseName | null
	  }

export interface Signaling {
	isOpen(): boolean
	/** False if it could not be handed to the server; the caller's deadline deals with it. */
	send(to: PeerId, data: string): boolean
	/** A binary frame for the server; false if it could not be handed over. */
	sendBytes(frame: Uint8Array<ArrayBuffer>): boolean
	/** Bytes of frames that were handed over and have not left yet, about. */
	bufferedBytes(): number
	/** A listener that comes when it is open already is told `open`, with the roster, in a moment. */
	on(fn: (event: SignalingEvent) => void): () => void
}
