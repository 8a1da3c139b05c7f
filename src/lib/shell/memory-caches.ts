/**
 * The browser's caches in memory, as far as the shell uses them, with a limit to run into.
 */
const pathOf = (request: RequestInfo | URL): string =>
	new URL(request instanceof Request ? request.url : String(request), 'http://memory').pathname

export interface MemoryCaches extends CacheStorage {
	/** Entries that all caches together may hold. */
	limit: number
	/** Cache by cache, the paths kept. */
	list(): Promise<Record<string, string[]>>
}

export const createMemoryCaches = (): MemoryCaches => {
	const stores = new Map<string, Map<string, { body: string; headers: Headers; status: number }>>()
	const size = () => [...stores.values()].reduce((sum, store) => sum + store.size, 0)

	const cacheOver = (name: string): Cache => {
		const store = () => stores.get(name)
		const refuse = () => Promise.reject(new Error('not needed by the shell'))
		return {
			match: async (request) => {
				const kept = store()?.get(pathOf(request))
				return kept && new Response(kept.body, { headers: kept.headers, status: kept.status })
			},
			put: async (request, response) => {
				const body = await response.text()
				if (size() >= storage.limit) throw new DOMException('full', 'QuotaExceededError')
				store()?.set(pathOf(request), { body, headers: response.headers, status: response.status })
			},
			keys: async () =>
				[...(store()?.keys() ?? [])].map((path) => new Request(new URL(path, 'http://memory'))),
			delete: async (request) => store()?.delete(pathOf(request)) ?? false,
			add: refuse,
			addAll: refuse,
			matchAll: refuse,
		}
	}

	const storage: MemoryCaches = {
		limit: Infinity,
		list: async () =>
			Object.fromEntries([...stores].map(([name, store]) => [name, [...store.keys()].toSorted()])),
		open: async (name) => {
			if (!stores.has(name)) stores.set(name, new Map())
			return cacheOver(name)
		},
		has: async (name) => stores.has(name),
		delete: async (name) => stores.delete(name),
		keys: async () => [...stores.keys()],
		match: async (request) => {
			for (const name of stores.keys()) {
				const found = await cacheOver(name).match(request)
				if (found !== undefined) return found
			}
			return undefined
		},
	}
	return storage
}
