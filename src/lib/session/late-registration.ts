/**
 * When the server is told of a room, or asked what it knows of it: at once by whoever knows the room, later by whoever
 * came by its link and has the root from the server already.
 */
import type { Room } from '#lib/core/room.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Device } from './device.ts'
import type { FoundRoom } from './find-room.ts'
import { LATE_MS } from './late-parts.ts'

export interface LateRegistrationDeps {
	readonly device: Device
	readonly room: Room
	readonly found: Extract<FoundRoom, { type: 'found' }>
	readonly isNew: boolean
	readonly hasLinks: () => boolean
	readonly timers: Timers
}

/** Unless there is somebody by then who knows more: then later still. */
const JOINER_ASKS_AFTER_MS: Millis = 3_000

/** Returns its end. */
export const registerInTime = (deps: LateRegistrationDeps): (() => void) => {
	const { device, room, found, isNew, timers } = deps
	let isStopped = false
	const ends: (() => void)[] = []

	const register = async (): Promise<void> => {
		const { keepRegistered } = await import('./register-room.ts')
		if (isStopped) return
		const onMoved = async (notes: string) => {
			const { admitNotes } = await import('./follow-move.ts')
			await admitNotes({ room, found }, notes)
		}
		const stop = keepRegistered({
			device,
			found,
			isNew,
			timers,
			onMoved: (notes) => {
				onMoved(notes).catch((error: unknown) => {
					console.warn('The server says that this room has moved, and its word could not be read.', error)
				})
			},
			onTaken: () => {
				console.warn('The server keeps another room under this number: newcomers will not find this one.')
			},
		})
		ends.push(stop)
	}
	const registerSoon = () => {
		register().catch((error: unknown) => {
			console.warn('The server could not be told of this room.', error)
		})
	}
	// Whoever comes by the link has the root from the server: what else it knows can wait for the first picture.
	if (found.isKnown) registerSoon()
	else {
		const ask = () => {
			if (deps.hasLinks()) ends.push(timers.after(LATE_MS, registerSoon))
			else registerSoon()
		}
		ends.push(timers.after(JOINER_ASKS_AFTER_MS, ask))
	}
	return () => {
		isStopped = true
		for (const end of ends) end()
	}
}
