/**
 * A component that is fetched when it is first wanted, so that the first screen does not wait for it. The service
 * worker keeps all of them on the device: offline they open as well.
 */
export interface Lazy<C> {
	/** Null until it is here. */
	readonly component: C | null
	/** The last try to fetch it failed: offline on a first visit, or a new version was deployed. */
	readonly hasFailed: boolean
	/** Resolves once it is here or has failed; asking again tries again. Never rejects. */
	load(): Promise<void>
}

export const createLazy = <C>(fetch: () => Promise<{ default: C }>): Lazy<C> => {
	let component = $state.raw<C | null>(null)
	let hasFailed = $state(false)
	let pending: Promise<void> | null = null

	const tryToFetch = async (): Promise<void> => {
		try {
			component = (await fetch()).default
			hasFailed = false
		} catch (error) {
			console.warn('A part of the page could not be fetched.', error)
			hasFailed = true
		}
		pending = null
	}

	return {
		get component() {
			return component
		},
		get hasFailed() {
			return hasFailed
		},
		load: () => (component === null ? (pending ??= tryToFetch()) : Promise.resolve()),
	}
}
