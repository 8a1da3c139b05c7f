/**
 * A player's listeners: told in order; one that throws does not keep the others from hearing.
 */
import type { PlayerEvent } from './player.ts'

export interface Emitter {
	on(fn: (event: PlayerEvent) => void): () => void
	emit(event: PlayerEvent): void
	clear(): void
}

export const createEmitter = (): Emitter => {
	const listeners = new Set<(event: PlayerEvent) => void>()
	return {
		on(fn) {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		emit(event) {
			for (const fn of [...listeners]) {
				try {
					fn(event)
				} catch (error) {
					// A listener's fault is the page's to report, not a reason for the film to stop.
					queueMicrotask(() => {
						throw error
					})
				}
			}
		},
		clear: () => listeners.clear(),
	}
}
