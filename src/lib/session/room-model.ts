/**
 * The model that a room's screens are given: everything they show, put together anew whenever something changed, and
 * replaced whole.
 */
import type { RoomState } from '#lib/core/state.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import type {
	ConnectionView,
	ExtensionView,
	OwnSettings,
	PersonView,
	PlayerView,
	StatusView,
	ToastView,
} from '#lib/core/view.ts'

export interface RoomModel {
	readonly state: RoomState
	readonly people: readonly PersonView[]
	readonly connection: ConnectionView
	readonly player: PlayerView
	readonly status: StatusView | null
	readonly toast: ToastView | null
	readonly invite: { readonly link: string; readonly code: string; readonly canShare: boolean }
	readonly driftMs: number | null
	readonly lock: { readonly hasPassword: boolean; readonly canBeOrderedAtServer: boolean }
	/** By name: whose devices have told no key that a new lock could be sealed to. */
	readonly leftBehind: readonly string[]
	readonly own: OwnSettings
	/** Items that could not be played on this device, with why. */
	readonly unplayable: ReadonlyMap<ItemId, string>
	/** Null or left out: no extension has answered on this page. */
	readonly extension?: ExtensionView | null
	/** Names that resemble another member's. */
	readonly lookAlikes: ReadonlyMap<DeviceId, string>
}

export interface RoomModels {
	/** The newest; made now where there is none yet. */
	current(): RoomModel
	/** The one that was last given out, or null. */
	last(): RoomModel | null
	/** Something is different: a new one is made at the end of this moment. */
	changed(): void
	/** Returns its undo. */
	onChange(fn: (model: RoomModel) => void): () => void
	/** No listener hears anything any more. */
	stop(): void
}

/** `soon`: when a change that was told of counts; at the end of the same task, unless told otherwise. */
export const createRoomModels = (
	make: () => RoomModel,
	soon: (fn: () => void) => void = queueMicrotask,
): RoomModels => {
	const listeners = new Set<(model: RoomModel) => void>()
	let model: RoomModel | null = null
	let isDue = false
	let isStopped = false
	return {
		current: () => (model ??= make()),
		last: () => model,
		changed: () => {
			// Many things change in one moment; the screens hear of it once.
			if (isDue || isStopped) return
			isDue = true
			soon(() => {
				isDue = false
				if (isStopped) return
				model = make()
				for (const fn of [...listeners]) fn(model)
			})
		},
		onChange: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		stop: () => {
			isStopped = true
			listeners.clear()
		},
	}
}
