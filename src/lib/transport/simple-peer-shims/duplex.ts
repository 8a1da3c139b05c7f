/**
 * What simple-peer uses of `readable-stream`'s Duplex, for the browser: events, and the marks of a stream that has
 * ended. Nothing is buffered and nothing can be written through it: our bytes go by the data channels themselves.
 * A class, because simple-peer's Peer extends it.
 */
type Listener = (...values: never[]) => void

export class Duplex {
	readonly _readableState = { ended: false }
	readonly _writableState = { finished: false }
	readonly #listeners = new Map<string, Listener[]>()

	on(name: string, listener: Listener): this {
		this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
		return this
	}

	once(name: string, listener: Listener): this {
		const once: Listener = (...values) => {
			this.removeListener(name, once)
			listener(...values)
		}
		Object.assign(once, { listener })
		return this.on(name, once)
	}

	removeListener(name: string, listener: Listener): this {
		const kept = (this.#listeners.get(name) ?? []).filter(
			(one) => one !== listener && (one as { listener?: Listener }).listener !== listener,
		)
		this.#listeners.set(name, kept)
		return this
	}

	/** As in Node, an `error` that nobody listens for is thrown. */
	emit(name: string, ...values: unknown[]): boolean {
		const listeners = this.#listeners.get(name) ?? []
		if (listeners.length === 0 && name === 'error') throw values[0]
		for (const listener of listeners) listener(...(values as never[]))
		return listeners.length > 0
	}

	/** `null` ends the reading side. */
	push(chunk: unknown): boolean {
		if (chunk !== null) return this.emit('data', chunk)
		this._readableState.ended = true
		return false
	}

	/** Ends the writing side; `finish` comes after the caller has gone on. */
	end(): this {
		if (this._writableState.finished) return this
		this._writableState.finished = true
		queueMicrotask(() => this.emit('finish'))
		return this
	}
}
