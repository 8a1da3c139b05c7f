/**
 * Keeps the list of rooms visited current while a room is open: its name, what was on and where, who was there.
 */
import { positionAt } from '#lib/core/playback.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import type { DeviceStore, VisitedRoom } from '#lib/storage/storage.ts'

const PEOPLE_MAX = 6

export interface Visit {
	readonly roomId: RoomId
	readonly code: string
	readonly sealedRoot: string
}

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
	let before: VisitedRoom | null | undefined
	return {
		save: async () => {
			before ??= await deps.store.rooms.get(deps.visit.roomId)
			const now = { room: deps.roomNow(), wall: deps.wallNow() }
			before = describeVisit(deps.visit, deps.state(), deps.people(), now, before)
			await deps.store.rooms.put(before)
		},
	}
}
