/**
 * Who one is, as the room's document tells it: by the open room, or by the server that was looked at.
 */
import type { PopupView } from '../wire/popup-messages.ts'

export interface NameShown {
	readonly name: string
	/** Of an account, kept by the server. */
	readonly isAccount: boolean
}

/** Null while it is not known. */
export const nameShown = (view: PopupView): NameShown | null => {
	if (view.type === 'none') return view.me
	const me = view.type === 'room' ? view.people.find(({ isMe }) => isMe) : undefined
	return me === undefined ? null : { name: me.name, isAccount: false }
}
