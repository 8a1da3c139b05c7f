/**
 * What the server has to carry out for a room (`room-orders.ts`): fetched once there is something.
 */
import type { RoomRoot } from '#lib/core/room.ts'
import type { RoomState } from '#lib/core/state.ts'
import type { RoomId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Device } from './device.ts'
import type { RoomOrders } from './room-orders.ts'

export interface LazyOrdersDeps {
	readonly device: Device
	readonly roomId: RoomId
	readonly root: RoomRoot
	readonly state: () => RoomState
	readonly timers: Timers
}

export interface LazyOrders {
	/** Rejects where the part cannot be fetched. */
	get(): Promise<RoomOrders>
	/** The room has changed: perhaps there is something to be ordered. */
	review(state: RoomState): void
	stop(): void
}

export const createLazyOrders = ({ device, roomId, root, state, timers }: LazyOrdersDeps): LazyOrders => {
	let made: Promise<RoomOrders> | null = null
	let stop: () => void = () => undefined
	const get = (): Promise<RoomOrders> =>
		(made ??= import('./room-orders.ts').then(({ createRoomOrders }) => {
			const key = `orders-${roomId}`
			const orders = createRoomOrders({
				root,
				state,
				send: async (order) => {
					const token = await device.identity.token(await device.name())
					return token === null ? null : device.api.order(device.signer, token.token, roomId, order)
				},
				kept: {
					get: () => device.store.settings.get(key),
					set: (value) => device.store.settings.set(key, value),
				},
				wallNowMs: device.wallNowMs,
				timers,
			})
			stop = orders.stop
			return orders
		}))
	return {
		get,
		review: ({ myRole, members }) => {
			if (myRole !== 'owner') return
			const hasSomething =
				root.ownerDevice !== device.signer.device || members.some(({ role }) => role === 'operator')
			if (!hasSomething && made === null) return
			get().then(
				(orders) => orders.review(),
				(error: unknown) => {
					console.warn('What gives orders to the server could not be fetched.', error)
					made = null
				},
			)
		},
		stop: () => stop(),
	}
}
