/**
 * The first message to a frame of ours: from the page that holds it, with the port for everything else. The page's own
 * scripts have no hold on the frame; one that put up a frame of ours itself has no word that the room would take.
 */
import { literal, object } from '#lib/core/schema.ts'
import { hello, type Hello } from '../page/mount-messages.ts'
import { readPosted } from '../page/mount-port.ts'

type Heard = Pick<MessageEvent<unknown>, 'source' | 'data' | 'ports'>

/** What is used of a window. */
export interface GreetedWindow {
	readonly parent: unknown
	addEventListener(name: 'message', fn: (event: Heard) => void): void
	removeEventListener(name: 'message', fn: (event: Heard) => void): void
}

/** Calls `fn` for the first event that it takes, and listens no more. */
const once = (window: GreetedWindow, take: (event: Heard) => boolean): void => {
	const heard = (event: Heard): void => {
		if (window.parent === window || event.source !== window.parent) return
		if (take(event)) window.removeEventListener('message', heard)
	}
	window.addEventListener('message', heard)
}

export const whenGreeted = (window: GreetedWindow, fn: (hello: Hello, port: MessagePort) => void): void => {
	once(window, ({ data, ports }) => {
		const message = readPosted(hello, data)
		const [port] = ports
		if (message === undefined || port === undefined) return false
		fn(message, port)
		return true
	})
}

const joined = object({ type: literal('matinee-overlay') })

/** The frame of the chat over a full screen: the second port leads to the panel's frame. */
export const whenJoined = (window: GreetedWindow, fn: (port: MessagePort) => void): void => {
	once(window, ({ data, ports }) => {
		const [, port] = ports
		if (readPosted(joined, data) === undefined || port === undefined) return false
		fn(port)
		return true
	})
}
