/**
 * One tab of a browser leads a room: it alone keeps sockets and links. The others follow it over BroadcastChannel,
 * and one of them takes over when it goes (Web Locks hand the lock on when its tab closes, crashes included).
 */
export interface TabLead {
	isLeading(): boolean
	/** Gives the lead up (or the wish for it). Idempotent. */
	release(): void
}

export interface LockManagerLike {
	request(name: string, options: { signal: AbortSignal }, callback: () => Promise<void>): Promise<unknown>
}

/**
 * Waits for the lead of `name` for as long as it takes; `onLead` runs once, when it is ours.
 * Without a lock manager every tab leads for itself.
 */
export const requestTabLead = (
	locks: LockManagerLike | undefined,
	name: string,
	onLead: () => void,
): TabLead => {
	let isLeading = false
	let isReleased = false
	const stop = new AbortController()
	let handOn: (() => void) | undefined
	const lead = () => {
		if (isReleased) return
		isLeading = true
		onLead()
	}
	if (locks === undefined) queueMicrotask(lead)
	else {
		locks
			.request(name, { signal: stop.signal }, () => {
				if (isReleased) return Promise.resolve()
				return new Promise<void>((resolve) => {
					handOn = resolve
					lead()
				})
			})
			.catch((error: unknown) => {
				// An aborted wait is our own release; anything else means locks do not work here.
				if (!isReleased) {
					console.warn('Web Locks refused; this tab leads for itself.', error)
					lead()
				}
			})
	}
	return {
		isLeading: () => isLeading && !isReleased,
		release: () => {
			if (isReleased) return
			isReleased = true
			handOn?.()
			stop.abort()
		},
	}
}
