/**
 * From a code to a room's root: kept on this device, or asked of the server. A member pins the first root seen.
 */
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import type { RoomRoot } from '#lib/core/room.ts'
import { openRoot } from '#lib/core/root.ts'
import type { Device } from './device.ts'

export type FoundRoom =
	| {
			readonly type: 'found'
			readonly keys: RoomKeys
			readonly root: RoomRoot
			readonly sealedRoot: string
			/** Seen before on this device: it opens with the server away. */
			readonly isKnown: boolean
	  }
	/** The server knows no room by this code, and neither does this device. */
	| { readonly type: 'unknown' }
	| { readonly type: 'server-away' }
	/** What the server keeps does not open with this code. */
	| { readonly type: 'bad-root' }
	| { readonly type: 'busy'; readonly retryAfterMs: number }

const BUSY_RETRY_MS = 10_000

/** `code` in its written form. */
export const findRoom = async (device: Device, code: string): Promise<FoundRoom> => {
	const keys = await deriveRoomKeys(device.subtle, code)
	const kept = await device.store.rooms.get(keys.roomId)
	if (kept !== null) {
		const root = await openRoot(device, keys, kept.sealedRoot)
		if (root !== null) return { type: 'found', keys, root, sealedRoot: kept.sealedRoot, isKnown: true }
	}
	const answer = await device.api.root(keys.roomId)
	if (answer.type === 'ok') {
		const root = await openRoot(device, keys, answer.value.root)
		return root === null
			? { type: 'bad-root' }
			: { type: 'found', keys, root, sealedRoot: answer.value.root, isKnown: false }
	}
	if (answer.type !== 'refused') return { type: 'server-away' }
	if (answer.status === 404) return { type: 'unknown' }
	return { type: 'busy', retryAfterMs: answer.error.retryAfterMs ?? BUSY_RETRY_MS }
}
