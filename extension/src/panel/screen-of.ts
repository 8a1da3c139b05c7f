/** A room view as the app's screens want it: with what the panel has no part for. */
import type { RoomView } from '#lib/session/room-view.svelte.ts'
import type { RoomCommands, RoomScreenProps } from '#lib/ui/props.ts'

/** Read through: each property is as new as the view's own. */
export const screenOf = (view: RoomView<RoomCommands>): RoomScreenProps =>
	Object.create(view, { onstage: { value: view.setStage, enumerable: true } }) as RoomScreenProps
