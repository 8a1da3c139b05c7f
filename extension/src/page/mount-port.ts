/**
 * One end of a channel between the page's script and a frame of ours. Messages go as JSON text, since in Firefox the
 * objects of one world are strange to the other's schemas; what does not fit is dropped, and whoever says nothing else
 * is cut off.
 */
import type { Schema } from '#lib/core/schema.ts'

export interface MountPort<Out> {
	send(message: Out, ports?: MessagePort[]): void
	/** Idempotent. */
	close(): void
}

const REFUSED_MAX = 20
const TEXT_MAX_CHARS = 100_000

/** Undefined for what is no JSON or does not fit. */
export const readPosted = <T>(schema: Schema<T>, data: unknown): T | undefined => {
	if (typeof data !== 'string' || data.length > TEXT_MAX_CHARS) return undefined
	try {
		return schema.parse(JSON.parse(data))
	} catch {
		return undefined // no JSON: none of ours
	}
}

export const createMountPort = <In, Out>(
	port: MessagePort,
	incoming: Schema<In>,
	onMessage: (message: In, ports: readonly MessagePort[]) => void,
): MountPort<Out> => {
	let refused = 0
	let isOpen = true
	const close = (): void => {
		isOpen = false
		port.onmessage = null
		port.close()
	}
	// Setting it starts the port.
	port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
		const message = readPosted(incoming, data)
		if (message !== undefined) onMessage(message, ports)
		else if (++refused >= REFUSED_MAX) close()
	}
	return {
		send: (message, ports = []) => {
			if (isOpen) port.postMessage(JSON.stringify(message), ports)
		},
		close,
	}
}
