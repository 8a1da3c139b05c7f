/**
 * A room is born in the browser: a random code, the keys that follow from it (and from a password, if there is to be
 * one), a root signed by this device. The server hears of it when it is opened, and only keeps the sealed root; when
 * it is away, it is told later.
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import { createRoomCode } from '#lib/core/room-code.ts'
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import { sealRoot, ROOM_TITLE_MAX_CHARS } from '#lib/core/root.ts'
import type { RoomRoot } from '#lib/core/room.ts'
import type { SubjectId } from '#lib/core/units.ts'
import type { VisitedRoom } from '#lib/storage/storage.ts'
import type { Device } from './device.ts'
import { lockOfVisit } from './visits.ts'

export interface CreatedRoom {
	readonly code: string
	/** The room's page, from any page of the app. */
	readonly href: string
}

export const roomHref = (code: string): string => `./r#${code}`

export type MakerDevice = Pick<Device, 'subtle' | 'random' | 'signer' | 'wallNowMs'>

export interface MadeRoom {
	readonly code: string
	readonly keys: RoomKeys
	readonly root: RoomRoot
	readonly sealedRoot: string
	/** base64url; null without a password. */
	readonly passwordSecret: string | null
	/** As the list of rooms is to keep it. */
	readonly visit: VisitedRoom
}

/** A new code and all that hangs on it; nothing is kept yet. `password` empty: none. */
export const makeRoom = async (
	device: MakerDevice,
	facts: Pick<RoomRoot, 'title' | 'ownerSubject' | 'before'>,
	password: string,
): Promise<MadeRoom> => {
	const { subtle } = device
	const code = createRoomCode(device.random)
	let secret: Uint8Array | null = null
	let lock: Pick<RoomRoot, 'passwordCheck'> = {}
	if (password !== '') {
		const { derivePasswordSecret, passwordCheckOf } = await import('#lib/core/lock-password.ts')
		secret = await derivePasswordSecret(subtle, code, password)
		lock = { passwordCheck: await passwordCheckOf(subtle, secret) }
	}
	const keys = await deriveRoomKeys(subtle, code, secret)
	const createdAtMs = Math.round(device.wallNowMs())
	const root: RoomRoot = {
		v: 1,
		ownerDevice: device.signer.device,
		...facts,
		title: facts.title.slice(0, ROOM_TITLE_MAX_CHARS),
		createdAtMs,
		...lock,
	}
	const sealedRoot = await sealRoot(device, keys, root)
	const passwordSecret = secret === null ? null : bytesToBase64url(secret)
	const visit: VisitedRoom = {
		roomId: keys.lookupId,
		code,
		title: root.title,
		visitedAtMs: createdAtMs,
		lastItem: null,
		queueLength: 0,
		people: [],
		sealedRoot,
		...lockOfVisit(keys, passwordSecret),
	}
	return { code, keys, root, sealedRoot, passwordSecret, visit }
}

/**
 * Makes a room owned by this device and keeps it in the list of rooms visited. `password` empty: none; throws where
 * `describePasswordProblem` has something to say about it.
 */
export const createRoomHere = async (device: Device, title: string, password = ''): Promise<CreatedRoom> => {
	const token = await device.identity.token(await device.name())
	const ownerSubject = token?.subject ?? (`d_${device.signer.device}` as SubjectId)
	const { code, visit } = await makeRoom(device, { title, ownerSubject }, password)
	await device.store.rooms.put(visit)
	return { code, href: roomHref(code) }
}
