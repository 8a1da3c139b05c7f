/**
 * Whom a set of the server's keys vouches for, and nothing else: what a log is made with is what its readers have.
 */
import type { Verifier } from '#lib/core/crypto.ts'
import type { RoomDeps } from '#lib/core/room.ts'
import { checkToken, readKeySet } from './token-check.ts'

/** `keySet`: a JWK set as the server publishes it; anything else vouches for nobody. */
export const checkAgainst = (keySet: unknown, verifier: Verifier): RoomDeps['checkIdentity'] => {
	const keys = readKeySet(keySet)
	return async (token, device, atMs) => {
		const claims = keys === null ? null : await checkToken(token, keys, verifier, atMs)
		if (claims === null) return null
		const { deviceKey, ...who } = claims
		return (await verifier.deviceOf(deviceKey)) === device ? who : null
	}
}
