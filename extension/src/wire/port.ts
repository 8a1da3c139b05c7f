/**
 * A port of the extension as both ends use it, and who may be at its other end. A message that does not fit is dropped
 * and counted; an end that sends nothing else is cut off.
 */
import type { Schema } from '#lib/core/schema.ts'

/** What is used of `runtime.Port`. */
export interface RawPort {
	readonly name: string
	readonly sender?:
		| {
				readonly id?: string | undefined
				readonly url?: string | undefined
				readonly frameId?: number | undefined
				readonly tab?: { readonly id?: number | undefined } | undefined
		  }
		| undefined
	postMessage(message: unknown): void
	disconnect(): void
	readonly onMessage: { addListener(fn: (message: unknown) => void): void }
	readonly onDisconnect: { addListener(fn: () => void): void }
}

export interface Line<In, Out> {
	/** False once the other end is gone. */
	send(message: Out): boolean
	on(fn: (message: In) => void): () => void
	onClose(fn: () => void): void
	isOpen(): boolean
	/** Messages that did not fit. */
	refused(): number
	/** Idempotent. */
	close(): void
}

const REFUSED_MAX = 20

export const createLine = <In, Out>(port: RawPort, incoming: Schema<In>): Line<In, Out> => {
	const listeners = new Set<(message: In) => void>()
	const closers: (() => void)[] = []
	let isOpen = true
	let refused = 0
	const closed = (): void => {
		if (!isOpen) return
		isOpen = false
		listeners.clear()
		for (const fn of closers) fn()
	}
	const close = (): void => {
		if (!isOpen) return
		// The end that disconnects is not told of it.
		port.disconnect()
		closed()
	}
	port.onDisconnect.addListener(closed)
	port.onMessage.addListener((raw) => {
		if (!isOpen) return
		const message = incoming.parse(raw)
		if (message === undefined) {
			refused += 1
			if (refused >= REFUSED_MAX) close()
			return
		}
		for (const fn of [...listeners]) fn(message)
	})
	return {
		send: (message) => {
			if (!isOpen) return false
			try {
				port.postMessage(message)
				return true
			} catch {
				closed() // it went between two messages, and its own event comes later
				return false
			}
		},
		on: (fn) => {
			listeners.add(fn)
			return () => listeners.delete(fn)
		},
		onClose: (fn) => closers.push(fn),
		isOpen: () => isOpen,
		refused: () => refused,
		close,
	}
}

/** Our own script in the main frame of a tab: its number; null for anybody else. */
export const tabOf = (port: RawPort, ownId: string): number | null => {
	const { sender } = port
	if (sender?.id !== ownId || sender.frameId !== 0) return null
	return sender.tab?.id ?? null
}

/** One of our own pages, not in a tab of somebody else's: the popup or the options. `ownUrl` ends in '/'. */
export const isOwnPage = (port: RawPort, ownId: string, ownUrl: string): boolean =>
	port.sender?.id === ownId && port.sender.url?.startsWith(ownUrl) === true

/**
 * The tab of a panel: the extension's one page for it, in a frame on the page of that tab. Null for anybody else. `ownUrl`
 * ends in '/'.
 */
export const panelTabOf = (port: RawPort, ownId: string, ownUrl: string): number | null => {
	const { sender } = port
	if (sender?.id !== ownId || sender.url?.replace(/#.*$/s, '') !== `${ownUrl}panel.html`) return null
	// In a tab of its own it stands on nobody's page.
	if (sender.frameId === undefined || sender.frameId === 0) return null
	return sender.tab?.id ?? null
}
