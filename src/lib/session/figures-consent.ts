/**
 * Shares figures while the person agrees to it: what does so is fetched with the consent and ended with its withdrawal.
 */
export interface FiguresConsentDeps {
	readonly isGiven: () => boolean
	/** Fetches what shares; the function it brings begins, and returns what ends it. */
	readonly fetch: () => Promise<() => () => void>
}

export interface FiguresConsent {
	/** Looks at the consent anew. */
	changed(): void
	/** Ends the sharing, also one that is still being fetched. */
	dispose(): void
}

export const createFiguresConsent = (deps: FiguresConsentDeps): FiguresConsent => {
	let isDisposed = false
	let stop: (() => void) | null = null
	const end = () => {
		stop?.()
		stop = null
	}
	return {
		changed() {
			if (isDisposed) return
			if (!deps.isGiven()) end()
			else if (stop === null)
				deps.fetch().then(
					(begin) => {
						if (!isDisposed && stop === null && deps.isGiven()) stop = begin()
					},
					(error: unknown) => console.warn('What shares the figures could not be fetched.', error),
				)
		},
		dispose() {
			isDisposed = true
			end()
		},
	}
}
