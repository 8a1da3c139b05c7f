/**
 * /config.json, asked of the network each time. Its last good answer is kept for when there is none: no network, a
 * server that is down, or the page of a café's network in its place.
 */
export interface ConfigDeps {
	readonly caches: CacheStorage
	readonly fetch: typeof globalThis.fetch
	/** Path of the file, base included: also the cache's name. */
	readonly path: string
	/** Resolves after so many ms. */
	readonly wait: (ms: number) => Promise<void>
}

/** With an answer at hand, nobody waits longer for a network that is there and does not answer. */
const PATIENCE_MS = 3_000

const isGood = async (response: Response): Promise<boolean> => {
	if (!response.ok) return false
	try {
		const value: unknown = await response.clone().json()
		return typeof value === 'object' && value !== null && !Array.isArray(value)
	} catch {
		return false // a page in its place, or half of it
	}
}

/** An answer by which nothing can be known about the configuration; a 404 is an answer of its own. */
const isNoAnswer = (response: Response): boolean => response.ok || response.status >= 500

export const createConfigKeeper = ({ caches, fetch, path, wait }: ConfigDeps) => {
	const open = () => caches.open(`matinee-config ${path}`)

	const keep = async (response: Response): Promise<void> => {
		try {
			await (await open()).put(path, response)
		} catch (error) {
			console.warn('The configuration could not be kept for later.', error)
		}
	}
	const kept = async (): Promise<Response | undefined> => {
		try {
			return await (await open()).match(path, { ignoreVary: true })
		} catch {
			return undefined // storage is off: as if nothing was kept
		}
	}

	const askNetwork = async (request: Request | string): Promise<Response> => {
		const response = await fetch(request)
		if (!(await isGood(response))) return isNoAnswer(response) ? ((await kept()) ?? response) : response
		await keep(response.clone())
		return response
	}

	return {
		/** For the first page, which asked before there was anybody to keep the answer. Never rejects. */
		remember: async (): Promise<void> => {
			await askNetwork(path).catch(() => undefined) // the next page asks again
		},

		/** @throws as `fetch` does, where nothing is kept. */
		answer: async (request: Request): Promise<Response> => {
			const asked = askNetwork(request)
			const late = (async () => {
				await wait(PATIENCE_MS)
				return (await kept()) ?? asked
			})()
			try {
				return await Promise.race([asked, late])
			} catch (error) {
				const answer = await kept()
				if (answer !== undefined) return answer
				throw error
			}
		},
	}
}
