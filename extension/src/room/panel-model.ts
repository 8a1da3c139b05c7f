/**
 * The open room as a panel is sent it: in parts, and of what grows without end the newest.
 */
import type { Action } from '#lib/core/roles.ts'
import type { ActivityEntry, RoomState } from '#lib/core/state.ts'
import type { Millis } from '#lib/core/units.ts'
import type { RoomSession } from '#lib/session/open-room.ts'
import type { PanelModel, PanelPage } from '../wire/panel-messages.ts'

const ACTIONS: Readonly<Record<Action, true>> = {
	control: true,
	add: true,
	'remove-own': true,
	reorder: true,
	vote: true,
	chat: true,
	react: true,
	'change-settings': true,
	'rename-room': true,
	moderate: true,
	'remove-person': true,
	grant: true,
	'hand-over': true,
	'change-lock': true,
}
/** Messages at first; the first of them moves on in steps, so that a new message does not move all others. */
export const CHAT_SHOWN = 300
const CHAT_STEP = 100
const ACTIVITY_SHOWN = 300
const DELETIONS_SHOWN = 200
const EARLIER_SHOWN = 200
/** Room time drifts by less from one model to the next while its clock is only steadied. */
const OFFSET_STEP_MS: Millis = 5

export interface PanelModelDeps {
	readonly session: Pick<RoomSession, 'model' | 'canDo' | 'canUndo' | 'live' | 'nowMs'>
	readonly link: () => string
	readonly page: () => PanelPage
	readonly local: () => Millis
}

/** What one panel has asked for, and what its clock says. */
export interface PanelWish {
	readonly chat: number
	/** A moment of the panel's in the room document's local time. */
	readonly toLocal: (panelMs: Millis) => Millis
}

const firstShown = (count: number, wish: number): number =>
	Math.floor(Math.max(0, count - wish) / CHAT_STEP) * CHAT_STEP

export const createPanelModel = ({ session, link, page, local }: PanelModelDeps) => {
	/** Entries that may be undone change with the room alone. */
	let asked: RoomState | null = null
	let activity: readonly ActivityEntry[] = []
	let canUndo: ReadonlyMap<string, string | null> = new Map()
	const review = (state: RoomState): void => {
		if (state === asked) return
		asked = state
		activity = state.activity.slice(0, ACTIVITY_SHOWN)
		const undoable = activity.filter(({ isUndoable }) => isUndoable)
		canUndo = new Map(undoable.map(({ id }) => [id, session.canUndo(id)]))
	}
	/** `offsetMs`: as the panel was told it last. */
	return (wish: PanelWish, offsetMs: Millis | null): PanelModel => {
		const { state, ...model } = session.model()
		const { queue, chat, ...room } = state
		review(state)
		const from = firstShown(chat.length, wish.chat)
		const nowOffsetMs = session.nowMs() - local() + wish.toLocal(0)
		const isSteady = offsetMs !== null && Math.abs(nowOffsetMs - offsetMs) < OFFSET_STEP_MS
		return {
			...model,
			invite: { ...model.invite, link: link() },
			...room,
			...queue,
			earlier: queue.earlier.slice(-EARLIER_SHOWN),
			chat: from === 0 ? chat : chat.slice(from),
			olderMessages: from,
			chatDeletions: room.chatDeletions.slice(-DELETIONS_SHOWN),
			activity,
			canUndo,
			cannotUndo: session.canUndo('') ?? '',
			canDo: Object.fromEntries(
				Object.keys(ACTIONS).map((action) => [action, session.canDo(action as Action)]),
			) as PanelModel['canDo'],
			typing: session.live.typing(),
			roomOffsetMs: isSteady ? offsetMs : nowOffsetMs,
			page: page(),
		}
	}
}
