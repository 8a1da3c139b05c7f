/**
 * What the screens are given and what they ask for: snapshots in, commands out. `session/` fills these records,
 * tests and the playground make them up. Nothing here knows a socket, a document or a player.
 */
import type { LocalFiles, PickedFile } from '#lib/core/own-files.ts'
import type { Action, Settings } from '#lib/core/roles.ts'
import type { FiguresResult } from '#lib/core/room-figures.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId, MessageId, Millis, Seconds, SubjectId, SubtitleId } from '#lib/core/units.ts'
import type {
	AddManyResult,
	AddResult,
	ConnectionView,
	ExtensionView,
	ListReading,
	OwnSettings,
	PersonView,
	PlayerView,
	StatusView,
	StepStats,
	SubtitlesAdded,
	SubtitlesRead,
	ToastView,
	VideoSearch,
	VisitedRoomView,
} from '#lib/core/view.ts'

/** Where a new item goes: behind all others (it plays, if nothing is on), or right after the current one. */
export type AddPlace = 'end' | 'next'

/** What came of something asked for; `message` is one sentence for the person, shown where they typed. */
export type CommandResult = { readonly type: 'done' } | { readonly type: 'refused'; readonly message: string }

export interface InviteView {
	/** The whole link, with the code in its fragment. */
	readonly link: string
	/** The code in groups of four, with dashes. */
	readonly code: string
	/** The browser has a share sheet. */
	readonly canShare: boolean
}

/** Everything a person can ask of the room. Those that answer at once in the state return nothing. */
export interface RoomCommands {
	readonly play: () => void
	readonly pause: () => void
	/** Media seconds, already within 0 and the length. */
	readonly seek: (positionS: Seconds) => void
	/** Goes to the next item; also Skip of a video that cannot be played. */
	readonly next: () => void
	readonly setRate: (rate: number) => void
	/** 0 to 1, this device only. */
	readonly setVolume: (volume: number) => void
	readonly setMuted: (isMuted: boolean) => void
	/** One of `player.quality`, this device only; null: by what the line bears. */
	readonly setQuality: (id: number | null) => void
	/** Stops the film and asks everybody whether they are ready. */
	readonly askReady: () => void
	/** Judges anew where the film should be, and goes there. */
	readonly resync: () => void
	/** For a player whose position cannot be read: it is behind by so much (+), or ahead (−). */
	readonly correct: (behindMs: Millis) => void
	readonly setOwn: (change: Partial<OwnSettings>) => void
	readonly stats: () => StepStats
	/** What lies beneath, for whoever is curious; refused where the code for it could not be fetched. */
	readonly figures: () => Promise<FiguresResult>
	/** The press on "Tap to join the sound": called inside the gesture. */
	readonly joinSound: () => void

	readonly add: (text: string, where: AddPlace) => Promise<AddResult>
	/** Videos for words that are no link, where the server offers it. */
	readonly searchVideos: (text: string) => Promise<VideoSearch>
	/** One of those found. */
	readonly addItem: (item: NewItem, where: AddPlace) => Promise<AddResult>
	/** What a text of many lines, a playlist or a queue file holds; asks the server for the lists in it. */
	readonly readList: (text: string) => Promise<ListReading>
	readonly addMany: (items: readonly NewItem[], where: AddPlace) => Promise<AddManyResult>
	/** Once more what was played. */
	readonly addAgain: (item: ItemId) => Promise<CommandResult>
	/** Saves the whole queue as a file. */
	readonly saveQueue: () => Promise<CommandResult>
	readonly addSample: () => void
	readonly playNow: (item: ItemId) => void
	readonly remove: (item: ItemId) => void
	/** Puts the item before `before`; null: at the end. */
	readonly move: (item: ItemId, before: ItemId | null) => void
	readonly vote: (item: ItemId, isFor: boolean) => void
	/** Removes everything that has not been played yet. */
	readonly clear: () => void
	readonly shuffle: () => void

	/** `replyTo`: what it answers. */
	readonly say: (text: string, replyTo?: MessageId) => Promise<CommandResult>
	/** Another text for a message of one's own. */
	readonly edit: (message: MessageId, text: string) => Promise<CommandResult>
	/** One emoji on a message, or no longer. */
	readonly react: (message: MessageId, emoji: string, isOn: boolean) => void
	/** Does the inverse of an activity entry. */
	readonly undo: (entryId: string) => void
	/** Own messages, or anybody's with the right to moderate. */
	readonly unsay: (message: MessageId) => void

	/** Owner: operator, member or viewer. */
	readonly setRole: (subject: SubjectId, role: 'operator' | 'member' | 'viewer') => Promise<CommandResult>
	/** `isBan`: by the owner, who alone can let them in again. */
	readonly removePerson: (subject: SubjectId, options: { readonly isBan: boolean }) => Promise<CommandResult>
	readonly letIn: (subject: SubjectId) => Promise<CommandResult>
	/** Owner: offers the room; it is theirs once they accept. */
	readonly offerRoom: (subject: SubjectId) => Promise<CommandResult>
	readonly withdrawOffer: () => Promise<CommandResult>
	readonly acceptRoom: () => Promise<CommandResult>
	readonly changeSettings: (change: Partial<Settings>) => Promise<CommandResult>
	/** Owner: a new code, to which everybody but the removed is moved. `password` empty: none from now on. */
	readonly changeLock: (options: { readonly password: string }) => Promise<CommandResult>
	/** Saves the signed log as a file. */
	readonly exportLog: () => Promise<CommandResult>

	readonly renameRoom: (title: string) => Promise<CommandResult>
	readonly renameMe: (name: string) => Promise<CommandResult>

	/** A file of subtitles, given to all for what is on. `encoding` null: it is found out. */
	readonly shareSubtitles: (
		file: File,
		options: { readonly encoding: string | null },
	) => Promise<SubtitlesAdded>
	readonly readSubtitles: (id: SubtitleId) => Promise<SubtitlesRead>
	/** Own ones, or anybody's with the right to moderate. */
	readonly removeSubtitles: (id: SubtitleId) => Promise<CommandResult>

	/** Puts the link on the clipboard; false where the browser refuses. */
	readonly copyInvite: () => Promise<boolean>
	readonly shareInvite: () => void
	readonly leave: () => void

	/** The button in the status line. */
	readonly statusAction: (kind: StatusView['kind']) => void
	readonly toastAction: (toast: ToastView) => void
	/** The toast has had its time, or was closed. */
	readonly dismissToast: (id: string) => void
}

/** What is of this moment only. */
export interface LiveChatView {
	/** Who is writing, in the order in which they began. */
	readonly typing: () => readonly DeviceId[]
	/** The reader writes, or has stopped; may be said with each key. */
	readonly setTyping: (isTyping: boolean) => void
	/** A reaction over everybody's picture; false where there were too many of late. */
	readonly float: (emoji: string) => boolean
	/** Own ones too. Returns its undo. */
	readonly onFloat: (fn: (float: { readonly emoji: string; readonly by: DeviceId }) => void) => () => void
}

export interface RoomScreenProps {
	readonly state: RoomState
	readonly people: readonly PersonView[]
	readonly connection: ConnectionView
	readonly player: PlayerView
	readonly status: StatusView | null
	readonly toast: ToastView | null
	readonly invite: InviteView
	/** Own drift in whole milliseconds, as `follow/` signs it; null when nothing is known. */
	readonly driftMs: number | null
	/** Null: allowed. Otherwise the reason in words, for the disabled control. */
	readonly canDo: (action: Action) => string | null
	/** Whether the reader may undo an entry: null, or the reason. */
	readonly canUndo: (entryId: string) => string | null
	/** Room time, for "today" and ages. */
	readonly nowMs: () => Millis
	/** Who is writing, and reactions over the picture. */
	readonly live: LiveChatView
	readonly commands: RoomCommands
	/** People's own files: what `stateOf` and `offering` answer is new with each state. */
	readonly files: LocalFiles
	/** The element the session puts its player into; null when the stage goes away. */
	readonly onstage: (stage: HTMLElement | null) => void
	/** The room is being read from disk: lists show that they load rather than that they are empty. */
	readonly isLoading?: boolean
	/** Chat, queue and controls without the video, beside a screen where it plays. */
	readonly isRemote?: boolean
	/** The browser's extension, where it has answered; without it nothing of it is shown. */
	readonly extension?: ExtensionView | null
	/** Asks it to go on with what is on at its own site: called inside the gesture. */
	readonly watchOnSite?: () => void
	/** How many of its parts are on the screen yet (`room/room-parts.ts`); all of them where it is not told. */
	readonly parts?: number
	/** How this room is locked, for the settings. */
	readonly lock: { readonly hasPassword: boolean; readonly canBeOrderedAtServer: boolean }
	/** Who cannot be moved along when the lock is changed (old app, or never seen with a key), by name. */
	readonly leftBehind: readonly string[]
	readonly own: OwnSettings
	/** Items that could not be played on this device, with why in few words. */
	readonly unplayable: ReadonlyMap<ItemId, string>
	/** Names that look like another member's: to be marked. Device to the name it resembles. */
	readonly lookAlikes: ReadonlyMap<DeviceId, string>
}

/** What came of Start or Join. After `done` the page changes; the button stays busy until then. */
export type StartResult =
	| { readonly type: 'done' }
	| { readonly type: 'refused'; readonly field: 'link' | 'code' | 'room'; readonly message: string }

export interface HomeScreenProps {
	/** From `/?url=…`, filled into the field. */
	readonly initialLink?: string
	/** From the shortcut "New room": the link's field has the cursor. */
	readonly wantsFocus?: boolean
	/** Null until the device's list has been read (and while prerendering). */
	readonly rooms: readonly VisitedRoomView[] | null
	/** `link` as typed, trimmed; empty makes an empty room. */
	readonly start: (
		link: string,
		options: { readonly title: string; readonly password: string },
	) => Promise<StartResult>
	/** Films, lists of links, subtitles; what is none of it is refused at the link's field. */
	readonly startFiles: (
		files: readonly PickedFile[],
		options: { readonly title: string; readonly password: string },
	) => Promise<StartResult>
	readonly startSample: () => Promise<StartResult>
	/** The code as it stands in the field; `parseRoomCode` and `describeCodeProblem` judge it. */
	readonly join: (code: string) => Promise<StartResult>
	readonly forget: (roomId: string) => Promise<void>
	/** What keeps rooms from starting here, told before anybody tries; one sentence or two. */
	readonly problem?: string | null
	/** Null until known; for the quiet link at the top. */
	readonly account: AccountBadge | null
}

/** Who is signed in on this device. */
export type AccountBadge =
	| { readonly type: 'guest' }
	| { readonly type: 'signed-in'; readonly name: string; readonly pictureUrl: string | null }

/** A browser part that a room cannot do without. */
export type NeededPart = 'ed25519' | 'indexeddb'

export interface NeedsScreenProps {
	readonly missing: readonly NeededPart[]
	/** The room's link, to be carried to another browser; null at home. */
	readonly link: string | null
}

/** Why the room is not on the screen yet. */
export type DoorView =
	| { readonly type: 'connecting' }
	/** The link's code has the wrong length or a letter that codes don't have; `message` says which. */
	| { readonly type: 'bad-code'; readonly text: string; readonly message: string }
	/** The server knows no room by this code, and neither does this device. */
	| { readonly type: 'unknown-room'; readonly code: string }
	/** Not kept on this device, so it needs the server. */
	| {
			readonly type: 'server-away'
			readonly retryInS: number | null
			/** Where somebody has to mend something; null while the server is merely away. */
			readonly why?: { readonly title: string; readonly detail: string } | null
	  }
	/** The room has a password. `problem`: of the last try, in words. */
	| {
			readonly type: 'password'
			readonly title: string
			readonly problem: string | null
			readonly isChecking: boolean
	  }
	/** The server wants its door password before anything else. */
	| { readonly type: 'door'; readonly problem: string | null; readonly isChecking: boolean }
	/** The server takes no guests. `href`: where to sign in, coming back here. */
	| { readonly type: 'sign-in'; readonly href: string }
	/** `by` null: not known here. */
	| {
			readonly type: 'removed'
			readonly by: string | null
			readonly atMs: Millis | null
			readonly isBan: boolean
			readonly title: string
	  }
	/** The lock was changed and this device was given no new code. */
	| {
			readonly type: 'moved'
			readonly by: string | null
			readonly atMs: Millis | null
			readonly title: string
	  }
	/** Anything else that keeps the room shut, in words from whoever knows. */
	| { readonly type: 'refused'; readonly title: string; readonly detail: string; readonly canRetry: boolean }

export interface DoorScreenProps {
	readonly view: DoorView
	/** For `password` and `door`. */
	readonly submitPassword: (password: string) => void
	readonly retry: () => void
	/** As in HomeScreenProps. */
	readonly join: (code: string) => Promise<StartResult>
}

/** People by device, for lists that name authors who may have left. */
export type NameOf = (device: DeviceId) => {
	readonly name: string
	readonly seat: number
	readonly isMe: boolean
}
