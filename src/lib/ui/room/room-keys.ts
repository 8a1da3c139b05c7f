/**
 * What single keys do in a room: each grants a wish (`keys.ts` says which), unless something modal is open.
 */
import { placeOf, wishOf, type Wish } from '../keys.ts'

export interface RoomKeysDeps {
	readonly grant: Readonly<Record<Wish, () => void>>
	readonly isFull: () => boolean
	/** Escape: leaves the one thing that was entered last. */
	readonly escape: () => void
}

const isModal = (): boolean => document.querySelector('dialog[open], [role="dialog"], [role="menu"]') !== null

export const isNothingFocused = (): boolean =>
	document.activeElement === null || document.activeElement === document.body

export const createRoomKeys =
	({ grant, isFull, escape }: RoomKeysDeps) =>
	(event: KeyboardEvent): void => {
		// What an input method is still putting together is not a key yet.
		if (event.defaultPrevented || event.isComposing || isModal()) return
		if (event.key === 'Escape') {
			escape()
			return
		}
		const isAltGraph = event.getModifierState('AltGraph')
		const press = {
			key: event.key,
			// AltGr, with which some keyboards write `]`, is no modifier, though Windows says Ctrl and Alt.
			ctrlKey: event.ctrlKey && !isAltGraph,
			metaKey: event.metaKey,
			altKey: event.altKey && !isAltGraph,
			shiftKey: event.shiftKey,
			isRepeat: event.repeat,
		}
		const place = placeOf(document.activeElement)
		// In full screen nothing else wants Enter: it begins to write.
		const wish = isFull() && event.key === 'Enter' && place === 'page' ? 'chat' : wishOf(press, place)
		if (wish === null) return
		event.preventDefault()
		grant[wish]()
	}
