/**
 * Leaves the sealed root with the server, so that others find the room. First come stays; the same again is fine.
 */
import type { RoomId } from '#lib/core/units.ts'
import type { Device } from './device.ts'

export type RegisterOutcome = 'registered' | 'taken' | 'later'

/** `later`: the server is away or busy; whoever opens the room next tries again. */
export const registerRoom = async (
	device: Device,
	roomId: RoomId,
	sealedRoot: string,
): Promise<RegisterOutcome> => {
	const token = await device.identity.token(await device.name())
	if (token === null) return 'later'
	const answer = await device.api.registerRoom(roomId, sealedRoot, token.token)
	if (answer.type === 'ok') return 'registered'
	if (answer.type !== 'refused') return 'later'
	if (answer.error.error === 'room-taken') return 'taken'
	if (answer.error.error === 'bad-token' || answer.error.error === 'expired-token')
		await device.identity.forgetToken()
	return 'later'
}
