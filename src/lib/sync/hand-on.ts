/**
 * What the other neighbours get of what changed here: the update itself, or an exchange of state vectors where it is
 * more than they take as one, or is to wait.
 */
import type { Millis } from '#lib/core/units.ts'
import { UPDATE_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import type { TimerHandle, Timers } from '#lib/transport/timers.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'
import { readUpdateShape, UPDATE_LIMITS } from './update-shape.ts'

const CATCH_UP_MS: Millis = 5_000

export interface HandOn {
	/** `except`: where it came from. */
	broadcast(update: Uint8Array, except: Neighbour | null): void
	/** `isWhole`: it names all deletions there ever were. */
	forward(update: Uint8Array, except: Neighbour, isWhole: boolean): void
	/** By state vectors, now. */
	fallBehind(except: Neighbour | null): void
	/** The same in some seconds, together with what came meanwhile. */
	catchUpLater(): void
	stop(): void
}

export const createHandOn = (neighbours: Neighbours, timers: Timers): HandOn => {
	/** Something is held back until then. */
	let catchUp: TimerHandle = null

	const broadcast = (update: Uint8Array, except: Neighbour | null): void => {
		for (const neighbour of neighbours.values()) if (neighbour !== except) neighbour.link.sendUpdate(update)
	}
	const fallBehind = (except: Neighbour | null): void => {
		for (const neighbour of neighbours.values()) if (neighbour !== except) neighbour.link.fallBehind()
	}

	return {
		broadcast,
		fallBehind,
		forward: (update, except, isWhole) => {
			const isWithinLimits =
				update.length <= UPDATE_MAX_BYTES && typeof readUpdateShape(update, UPDATE_LIMITS) !== 'string'
			// While something is held back, all deletions would come without it.
			if (isWithinLimits && !(isWhole && catchUp !== null)) broadcast(update, except)
			else fallBehind(except)
		},
		catchUpLater: () => {
			catchUp ??= timers.setTimeout(() => {
				catchUp = null
				fallBehind(null)
			}, CATCH_UP_MS)
		},
		stop: () => timers.clearTimeout(catchUp),
	}
}
