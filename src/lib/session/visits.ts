/**
 * Keeps the list of rooms visited current while a room is open: its name, what was on and where, who was there.
 */
import { positionAt } from '#lib/core/playback.ts'
import type { RoomKeys } from '#lib/core/room-keys.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import type { DeviceStore, VisitedRoom } from '#lib/storage/storage.ts'

const PEOPLE_MAX = 6

export interface Visit {
	/** What the code alone leads to. */
	readonly roomId: RoomId
	readonly code: string
	readonly sealedRoot: string
	readonly docId?: RoomId
	readonly passwordSecret?: string
}

/** What a visit says of its room's password. */
export const lockOfVisit = (
	{ lookupId, roomId }: RoomKeys,
	passwordSecret: string | null,
): Pick<VisitedRoom, 'docId' | 'passwordSecret'> => ({
	...(roomId === lookupId ? {} : { docId: roomId }),
	...(passwordSecret === null ? {} : { passwordSecret }),
})

export const describeVisit = (
	visit: Visit,
	state: RoomState,
	people: readonly PersonView[],
	nowMs: { readonly room: Millis; readonly wall: Millis },
	before: VisitedRoom | null,
): VisitedRoom => {
	const { current } = state.queue
	const others = people.filter(({ isMe }) => !isMe).map(({ name, seat }) => ({ name, seat }))
	return {
		...visit,
		title: state.title,
		visitedAtMs: Math.round(nowMs.wall),
		lastItem:
			current === null
				? null
				: {
						id: current.id,
						title: current.title,
						positionS: Math.min(positionAt(state.playback, nowMs.room), current.durationS ?? Infinity),
					},
		queueLength: state.queue.next.length,
		// Whoever was met there stays on the list after they have gone.
		people: [
			...others,
			...(before?.people ?? []).filter(({ name }) => !others.some((one) => one.name === name)),
		].slice(0, PEOPLE_MAX),
		...(before?.movedTo === undefined ? {} : { movedTo: before.movedTo }),
	}
}

export interface VisitDeps {
	readonly store: DeviceStore
	readonly visit: Visit
	readonly state: () => RoomState
	readonly people: () => readonly PersonView[]
	readonly roomNow: () => Millis
	readonly wallNow: () => Millis
}

/** `save` writes the visit as it stands; call it now and then, and when the page is left. */
export const createVisitKeeper = (deps: VisitDeps): { save(): Promise<void> } => {
	return {
		save: async () => {
			// Read each time: that the room has moved is written beside this.
			const before = await deps.store.rooms.get(deps.visit.roomId)
			const now = { room: deps.roomNow(), wall: deps.wallNow() }
			await deps.store.rooms.put(describeVisit(deps.visit, deps.state(), deps.people(), now, before))
		},
	}
}
