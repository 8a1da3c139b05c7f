/**
 * Whether the page that the film plays on can be seen: the room's own document never is, and never hides.
 */
import type { PageVisibility } from '#lib/session/page-life.ts'

export interface TabVisibility extends PageVisibility {
	set(isHidden: boolean): void
}

export const createTabVisibility = (): TabVisibility => {
	let isHidden = false
	const listeners = new Set<() => void>()
	return {
		isHidden: () => isHidden,
		onChange: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		set: (next) => {
			if (next === isHidden) return
			isHidden = next
			for (const fn of [...listeners]) fn()
		},
	}
}
