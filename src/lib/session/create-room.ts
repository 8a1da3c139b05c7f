/**
 * A room is born in the browser: a random code, the keys that follow from it, a root signed by this device. The
 * server hears of it when it is opened, and only keeps the sealed root; when it is away, it is told later.
 */
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys } from '#lib/core/room-keys.ts'
import { sealRoot, ROOM_TITLE_MAX_CHARS } from '#lib/core/root.ts'
import type { RoomRoot } from '#lib/core/room.ts'
import type { SubjectId } from '#lib/core/units.ts'
import type { Device } from './device.ts'

export interface CreatedRoom {
	readonly code: string
	/** The path of the room in this app. */
	readonly href: string
}

export const roomHref = (code: string): string => `/r#${code}`

/** Makes a room owned by this device and keeps it in the list of rooms visited. */
export const createRoomHere = async (device: Device, title: string): Promise<CreatedRoom> => {
	const code = createRoomCode(device.random)
	const keys = await deriveRoomKeys(device.subtle, code)
	const name = await device.name()
	const token = await device.identity.token(name)
	const createdAtMs = Math.round(device.wallNowMs())
	const root: RoomRoot = {
		v: 1,
		ownerDevice: device.signer.device,
		ownerSubject: token?.subject ?? (`d_${device.signer.device}` as SubjectId),
		title: title.slice(0, ROOM_TITLE_MAX_CHARS),
		createdAtMs,
	}
	const sealedRoot = await sealRoot(device, keys, root)
	await device.store.rooms.put({
		roomId: keys.roomId,
		code,
		title: root.title,
		visitedAtMs: createdAtMs,
		lastItem: null,
		queueLength: 0,
		people: [],
		sealedRoot,
	})
	return { code, href: roomHref(code) }
}
