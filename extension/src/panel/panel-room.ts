/**
 * The room as the panel has it: what the app's components want of a room, and what is the panel's own beside it.
 * `session/room-view.svelte.ts` wraps it as it wraps a room that was opened in the page itself.
 */
import type { ViewedRoom } from '#lib/session/room-view.svelte.ts'
import type { CommandResult, RoomCommands } from '#lib/ui/props.ts'
import type { PanelPage } from '../wire/panel-messages.ts'

export interface RemoteRoom extends ViewedRoom<RoomCommands> {
	/** How the page under the panel stands to the room; new with each model. */
	page(): PanelPage
	/** The page under the panel goes into the queue; `isNow`: and is played at once. */
	addPage(isNow: boolean): Promise<CommandResult>
	/** Messages before the first that the model has; new with each model. */
	olderMessages(): number
	/** Asks for some of them. */
	showOlder(): void
}

/** Why there is no room any more, for the sentence in its place. */
export type RemoteEnd =
	/** The word was not taken: too old, used before, or another tab's. Nothing was shown. */
	| 'refused'
	/** The person left, was removed, or the room plays in another tab from now on. */
	| 'left'
	/** The extension's own room document has gone, or was started anew. */
	| 'broken'

export type RemoteState =
	/** On the way into the room, or from one to the next (a new lock). */
	| { readonly type: 'opening' }
	/** Another `room` with each room that is opened. */
	| { readonly type: 'open'; readonly room: RemoteRoom }
	/** For good. */
	| { readonly type: 'ended'; readonly why: RemoteEnd }

export interface RemoteRoomLine {
	state(): RemoteState
	/** Returns its undo. */
	onState(fn: (state: RemoteState) => void): () => void
	/** Idempotent. The room itself goes on. */
	close(): void
}
