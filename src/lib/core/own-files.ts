/**
 * Films from people's own disks, as the screens see them: each person picks the own copy of a file, and nothing of it
 * is uploaded. Types alone: `session/local-file` does the work, `ui/room/files` has the words.
 */
import type { LocalFileRef } from './media.ts'
import type { ItemId, Seconds } from './units.ts'
import type { AskedFile } from './view.ts'

/** `RoomSession.files`. Words for what comes back are in `ui/room/files/file-text.ts`. */
export interface LocalFiles {
	/**
	 * Checks a file and puts it into the queue: the others are asked for their own copy. `handle` where the browser gave
	 * one (`pick`, `filesOfDrop`): then it is found again after a reload. `progress` is in `offering()`.
	 */
	offerFile(file: File, options?: OfferOptions): Promise<OfferOutcome>
	/** What is being checked for `offerFile` now; null when nothing is. */
	offering(): Checking | null
	/** This person's copy of an item that asks for one, or what stands in for a link's item on this device alone. */
	useFile(item: ItemId, file: File, handle?: FileHandle): Promise<UseOutcome>
	/** "Watch by my file anyway", after `differs` with `mayUseAnyway`; remembered for this item on this device. */
	useAnyway(item: ItemId): Promise<UseOutcome>
	/**
	 * The file that was used before, where `stateOf` offers it: to be called from a click, since the browser may ask
	 * the person for permission.
	 */
	reopen(item: ItemId): Promise<UseOutcome>
	/** Ends what is being checked (of an item, or without one what is being offered) and takes away what came of it. */
	cancel(item?: ItemId): void
	/** Cheap; the answer is new whenever `RoomSession.onChange` has run. */
	stateOf(item: ItemId): LocalFileState
	/** Back to the link, or to being asked; the file itself stays where it is. */
	forget(item: ItemId): Promise<void>
	/** The browser's own dialog, from a click; null where the person closed it. */
	pick(): Promise<PickedFile | null>
}

export interface OfferOptions {
	readonly handle?: FileHandle
	/** Left out: at the end of the queue. */
	readonly where?: 'end' | 'next'
	/** Asked once the file was checked: under which title it is added, and where; null takes it back. */
	readonly confirm?: (facts: FileFacts, suggestedTitle: string) => Promise<OfferChoice | null>
}

export interface OfferChoice {
	/** As typed; empty for the file's name. */
	readonly title: string
	readonly where: 'end' | 'next'
}

export interface PickedFile {
	readonly file: File
	readonly handle?: FileHandle
}

export type LocalFileState =
	/** A link, played as a link. */
	| { readonly type: 'none' }
	/** It is being found out whether a file from before can be had. */
	| { readonly type: 'looking' }
	/** The item plays from everybody's own copy, and there is none here. */
	| {
			readonly type: 'needs-file'
			readonly asked: AskedFile
			/** The name of the file used before: `reopen` asks for it with one click. */
			readonly reopen: string | null
	  }
	/** A link for which a file stood in before; until `reopen` is asked for it plays as a link. */
	| { readonly type: 'could-reopen'; readonly reopen: string }
	| ({ readonly type: 'checking' } & Checking)
	/** The file picked last does not do. What was used before it goes on (`copy`). */
	| {
			readonly type: 'refused'
			readonly name: string
			readonly problem: FileProblem
			readonly copy: OwnCopy | null
	  }
	| {
			readonly type: 'differs'
			readonly name: string
			readonly difference: FileDifference
			readonly mayUseAnyway: boolean
			readonly copy: OwnCopy | null
	  }
	| { readonly type: 'in-use'; readonly copy: OwnCopy }

export interface Checking {
	readonly name: string
	/** 0 to 1. */
	readonly progress: number
}

export type OfferOutcome =
	| { readonly type: 'added'; readonly item: ItemId; readonly title: string }
	/** The room's rules, in words. */
	| { readonly type: 'not-added'; readonly message: string }
	| { readonly type: 'refused'; readonly problem: FileProblem }
	| { readonly type: 'cancelled' }
	| NotFetched

export type UseOutcome =
	| { readonly type: 'in-use'; readonly copy: OwnCopy }
	| { readonly type: 'differs'; readonly difference: FileDifference; readonly mayUseAnyway: boolean }
	| { readonly type: 'refused'; readonly problem: FileProblem }
	/** By the person, or another file was picked meanwhile. */
	| { readonly type: 'cancelled' }
	/** No such item, or nothing to use or reopen. */
	| { readonly type: 'nothing' }
	| NotFetched

/** The code behind this could not be had: offline, or a new version was deployed. */
export interface NotFetched {
	readonly type: 'not-fetched'
}

/** Why a file does not do as a film, whoever else has it. */
export type FileProblem =
	| { readonly type: 'empty' }
	/** Moved, renamed, changed while it was read, or the permission is gone. `detail`: the browser's own name for it. */
	| { readonly type: 'unreadable'; readonly detail: string }
	/** Something else than a film or sound, by its first bytes; `format` where it has a name: "JPEG". */
	| { readonly type: 'not-media'; readonly what: OtherKind; readonly format: string | null }
	/** Nothing known by its first bytes. */
	| { readonly type: 'unknown-kind' }
	/** It begins with nothing but zeros, as downloads do that are not complete. */
	| { readonly type: 'zeros' }
	/** A film or sound, and this browser does not play it. */
	| { readonly type: 'unplayable'; readonly format: FileFormat; readonly detail: string }
	| { readonly type: 'too-big' }
	/** The person did not let the page read it. */
	| { readonly type: 'no-permission' }

export interface FileFacts {
	readonly name: string
	/** In bytes. */
	readonly size: number
	readonly hash: string
	/** Null: a recording that was never told its length. */
	readonly durationS: Seconds | null
}

/** What this device plays an item by, instead of a link. */
export interface OwnCopy {
	readonly facts: FileFacts
	/** An object URL, good until the copy is replaced or forgotten. */
	readonly url: string
	/** For words about it. */
	readonly media: LocalFileRef
	/** The very file that the item asks for. Otherwise its length and end are its own and nobody else's. */
	readonly isSame: boolean
	/** Other than the one asked for: how, for a warning that stays. Null for the same, and for a link. */
	readonly difference: FileDifference | null
}

/** As much of `FileSystemFileHandle` as is used; Chromium has the permissions, others have no handles to files. */
export interface FileHandle {
	readonly name: string
	getFile(): Promise<File>
	queryPermission?(how: { mode: 'read' }): Promise<PermissionState>
	requestPermission?(how: { mode: 'read' }): Promise<PermissionState>
}

/** What people take for a film and is none. `zip`: an archive, or a document of an office program. */
export type OtherKind =
	| 'picture'
	| 'icon'
	| 'document'
	| 'office'
	| 'zip'
	| 'archive'
	| 'program'
	| 'database'
	| 'midi'
	| 'font'
	| 'subtitles'
	| 'playlist'
	| 'page'
	| 'torrent'
	| 'text'

export type FileFormat =
	| 'mp4'
	| 'm4a'
	| 'mov'
	| 'webm'
	| 'mkv'
	| 'mp3'
	| 'aac'
	| 'ogg'
	| 'flac'
	| 'wav'
	/** Known, and played by hardly any browser: trying it shows. */
	| 'avi'
	| 'wmv'
	| 'flv'
	| 'mpeg-ts'
	| 'mpeg-ps'
	| 'aiff'

export interface FileDifference {
	/** Own less theirs, in bytes; null beside a link, whose size nobody knows. 0: as long, with other content. */
	readonly sizeBytes: number | null
	/** Own less theirs; null where one of the lengths is not known. */
	readonly durationS: Seconds | null
}
