/**
 * What the screens are given and what they ask for: snapshots in, commands out. `session/` fills these records,
 * tests and the playground make them up. Nothing here knows a socket, a document or a player.
 */
import type { Action } from '#lib/core/roles.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId, Millis, Seconds } from '#lib/core/units.ts'
import type {
	AddResult,
	ConnectionView,
	PersonView,
	PlayerView,
	StatusView,
	ToastView,
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
	/** The press on "Tap to join the sound": called inside the gesture. */
	readonly joinSound: () => void

	readonly add: (text: string, where: AddPlace) => Promise<AddResult>
	readonly addSample: () => void
	readonly playNow: (item: ItemId) => void
	readonly remove: (item: ItemId) => void
	/** Puts the item before `before`; null: at the end. */
	readonly move: (item: ItemId, before: ItemId | null) => void
	readonly vote: (item: ItemId, isFor: boolean) => void
	/** Removes everything that has not been played yet. */
	readonly clear: () => void
	readonly shuffle: () => void

	readonly say: (text: string) => Promise<CommandResult>
	/** Does the inverse of an activity entry. */
	readonly undo: (entryId: string) => void

	readonly renameRoom: (title: string) => Promise<CommandResult>
	readonly renameMe: (name: string) => Promise<CommandResult>

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
	readonly commands: RoomCommands
	/** The element the session puts its player into; null when the stage goes away. */
	readonly onstage: (stage: HTMLElement | null) => void
	/** The room is being read from disk: lists show that they load rather than that they are empty. */
	readonly isLoading?: boolean
}

/** What came of Start or Join. After `done` the page changes; the button stays busy until then. */
export type StartResult =
	| { readonly type: 'done' }
	| { readonly type: 'refused'; readonly field: 'link' | 'code' | 'room'; readonly message: string }

export interface HomeScreenProps {
	/** From `/?url=…`, filled into the field. */
	readonly initialLink?: string
	/** Null until the device's list has been read (and while prerendering). */
	readonly rooms: readonly VisitedRoomView[] | null
	/** `link` as typed, trimmed; empty makes an empty room. */
	readonly start: (link: string, options: { readonly title: string }) => Promise<StartResult>
	readonly startSample: () => Promise<StartResult>
	/** The code as it stands in the field; `parseRoomCode` and `describeCodeProblem` judge it. */
	readonly join: (code: string) => Promise<StartResult>
	readonly forget: (roomId: string) => Promise<void>
}

/** A browser part that a room cannot do without. */
export type NeededPart = 'webrtc' | 'ed25519' | 'indexeddb'

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
	| { readonly type: 'server-away'; readonly retryInS: number | null }
	/** Anything else that keeps the room shut, in words from whoever knows. */
	| { readonly type: 'refused'; readonly title: string; readonly detail: string; readonly canRetry: boolean }

export interface DoorScreenProps {
	readonly view: DoorView
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
