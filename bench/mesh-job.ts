/**
 * What the mesh benchmark and its peer processes say to each other.
 */
import type { RoomRoot } from '#lib/core/room.ts'
import type { RoomId } from '#lib/core/units.ts'

export type Side = 'ours' | 'yWebrtc'

export interface Job {
	readonly side: Side
	/** `http://host:port` of the one signaling server. */
	readonly server: string
	readonly room: RoomId
	readonly root: RoomRoot
	/** base64 of the room key. */
	readonly roomKey: string
	/** A file that `mesh-state.ts` wrote: what a holder starts with, and what a joiner must have to be complete. */
	readonly state: string
	readonly isHolder: boolean
}

export type ToPeer =
	| { readonly type: 'start'; readonly job: Job }
	/** One more record; everybody is to have it. */
	| { readonly type: 'write' }
	| { readonly type: 'report' }
	| { readonly type: 'stop' }

export interface Report {
	readonly links: number
	readonly records: number
	/** Frames on the signaling socket, ours to the server and the server's to us. */
	readonly framesIn: number
	readonly framesOut: number
	/** Of those, clock probes and their answers. */
	readonly clockFrames: number
	/** Document updates handed to a neighbour, since the start. */
	readonly updateSends: number
}

export type FromPeer =
	| { readonly type: 'ready' }
	| { readonly type: 'started' }
	/** Everything of the state is here (and, for ours, every signature of it was verified). */
	| { readonly type: 'complete'; readonly tookMs: number }
	| ({ readonly type: 'report' } & Report)
	| { readonly type: 'stopped' }
