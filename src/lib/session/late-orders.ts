/**
 * Orders about a room that was left when its lock was changed, and which the server, being away, has not been given
 * (the notes for those who were away, above all). The old room is not opened again here, so the new one sees to them.
 */
import type { RoomId } from '#lib/core/units.ts'
import type { Device } from './device.ts'

export type OrderingDevice = Pick<Device, 'signer' | 'name'> & {
	readonly identity: Pick<Device['identity'], 'token'>
	readonly api: Pick<Device['api'], 'order'>
	readonly store: { readonly settings: Device['store']['settings'] }
}

/** Where `room-orders.ts` keeps what is still to be given. */
export const ordersKeyOf = (roomId: RoomId): string => `orders-${roomId}`

const waitingIn = (kept: unknown): readonly unknown[] =>
	typeof kept === 'object' && kept !== null && 'waiting' in kept && Array.isArray(kept.waiting)
		? (kept.waiting as unknown[])
		: []

/** True once nothing waits any more; false where the server is to be asked again later. */
export const giveLateOrders = async (
	device: OrderingDevice,
	roomIds: readonly RoomId[],
): Promise<boolean> => {
	const { settings } = device.store
	for (const roomId of roomIds) {
		const kept = await settings.get(ordersKeyOf(roomId))
		const waiting = waitingIn(kept)
		if (waiting.length === 0) continue
		const token = await device.identity.token(await device.name())
		if (token === null) return false
		for (const order of waiting) {
			const answer = await device.api.order(device.signer, token.token, roomId, JSON.stringify(order))
			// Refused, it is refused for good: this device has nothing to add in a room it has left.
			if (answer.type === 'unreachable' || (answer.type === 'refused' && answer.status >= 429)) return false
		}
		await settings.set(ordersKeyOf(roomId), { ...(kept as object), waiting: [] })
	}
	return true
}
