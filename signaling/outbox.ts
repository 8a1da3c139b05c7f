/**
 * What is written to sockets goes out once for each turn of the event loop: frames of several senders for one reader
 * leave in one system call, which is most of what a frame costs. A frame that comes alone waits for nothing.
 */
export interface Flushed {
	flush(): void
}

export interface Outbox {
	/** Is flushed when this turn ends. */
	add(connection: Flushed): void
}

export const createOutbox = (atEndOfTurn: (flush: () => void) => void = setImmediate): Outbox => {
	let waiting: Flushed[] = []
	const flush = (): void => {
		const connections = waiting
		waiting = []
		for (const connection of connections) connection.flush()
	}
	return {
		add(connection) {
			if (waiting.push(connection) === 1) atEndOfTurn(flush)
		},
	}
}
