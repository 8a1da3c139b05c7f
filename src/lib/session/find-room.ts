/**
 * From a code to a room's root, kept on this device or asked of the server, and from there to the room's keys, for
 * which a room may want a password. A member pins the first root seen.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import { deriveRoomKeys, type RoomKeys } from '#lib/core/room-keys.ts'
import type { RoomRoot } from '#lib/core/room.ts'
import { isLaterRoot, openSignedRoot, type SignedRoot } from '#lib/core/root.ts'
import type { Device } from './device.ts'

export interface FoundOpenRoom {
	readonly type: 'found'
	readonly keys: RoomKeys
	readonly root: RoomRoot
	/** The root with its owner's key and signatures. */
	readonly signed: SignedRoot
	readonly sealedRoot: string
	/** base64url of what the password leads to, to be kept with the visit; null where the room has none. */
	readonly passwordSecret: string | null
	/** Seen before on this device: it opens with the server away. */
	readonly isKnown: boolean
}

export type FoundRoom =
	| FoundOpenRoom
	/** The room wants a password, which this device has not been given yet. Trying one asks nobody. */
	| {
			readonly type: 'password'
			readonly title: string
			check(password: string): Promise<FoundOpenRoom | 'wrong'>
	  }
	/** Its lock was changed, and this device has followed: `code` is the new one. */
	| { readonly type: 'moved'; readonly code: string }
	/** The server knows no room by this code, and neither does this device. */
	| { readonly type: 'unknown' }
	| { readonly type: 'server-away' }
	/** What the server keeps does not open with this code. */
	| { readonly type: 'bad-root' }
	/** It does, and was written by a later version than this one. */
	| { readonly type: 'newer' }
	| { readonly type: 'busy'; readonly retryAfterMs: number }

const BUSY_RETRY_MS = 10_000

export type FinderDevice = Pick<Device, 'subtle' | 'verifier'> & {
	readonly store: Pick<Device['store'], 'rooms' | 'carrySeqs'>
	readonly api: Pick<Device['api'], 'root'>
}

/** `code` in its written form. */
export const findRoom = async (device: FinderDevice, code: string): Promise<FoundRoom> => {
	const { subtle } = device
	const outerKeys = await deriveRoomKeys(subtle, code)

	interface Seen {
		readonly signed: SignedRoot
		readonly sealedRoot: string
		readonly isKnown: boolean
	}
	const found = async (
		{ signed, ...seen }: Seen,
		keys: RoomKeys,
		passwordSecret: string | null,
	): Promise<FoundOpenRoom> => {
		const { root } = signed
		// Records of the rooms before stand in this one: none of its numbers may be given twice.
		for (const id of root.before ?? []) await device.store.carrySeqs(id, keys.roomId)
		return { type: 'found', keys, root, signed, ...seen, passwordSecret }
	}
	const unlock = async (seen: Seen, secret: Uint8Array): Promise<FoundOpenRoom | 'wrong'> => {
		const { passwordCheckOf } = await import('#lib/core/lock-password.ts')
		if ((await passwordCheckOf(subtle, secret)) !== seen.signed.root.passwordCheck) return 'wrong'
		return found(seen, await deriveRoomKeys(subtle, code, secret), bytesToBase64url(secret))
	}
	const enter = async (seen: Seen, keptSecret: string | undefined): Promise<FoundRoom> => {
		const { passwordCheck, title } = seen.signed.root
		if (passwordCheck === undefined) return found(seen, outerKeys, null)
		const secret = keptSecret === undefined ? null : base64urlToBytes(keptSecret)
		const opened = secret === null ? 'wrong' : await unlock(seen, secret)
		if (opened !== 'wrong') return opened
		return {
			type: 'password',
			title,
			check: async (password) => {
				const { derivePasswordSecret, describePasswordProblem } = await import('#lib/core/lock-password.ts')
				if (describePasswordProblem(password) !== null) return 'wrong'
				return unlock(seen, await derivePasswordSecret(subtle, code, password))
			},
		}
	}

	const kept = await device.store.rooms.get(outerKeys.lookupId)
	if (kept !== null) {
		if (kept.movedTo !== undefined) return { type: 'moved', code: kept.movedTo }
		const { sealedRoot, passwordSecret } = kept
		const signed = await openSignedRoot(device, outerKeys, sealedRoot)
		if (signed !== null) return enter({ signed, sealedRoot, isKnown: true }, passwordSecret)
	}
	const answer = await device.api.root(outerKeys.lookupId)
	if (answer.type === 'ok') {
		const sealedRoot = answer.value.root
		const signed = await openSignedRoot(device, outerKeys, sealedRoot)
		if (signed !== null) return enter({ signed, sealedRoot, isKnown: false }, undefined)
		return { type: (await isLaterRoot(subtle, outerKeys, sealedRoot)) ? 'newer' : 'bad-root' }
	}
	if (answer.type !== 'refused') return { type: 'server-away' }
	if (answer.status === 404) return { type: 'unknown' }
	return { type: 'busy', retryAfterMs: answer.error.retryAfterMs ?? BUSY_RETRY_MS }
}
