/**
 * One version of the app, kept whole on the device or not at all, in a cache of its own. Older versions stay for as
 * long as a page runs them: it may still need a part that it has not fetched yet, and the server no longer has it.
 */
import { HASHED, strayFiles } from './requests.ts'
import type { WhyNotKept } from './worker-words.ts'

export type KeepOutcome =
	| { readonly type: 'kept' }
	/** `detail` is for the console. */
	| { readonly type: 'not-kept'; readonly why: WhyNotKept; readonly detail: string }

export interface ShellDeps {
	readonly caches: CacheStorage
	readonly fetch: typeof globalThis.fetch
	/** '' or '/watch'; part of the cache's name, since several apps may share an origin. */
	readonly base: string
	readonly version: string
	/** Of this version, base included. */
	readonly files: readonly string[]
	readonly pages: readonly string[]
}

/** Few at a time: what is on the screen goes first. */
const AT_ONCE = 4

const prefixOf = (base: string): string => `matinee-shell ${base}/ `
export const shellCacheName = (base: string, version: string): string => prefixOf(base) + version

class NotFetched extends Error {}

/** A page that came by a redirect may not answer a navigation; its content may. */
const withoutRedirect = (response: Response): Response =>
	response.redirected
		? new Response(response.body, {
				status: response.status,
				statusText: response.statusText,
				headers: response.headers,
			})
		: response

const isFull = (error: unknown): boolean =>
	error instanceof Error &&
	(error.name === 'QuotaExceededError' || error.name === 'NS_ERROR_FILE_NO_DEVICE_SPACE')

export type Shell = ReturnType<typeof createShell>

export const createShell = ({ caches, fetch, base, version, files, pages }: ShellDeps) => {
	const name = shellCacheName(base, version)
	const paths = [...files, ...pages]
	const known = new Set(files)
	/** Paths are all that counts: a `Vary` of the server would make two copies of one file. */
	const find = (cache: Cache | CacheStorage, path: string) => cache.match(path, { ignoreVary: true })

	const fetchFile = async (path: string): Promise<Response> => {
		const isHashed = path.startsWith(base + HASHED)
		if (isHashed) {
			// What did not change since the version before is here already.
			const kept = await find(caches, path)
			if (kept !== undefined) return kept
		}
		let response: Response
		try {
			response = await fetch(path, { cache: isHashed ? 'default' : 'reload', credentials: 'same-origin' })
		} catch (error) {
			throw new NotFetched(`${path}: ${String(error)}`)
		}
		if (!response.ok) throw new NotFetched(`${path}: ${String(response.status)}`)
		return withoutRedirect(response)
	}

	const missingPaths = async (cache: Cache): Promise<string[]> => {
		const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname))
		return paths.filter((path) => !kept.has(path))
	}

	const fill = async (cache: Cache): Promise<void> => {
		const open = await missingPaths(cache)
		const work = async () => {
			for (let path = open.shift(); path !== undefined; path = open.shift())
				await cache.put(path, await fetchFile(path))
		}
		await Promise.all(Array.from({ length: AT_ONCE }, work))
	}

	const strays = async (cache: Cache): Promise<string[]> => {
		const found = await Promise.all(
			pages.map(async (page) =>
				strayFiles((await (await find(cache, page))?.text()) ?? '', { base, files: known }),
			),
		)
		return found.flat()
	}

	return {
		name,

		/** Fetches what is missing. On failure nothing of a version that was not here before stays. Never rejects. */
		keep: async (): Promise<KeepOutcome> => {
			const wasHere = await caches.has(name).catch(() => false) // refused: then opening it is refused, too
			try {
				const cache = await caches.open(name)
				await fill(cache)
				const stray = await strays(cache)
				if (stray.length === 0) return { type: 'kept' }
				// The server was being updated meanwhile.
				await caches.delete(name)
				return { type: 'not-kept', why: 'mixed', detail: `of another version: ${stray.join(', ')}` }
			} catch (error) {
				if (!wasHere) await caches.delete(name).catch(() => false) // as much as is possible
				const why = isFull(error) ? 'full' : error instanceof NotFetched ? 'not-fetched' : 'refused'
				return { type: 'not-kept', why, detail: String(error) }
			}
		},

		/** `path` of this version; of any version that is still kept, for pages that run an older one; else fetched. */
		answer: async (path: string, request: Request): Promise<Response> => {
			try {
				const own = await find(await caches.open(name), path)
				const kept = own ?? (await find(caches, path))
				if (kept !== undefined) return kept
			} catch (error) {
				console.warn('What is kept of the app could not be read.', error)
			}
			return fetch(request)
		},

		/** Forgets versions that no page runs. `running`: what the open pages say they are; null for one that says nothing. */
		tidy: async (running: readonly (string | null)[]): Promise<void> => {
			if (running.includes(null)) return
			const stay = new Set([name, ...running.map((one) => shellCacheName(base, one ?? ''))])
			for (const other of await caches.keys())
				if (other.startsWith(prefixOf(base)) && !stay.has(other)) await caches.delete(other)
		},
	}
}
