/**
 * Two ends of a port for tests, with a way between them. Messages are copied as the browser copies them, through JSON.
 */
import type { RawPort } from './port.ts'

export interface PortPair {
	readonly here: RawPort
	readonly there: RawPort
}

/** `deliver` runs its argument when the message has arrived. */
export const createPortPair = (
	deliver: (fn: () => void) => void,
	sender: RawPort['sender'] = undefined,
): PortPair => {
	let isOpen = true
	const end = () => ({
		messages: new Set<(message: unknown) => void>(),
		closes: new Set<() => void>(),
	})
	const [a, b] = [end(), end()]
	const portOf = (own: typeof a, other: typeof a): RawPort => ({
		name: 'test',
		sender,
		postMessage: (message) => {
			if (!isOpen) throw new Error('Attempting to use a disconnected port object')
			const copy: unknown = JSON.parse(JSON.stringify(message))
			deliver(() => {
				if (isOpen) for (const fn of other.messages) fn(copy)
			})
		},
		disconnect: () => {
			if (!isOpen) return
			isOpen = false
			for (const fn of other.closes) fn()
		},
		onMessage: { addListener: (fn) => void own.messages.add(fn) },
		onDisconnect: { addListener: (fn) => void own.closes.add(fn) },
	})
	return { here: portOf(a, b), there: portOf(b, a) }
}
