/**
 * Leaves the sealed root with the server, so that others find the room, and keeps trying while the server is away,
 * busy or has forgotten it. First come stays; the same again is fine.
 */
import type { Millis, RoomId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Device } from './device.ts'

type Attempt =
	| { readonly type: 'registered' }
	/** Another root is kept there: first come. */
	| { readonly type: 'taken' }
	| { readonly type: 'later'; readonly afterMs: Millis }

export interface RegistrationDeps {
	readonly device: Pick<Device, 'api' | 'identity' | 'name'>
	readonly roomId: RoomId
	readonly sealedRoot: string
	/** Made a moment ago: then the server cannot have it yet, and is not asked first. */
	readonly isNew: boolean
	readonly timers: Timers
}

const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 60_000

const attempt = async (deps: RegistrationDeps, isNew: boolean): Promise<Attempt> => {
	const { device, roomId, sealedRoot } = deps
	const later = (afterMs: Millis = 0): Attempt => ({ type: 'later', afterMs })
	if (!isNew) {
		// Asking costs the server little; putting counts against this address.
		const known = await device.api.root(roomId)
		if (known.type === 'ok') return { type: known.value.root === sealedRoot ? 'registered' : 'taken' }
		if (known.type !== 'refused' || known.status !== 404) return later()
	}
	const token = await device.identity.token(await device.name())
	if (token === null) return later()
	const answer = await device.api.registerRoom(roomId, sealedRoot, token.token)
	if (answer.type === 'ok') return { type: 'registered' }
	if (answer.type !== 'refused') return later()
	const { error, retryAfterMs } = answer.error
	if (error === 'room-taken') return { type: 'taken' }
	if (error === 'bad-token' || error === 'expired-token') await device.identity.forgetToken()
	return later(retryAfterMs ?? 0)
}

/** Returns its end. `onTaken`: the server keeps another root under this id, so nobody new will find this room. */
export const keepRegistered = (deps: RegistrationDeps, onTaken: () => void): (() => void) => {
	let isStopped = false
	let cancel: () => void = () => undefined
	const run = async (isNew: boolean, waitMs: Millis): Promise<void> => {
		const outcome = await attempt(deps, isNew)
		if (isStopped || outcome.type === 'registered') return
		if (outcome.type === 'taken') onTaken()
		else {
			cancel = deps.timers.after(Math.max(waitMs, outcome.afterMs), () => {
				void run(isNew, Math.min(LAST_RETRY_MS, waitMs * 2))
			})
		}
	}
	void run(deps.isNew, FIRST_RETRY_MS)
	return () => {
		isStopped = true
		cancel()
	}
}
