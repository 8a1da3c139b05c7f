/**
 * Words between the hub and what joins it to the hubs of other processes: who is where, and what goes to and fro.
 */
import type { PeerId, RoomId, SubjectId } from '#lib/core/units.ts'
import type { RosterEntry } from '#lib/protocol/signaling.ts'
import type { ProcessId } from './bus/bus.ts'

/** A member of a room that another process has. */
export interface RemoteMember {
	readonly entry: RosterEntry
	/** When it joined, by the clock of its process. */
	readonly sinceMs: number
	/** False in its grace: it lost its socket and may come back. */
	readonly isHere: boolean
}

/** `lost`: it may come back within its grace. */
export type RemoteLeaving = 'left' | 'timeout' | 'closed' | 'lost'

/** What a hub hears of others. */
export type RemoteEvent =
	/** Everybody whom `process` has in `room`, whatever was known before. */
	| {
			readonly type: 'remote-roster'
			readonly room: RoomId
			readonly process: ProcessId
			readonly members: readonly RemoteMember[]
	  }
	| {
			readonly type: 'remote-joined'
			readonly room: RoomId
			readonly process: ProcessId
			readonly member: RemoteMember
			/** Where the same peer was before, as far as `process` knew. */
			readonly replaces: ProcessId | null
	  }
	| {
			readonly type: 'remote-left'
			readonly room: RoomId
			readonly process: ProcessId
			readonly peer: PeerId
			readonly why: RemoteLeaving
	  }
	/** Stopped or silent: its members may come back to another. */
	| { readonly type: 'remote-process-gone'; readonly process: ProcessId }
	/** It has nobody in this room any more. */
	| { readonly type: 'remote-room-closed'; readonly process: ProcessId; readonly room: RoomId }
	| ({ readonly type: 'remote-parcel'; readonly process: ProcessId } & Parcel)
	/** What `from`, one of ours, sent to `to` could not be brought. */
	| ({ readonly type: 'remote-undeliverable' } & ParcelWay)

interface ParcelWay {
	readonly room: RoomId
	readonly from: PeerId
	readonly to: PeerId
	readonly kind: 'signal' | 'relay'
}

/** From a member of one process to a member of another. */
export type Parcel =
	| (ParcelWay & { readonly kind: 'signal'; readonly data: string })
	/** `frame`: as the recipient gets it. */
	| (ParcelWay & { readonly kind: 'relay'; readonly frame: Uint8Array })

/** What a hub tells others. */
export type RoomNews =
	/** The first of ours came; the last of ours is gone. */
	| { readonly type: 'opened' }
	| { readonly type: 'closed' }
	| { readonly type: 'joined'; readonly member: RemoteMember; readonly replaces: ProcessId | null }
	| { readonly type: 'left'; readonly peer: PeerId; readonly why: RemoteLeaving }

export type HubPublish =
	/** To every process that has members of the room; there is one, but for `opened` and `closed`. */
	| { readonly type: 'publish'; readonly to: 'room'; readonly room: RoomId; readonly news: RoomNews }
	| { readonly type: 'publish'; readonly to: ProcessId; readonly parcel: Parcel }
	| { readonly type: 'publish'; readonly to: ProcessId; readonly undeliverable: ParcelWay }

/** Who was removed from which room, or let in again, by whichever process. */
export interface RemovalNote {
	readonly room: RoomId
	readonly subject: SubjectId
	readonly isRemoved: boolean
}
