/**
 * The model that the app's screens are given, out of the parts that have come. What has not changed is the same object.
 */
import type { QueueItem, QueueState, RoomState } from '#lib/core/state.ts'
import type { RoomModel } from '#lib/session/room-model.ts'
import type { PanelModel } from '../wire/panel-messages.ts'

const ofQueue = ({ earlier, current, next, following }: PanelModel): QueueState => {
	const all: readonly (QueueItem | null)[] = [...next, current, ...earlier]
	// The very item of the list, as in the room itself.
	const found = following === null ? null : all.find((item) => item?.id === following.id)
	return { earlier, current, next, following: found ?? following }
}

const isSame = (a: object, b: object): boolean => {
	const names = Object.keys(a) as (keyof typeof a)[]
	return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

/** `before`: the one that this replaces, of the same room. */
export const modelOf = (
	parts: PanelModel,
	invite: RoomModel['invite'],
	before: RoomModel | null,
): RoomModel => {
	const {
		people,
		connection,
		player,
		status,
		toast,
		driftMs,
		lock,
		leftBehind,
		own,
		unplayable,
		lookAlikes,
	} = parts
	const { title, createdAtMs, settings, me, myRole, myRemoval, removals, offer, moved, members } = parts
	const { playback, chat, chatDeletions, subtitles, activity } = parts
	const queue = ofQueue(parts)
	const ofRoom = { playback, chat, chatDeletions, subtitles, activity }
	const state: RoomState = {
		...{ title, createdAtMs, settings, me, myRole, myRemoval, removals, offer, moved, members },
		queue: before !== null && isSame(before.state.queue, queue) ? before.state.queue : queue,
		...ofRoom,
	}
	return {
		...{ people, connection, player, status, toast, driftMs, lock, leftBehind, own, unplayable, lookAlikes },
		invite: before !== null && isSame(before.invite, invite) ? before.invite : invite,
		state: before !== null && isSame(before.state, state) ? before.state : state,
	}
}
