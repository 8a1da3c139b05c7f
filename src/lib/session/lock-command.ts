/**
 * Changing the lock, as pressed: makes the new room, tells the server for those who are away, and takes this page
 * there once the word has gone out to the others.
 */
import type { Room } from '#lib/core/room.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { changeLock } from './change-lock.ts'
import type { Device } from './device.ts'
import type { FoundOpenRoom } from './find-room.ts'
import type { CommandResult } from './people-commands.ts'
import type { RoomOrders } from './room-orders.ts'
import type { RoomEnd } from './standing.ts'

export interface LockCommandDeps {
	readonly device: Device
	readonly room: Room
	readonly found: FoundOpenRoom
	readonly roomNow: () => Millis
	readonly orders: () => Promise<RoomOrders>
	readonly onMoved: (end: RoomEnd) => void
	readonly timers: Timers
}

/** Long enough for the record to leave for every neighbour, short enough not to be a wait. */
const STAY_MS = 1_200

export const lockAnew = async (deps: LockCommandDeps, password: string): Promise<CommandResult> => {
	const { device, room, found, roomNow } = deps
	const outcome = await changeLock(
		{
			device,
			room,
			found,
			roomNow,
			postNotes: async (notes) => (await deps.orders()).give({ type: 'moved', notes }),
		},
		{ password },
	)
	if (outcome.type === 'failed') return { type: 'refused', message: outcome.message }
	deps.timers.after(STAY_MS, () => deps.onMoved({ type: 'go', code: outcome.code, by: null }))
	return { type: 'done' }
}
