/**
 * The room: commands in, frozen snapshots and change events out. Pure: it knows no network, no storage, no screen.
 * Records, slots, the verified set and the fold live in their own files; this one ties them together.
 */
import type * as Y from 'yjs'
import type { Clock, RandomSource } from './clock.ts'
import type { Signer, SeqSource, Verifier } from './crypto.ts'
import type { Ledger } from './ledger.ts'
import type { MediaRef } from './media.ts'
import type { VectorCause } from './playback.ts'
import type { Action, Role, Settings } from './roles.ts'
import type { RoomState } from './state.ts'
import type { DeviceId, ItemId, MessageId, Millis, RoomId, Seconds, SubjectId } from './units.ts'

/** The founding facts of a room, signed by its owner and sealed with a key from the code. */
export interface RoomRoot {
	readonly v: 1
	readonly ownerDevice: DeviceId
	readonly ownerSubject: SubjectId
	readonly title: string
	readonly createdAtMs: Millis
}

/** What a verified identity token says of a device; the session checks tokens and hands these in. */
export interface IdentityClaims {
	readonly subject: SubjectId
	readonly name: string
	readonly isAccount: boolean
}

export interface RoomDeps {
	readonly doc: Y.Doc
	readonly roomId: RoomId
	readonly root: RoomRoot
	readonly signer: Signer
	readonly verifier: Verifier
	readonly seqs: SeqSource
	readonly clock: Clock
	readonly random: RandomSource
	/** Checks the identity token in an `id` record; null when it is none, expired at `atMs`, or cannot be checked yet. */
	readonly checkIdentity: (token: string, device: DeviceId, atMs: Millis) => Promise<IdentityClaims | null>
}

/** What came of a command. Nothing is lost in silence: whoever asked is told why not. */
export type CommandOutcome =
	| { readonly type: 'done'; readonly item?: ItemId; readonly message?: MessageId }
	| { readonly type: 'not-allowed'; readonly action: Action; readonly role: Role }
	| { readonly type: 'no-such-item' }
	| { readonly type: 'nothing-to-do' }
	/** `limit` in the unit of `what`. */
	| {
			readonly type: 'too-big'
			readonly what: 'text' | 'title' | 'link' | 'name' | 'queue' | 'record'
			readonly limit: number
	  }
	| { readonly type: 'room-full'; readonly limitBytes: number }
	/** The record could not be signed or numbered: storage or key trouble, in the platform's words. */
	| { readonly type: 'failed'; readonly why: string }

export interface NewItem {
	readonly media: MediaRef
	readonly title: string
	readonly durationS?: Seconds
	readonly thumbnailUrl?: string
}

export interface VectorChange {
	readonly positionS: Seconds
	readonly isPlaying: boolean
	readonly rate: number
	/** Room time; in the future for a scheduled start. */
	readonly atMs: Millis
	readonly cause?: VectorCause
	/** Another item than the current one. */
	readonly itemId?: ItemId | null
}

export interface Room {
	state(): RoomState
	/** `fn` runs after the snapshot was replaced; returns its undo. */
	onChange(fn: (state: RoomState) => void): () => void

	/** Writes this device's `id` record (key, token, name). The first act in a room, and again when either changes. */
	introduce(profile: { readonly name: string; readonly token: string | null }): Promise<CommandOutcome>
	renameRoom(title: string): Promise<CommandOutcome>
	changeSettings(change: Partial<Settings>): Promise<CommandOutcome>
	/** Owner only. `devices` limits it to some of the subject's devices; all known ones otherwise. */
	grant(subject: SubjectId, role: Role): Promise<CommandOutcome>

	readonly queue: {
		/** `end` appends, `next` puts it right behind the current item. */
		add(item: NewItem, where: 'end' | 'next'): Promise<CommandOutcome>
		remove(id: ItemId): Promise<CommandOutcome>
		/** Puts `id` before `before`, or last where that is null. */
		move(id: ItemId, before: ItemId | null): Promise<CommandOutcome>
		clear(): Promise<CommandOutcome>
		shuffle(): Promise<CommandOutcome>
		vote(id: ItemId, isFor: boolean): Promise<CommandOutcome>
		/** What a player learned of an item of ours or, with the right to reorder, of anybody's. */
		describe(
			id: ItemId,
			facts: { title?: string; durationS?: Seconds; thumbnailUrl?: string },
		): Promise<CommandOutcome>
		/** Pulls `id` right behind the current item and starts it at `atMs`. */
		playNow(id: ItemId, atMs: Millis): Promise<CommandOutcome>
		/** From `from` to the item behind it, once, however many peers ask; at the end of the queue playback stops. */
		advance(from: ItemId, atMs: Millis, cause: VectorCause): Promise<CommandOutcome>
	}
	readonly playback: {
		/** Writes a new vector whole. */
		set(change: VectorChange): Promise<CommandOutcome>
	}
	readonly chat: {
		send(text: string, at?: { positionS: Seconds; replyTo?: MessageId }): Promise<CommandOutcome>
		/** Own messages, or anybody's with the right to moderate. */
		remove(id: MessageId): Promise<CommandOutcome>
	}
	/** Writes the inverse of an activity entry. */
	undo(activityId: string): Promise<CommandOutcome>

	/** The verified set, for the carriers (`sync/`, `storage/`) to ask what is valid. */
	readonly ledger: Ledger
	/** Lets quarantined records in whose time has come. Call it about once a second. */
	tick(nowMs: Millis): void
	/** May be called twice. */
	dispose(): void
}
