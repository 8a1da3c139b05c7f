/**
 * Long work in pieces: between two of them the page hears what was pressed and draws a frame.
 */

/** Resolves in a task of its own. Not by a timer: those of a hidden page may come a second later. */
export const nextTask = (): Promise<void> =>
	new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel()
		port1.onmessage = () => {
			port1.close()
			resolve()
		}
		port2.postMessage(null)
	})
