/**
 * The room as everybody sees it: what the fold makes of the verified records. Frozen, replaced whole.
 */
import type { MediaRef } from './media.ts'
import type { PlaybackVector } from './playback.ts'
import type { Audience, QueueLoop, QueueOrder, Role, Settings } from './roles.ts'
import type { DeviceId, ItemId, MessageId, Millis, Seconds, SubjectId, SubtitleId } from './units.ts'

/** Everyone who has ever left a record here; who is present is the session's business, not the document's. */
export interface Member {
	readonly device: DeviceId
	readonly subject: SubjectId
	readonly name: string
	/** 1 to 8: which seat cover, from the subject id, the same on every screen. */
	readonly seat: number
	readonly role: Role
	/** The server vouches for the name: signed in, not a guest. */
	readonly isVerified: boolean
	/** Signed in, under whatever name. */
	readonly isAccount: boolean
	readonly pictureId: string | null
	readonly firstSeenAtMs: Millis
}

export interface QueueItem {
	readonly id: ItemId
	readonly media: MediaRef
	readonly title: string
	/** Unknown until some player has loaded it. */
	readonly durationS: Seconds | null
	readonly thumbnailUrl: string | null
	readonly addedBy: DeviceId
	readonly addedAtMs: Millis
	/** Fractional key: items sort by it, then by id. */
	readonly position: string
	readonly votes: number
	readonly didIVote: boolean
}

export interface QueueState {
	/** Before the current item, oldest first. */
	readonly earlier: readonly QueueItem[]
	readonly current: QueueItem | null
	/** In the order in which they come: with 'most votes next' not that of their positions. */
	readonly next: readonly QueueItem[]
	/** What comes when the current one is over: the first of next; in a loop the current one or the first of all. */
	readonly following: QueueItem | null
}

/** One emoji on a message. */
export interface ChatReaction {
	readonly emoji: string
	/** A device of each person, in the order in which they reacted. */
	readonly by: readonly DeviceId[]
	/** The reader's person is among them. */
	readonly isMine: boolean
}

/** A message that was taken back. */
export interface ChatDeletion {
	readonly id: MessageId
	readonly from: DeviceId
	/** Its author's person, or an operator. */
	readonly by: DeviceId
	readonly atMs: Millis
}

/** A file of subtitles for an item, that a member gave to all. Its bytes are the room's to hand out. */
export interface SubtitleFile {
	readonly id: SubtitleId
	readonly item: ItemId
	readonly name: string
	/** A language tag (`en`, `zh-Hans`), or null. */
	readonly language: string | null
	readonly by: DeviceId
	readonly atMs: Millis
	/** What the file had been. */
	readonly format: 'vtt' | 'srt'
	/** Of its packed bytes those that are here. */
	readonly bytes: number
	/** Bytes that it unpacks to, as its giver says: no more may be unpacked. */
	readonly size: number
	/** Records that it takes. */
	readonly parts: number
	/** All of them are here. */
	readonly isWhole: boolean
}

export interface ChatMessage {
	readonly id: MessageId
	readonly from: DeviceId
	/** As last edited. */
	readonly text: string
	readonly atMs: Millis
	/** Null: never. */
	readonly editedAtMs: Millis | null
	/** The place in the film where it was said. */
	readonly item: ItemId | null
	readonly positionS: Seconds | null
	readonly replyTo: MessageId | null
	/** Who took back the message that this one answers; null where nobody did. */
	readonly replyDeletedBy: DeviceId | null
	readonly reactions: readonly ChatReaction[]
	/** First seen here more than two minutes after it claims to have been said. */
	readonly isLate: boolean
}

/** What happened, with who and when; `undo` names the inverse where there is one. */
export type Deed =
	| { readonly type: 'came-in' }
	| { readonly type: 'opened-room' }
	| { readonly type: 'added'; readonly item: ItemId; readonly title: string }
	| { readonly type: 'removed'; readonly item: ItemId; readonly title: string }
	| { readonly type: 'moved'; readonly item: ItemId; readonly title: string }
	| { readonly type: 'cleared'; readonly count: number }
	| { readonly type: 'shuffled' }
	| { readonly type: 'played'; readonly positionS: Seconds }
	| { readonly type: 'paused'; readonly positionS: Seconds }
	| { readonly type: 'sought'; readonly positionS: Seconds }
	| { readonly type: 'set-speed'; readonly rate: number }
	| { readonly type: 'started'; readonly item: ItemId; readonly title: string }
	/** To the next item; `isSkip`: somebody wanted it, the one before was not over. */
	| {
			readonly type: 'went-on'
			readonly item: ItemId
			readonly title: string
			readonly isSkip: boolean
	  }
	| { readonly type: 'waited'; readonly forDevice: DeviceId }
	| { readonly type: 'asked-ready' }
	| { readonly type: 'counted-down' }
	| { readonly type: 'stopped-for'; readonly device: DeviceId }
	| { readonly type: 'renamed-room'; readonly title: string }
	| { readonly type: 'changed-settings'; readonly changes: readonly SettingChange[] }
	| { readonly type: 'granted'; readonly subject: SubjectId; readonly role: Role }
	| { readonly type: 'put-out'; readonly subject: SubjectId }
	| { readonly type: 'let-in'; readonly subject: SubjectId }
	/** One message or more of one person were hidden by somebody else. */
	| { readonly type: 'hid-message'; readonly from: DeviceId }
	| { readonly type: 'shared-subtitles'; readonly name: string }
	| { readonly type: 'removed-subtitles'; readonly name: string }
	| { readonly type: 'handed-over'; readonly subject: SubjectId }
	| { readonly type: 'changed-lock' }

/** One rule of the room, from and to what. */
export type SettingChange =
	| {
			readonly what: 'control' | 'add' | 'reorder' | 'chat'
			readonly from: Audience
			readonly to: Audience
	  }
	| {
			readonly what: 'waits' | 'pausesOnLeave' | 'fetchesTitles' | 'keepsHistory'
			readonly from: boolean
			readonly to: boolean
	  }
	| { readonly what: 'chatEveryS'; readonly from: number; readonly to: number }
	| { readonly what: 'order'; readonly from: QueueOrder; readonly to: QueueOrder }
	| { readonly what: 'loop'; readonly from: QueueLoop; readonly to: QueueLoop }

/** Somebody who is out: put out by an operator, or banned by the owner. */
export interface Removal {
	readonly subject: SubjectId
	/** As last seen; empty where the person never left a name. */
	readonly name: string
	readonly by: DeviceId
	readonly atMs: Millis
	/** Only the owner lets them in again. */
	readonly isBan: boolean
}

export interface ActivityEntry {
	/** Stable: the record's author and seq. */
	readonly id: string
	readonly by: DeviceId
	readonly atMs: Millis
	readonly deed: Deed
	/** An inverse exists (whether the reader may use it is `can`'s answer). */
	readonly isUndoable: boolean
	readonly undoneBy: DeviceId | null
}

export interface RoomState {
	readonly title: string
	readonly createdAtMs: Millis
	readonly settings: Settings
	readonly me: DeviceId
	readonly myRole: Role
	/** Why `me` is out, where the role is banned. */
	readonly myRemoval: Removal | null
	readonly removals: readonly Removal[]
	/** An offer of the owner's that nobody has accepted yet. */
	readonly offer: { readonly to: SubjectId; readonly by: DeviceId; readonly atMs: Millis } | null
	/** The lock was changed: everybody who stays has gone to another room. */
	readonly moved: { readonly by: DeviceId; readonly atMs: Millis } | null
	readonly members: readonly Member[]
	readonly queue: QueueState
	readonly playback: PlaybackVector
	/** In HLC order, oldest first. */
	readonly chat: readonly ChatMessage[]
	/** Messages taken back, in the order in which they were. */
	readonly chatDeletions: readonly ChatDeletion[]
	/** Of each person the newest for an item and language, newest first. */
	readonly subtitles: readonly SubtitleFile[]
	/** Newest first. */
	readonly activity: readonly ActivityEntry[]
}
