/**
 * One frame of ours on somebody else's page: a page of the extension's, and the channel to it. The first message goes to
 * the extension's origin alone: whatever else may have come to stand in the frame gets nothing.
 */
import type { Schema } from '#lib/core/schema.ts'
import { createMountPort, type MountPort } from './mount-port.ts'

export interface FrameDeps<In> {
	readonly document: Document
	/** Its address; the browser may use another one than the page has in the end. */
	readonly url: string
	/** The extension's. */
	readonly origin: string
	readonly incoming: Schema<In>
	/** The first message and what goes with it, each time the frame's page has loaded; null: nothing is said to it. */
	readonly greet: () => Promise<{ readonly message: unknown; readonly ports: MessagePort[] } | null>
	readonly onMessage: (message: In) => void
	/** It has its port, and knows nothing yet. */
	readonly onReady: () => void
}

export interface Frame<Out> {
	readonly element: HTMLIFrameElement
	send(message: Out, ports?: MessagePort[]): void
	/** Idempotent. */
	dispose(): void
}

export const createFrame = <In, Out>(deps: FrameDeps<In>): Frame<Out> => {
	const element = deps.document.createElement('iframe')
	let port: MountPort<Out> | null = null
	let loads = 0

	const close = (): void => {
		port?.close()
		port = null
	}
	const onLoad = async (): Promise<void> => {
		const mine = ++loads
		close()
		const greeting = await deps.greet()
		// It may have been put elsewhere meanwhile, and loaded once more.
		if (greeting === null || mine !== loads || element.contentWindow === null) return
		const channel = new MessageChannel()
		port = createMountPort<In, Out>(channel.port1, deps.incoming, deps.onMessage)
		const ports = [channel.port2, ...greeting.ports]
		element.contentWindow.postMessage(JSON.stringify(greeting.message), deps.origin, ports)
		deps.onReady()
	}
	const onload = (): void => void onLoad()
	element.addEventListener('load', onload)
	element.src = deps.url

	return {
		element,
		send: (message, ports) => port?.send(message, ports),
		dispose: () => {
			loads++
			element.removeEventListener('load', onload)
			close()
			element.remove()
		},
	}
}
