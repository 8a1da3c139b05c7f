/**
 * Leaves the sealed root with the server, so that others find the room, and keeps trying while the server is away,
 * busy or has forgotten it. First come stays; the same again is fine. A room with a password has two ids: the one
 * that the code leads to, where its root is looked up, and its own, where its owner gives orders about it.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import type { Signer, Verifier } from '#lib/core/crypto.ts'
import type { RoomKeys } from '#lib/core/room-keys.ts'
import { ownerStatement, type SignedRoot } from '#lib/core/root.ts'
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { RoomOwner } from '#lib/protocol/http.ts'
import type { Device } from './device.ts'
import { giveLateOrders } from './late-orders.ts'

type Attempt =
	| { readonly type: 'registered' }
	/** Another root is kept there: first come. */
	| { readonly type: 'taken' }
	| { readonly type: 'later'; readonly afterMs: Millis }

type RegistrarDevice = Pick<Device, 'name' | 'signer' | 'verifier'> & {
	readonly identity: Pick<Device['identity'], 'token' | 'forgetToken'>
	readonly api: Pick<Device['api'], 'root' | 'registerRoom' | 'order'>
	readonly store: { readonly settings: Device['store']['settings'] }
}

export interface RegistrationDeps {
	readonly device: RegistrarDevice
	readonly found: {
		readonly keys: Pick<RoomKeys, 'lookupId' | 'roomId'>
		readonly signed: SignedRoot
		readonly sealedRoot: string
	}
	/** Made a moment ago: then the server cannot have it yet, and is not asked first. */
	readonly isNew: boolean
	readonly timers: Timers
	/** The server keeps another root under this id, so nobody new will find this room. */
	readonly onTaken: () => void
	/** The server has sealed notes for the members of this room, whose lock was changed. */
	readonly onMoved?: (notes: string) => void
}

const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 60_000

/** The owner's word to the server, from the root or, on the owner's device, signed now; null where there is none. */
export const ownerOf = async (
	device: { readonly signer: Signer; readonly verifier: Pick<Verifier, 'verify'> },
	roomId: RoomId,
	{ root, ownerKey, ownerStatement: kept }: SignedRoot,
): Promise<RoomOwner | null> => {
	const { signer, verifier } = device
	const subject = root.ownerSubject
	const text = ownerStatement(roomId, subject)
	const owner = (signature: string): RoomOwner => ({
		jwk: { kty: 'OKP', crv: 'Ed25519', x: ownerKey },
		subject,
		signature,
	})
	const key = base64urlToBytes(ownerKey)
	const signature = kept === null ? null : base64urlToBytes(kept)
	if (kept !== null && key !== null && signature !== null && (await verifier.verify(key, text, signature)))
		return owner(kept)
	// Roots made before the server was told of owners carry no word of theirs.
	return signer.device === root.ownerDevice ? owner(bytesToBase64url(await signer.sign(text))) : null
}

const attempt = async (deps: RegistrationDeps, roomId: RoomId, isNew: boolean): Promise<Attempt> => {
	const { device, found } = deps
	const { sealedRoot, keys } = found
	const later = (afterMs: Millis = 0): Attempt => ({ type: 'later', afterMs })
	if (!isNew) {
		// Asking costs the server little; putting counts against this address.
		const known = await device.api.root(roomId)
		if (known.type === 'ok') {
			const { root, moved } = known.value
			if (moved !== null && roomId === keys.roomId) deps.onMoved?.(moved)
			return { type: root === sealedRoot ? 'registered' : 'taken' }
		}
		if (known.type !== 'refused' || known.status !== 404) return later()
	}
	const token = await device.identity.token(await device.name())
	if (token === null) return later()
	const owner = roomId === keys.roomId ? await ownerOf(device, roomId, found.signed) : null
	const answer = await device.api.registerRoom(roomId, sealedRoot, token.token, owner ?? undefined)
	if (answer.type === 'ok') return { type: 'registered' }
	if (answer.type !== 'refused') return later()
	const { error, retryAfterMs } = answer.error
	if (error === 'room-taken') return { type: 'taken' }
	if (error === 'bad-token' || error === 'expired-token') await device.identity.forgetToken()
	return later(retryAfterMs ?? 0)
}

/** Returns its end. */
export const keepRegistered = (deps: RegistrationDeps): (() => void) => {
	let isStopped = false
	const { lookupId, roomId } = deps.found.keys
	const cancels = new Map<string, () => void>()
	const run = async (id: RoomId, isNew: boolean, waitMs: Millis): Promise<void> => {
		const outcome = await attempt(deps, id, isNew)
		if (isStopped || outcome.type === 'registered') return
		if (outcome.type === 'taken') return deps.onTaken()
		const cancel = deps.timers.after(Math.max(waitMs, outcome.afterMs), () => {
			void run(id, isNew, Math.min(LAST_RETRY_MS, waitMs * 2))
		})
		cancels.set(id, cancel)
	}
	for (const id of new Set([lookupId, roomId])) void run(id, deps.isNew, FIRST_RETRY_MS)

	const { before, ownerDevice } = deps.found.signed.root
	const giveLate = async (waitMs: Millis): Promise<void> => {
		if ((await giveLateOrders(deps.device, before ?? [])) || isStopped) return
		const again = () => void giveLate(Math.min(LAST_RETRY_MS, waitMs * 2))
		cancels.set('orders', deps.timers.after(waitMs, again))
	}
	if (before !== undefined && ownerDevice === deps.device.signer.device) void giveLate(FIRST_RETRY_MS)
	return () => {
		isStopped = true
		for (const cancel of cancels.values()) cancel()
	}
}
