/**
 * Listeners of one port: each gets every event, in order, and may unsubscribe while being told.
 */
export interface Emitter<Event> {
	readonly emit: (event: Event) => void
	readonly on: (fn: (event: Event) => void) => () => void
	/** Forgets all listeners; later events reach nobody. */
	readonly clear: () => void
}

export const createEmitter = <Event>(): Emitter<Event> => {
	const listeners = new Set<(event: Event) => void>()
	return {
		emit: (event) => {
			for (const fn of [...listeners]) if (listeners.has(fn)) fn(event)
		},
		on: (fn) => {
			// A wrapper of its own, so that one function may listen twice.
			const listener = (event: Event) => fn(event)
			listeners.add(listener)
			return () => void listeners.delete(listener)
		},
		clear: () => listeners.clear(),
	}
}
