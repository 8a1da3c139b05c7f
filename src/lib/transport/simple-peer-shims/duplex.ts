/**
 * What is left of `readable-stream`'s Duplex under simple-peer in the browser: its events. Nothing is written or read
 * through it: our bytes go by the data channels themselves. A class, because simple-peer's Peer extends it.
 */
type Listener = (...values: never[]) => void

export class Duplex {
	readonly #listeners = new Map<string, Listener[]>()

	on(name: string, listener: Listener): this {
		this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
		return this
	}

	/** As in Node, an `error` that nobody listens for is thrown. */
	emit(name: string, ...values: unknown[]): boolean {
		const listeners = this.#listeners.get(name) ?? []
		if (listeners.length === 0 && name === 'error') throw values[0]
		for (const listener of listeners) listener(...(values as never[]))
		return listeners.length > 0
	}
}
