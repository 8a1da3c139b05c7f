/**
 * Firefox ends an extension's background page after half a minute in which no part of it was called, and with it the
 * room. While there is one, or one is on its way, the page asks the browser for something small (docs/decisions/0011).
 */
import type { PopupView } from '../wire/popup-messages.ts'

export interface StayAwakeDeps {
	/** Any call of the browser's own will do. */
	readonly touch: () => Promise<unknown>
	/** Runs `fn` again and again; returns its end. */
	readonly every: (ms: number, fn: () => void) => () => void
}

/** Twice within the half minute. */
export const TOUCH_EVERY_MS = 12_000

/** Told each view of the room's document. */
export const createStayAwake = ({
	touch,
	every,
}: StayAwakeDeps): ((view: Pick<PopupView, 'type'>) => void) => {
	let stop: (() => void) | null = null
	return ({ type }) => {
		const isWanted = type !== 'none'
		if (isWanted === (stop !== null)) return
		stop?.()
		// A call that fails has woken it all the same.
		stop = isWanted ? every(TOUCH_EVERY_MS, () => void touch().catch(() => undefined)) : null
	}
}
