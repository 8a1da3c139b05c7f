import { describe, expect, it } from 'vitest'
import { createShell, shellCacheName } from './keep-shell.ts'
import { createMemoryCaches, type MemoryCaches } from './memory-caches.ts'

const BASE = '/watch'
const at = (...paths: string[]) => paths.map((path) => BASE + path)

const PAGES = at('/', '/r')

/** A server with two versions, of which it has one at a time. */
const createServer = (version: 'a' | 'b') => {
	const asked: string[] = []
	const server = {
		asked,
		version,
		isUp: true,
		fails: null as string | null,
		files: (of: 'a' | 'b') =>
			at('/_app/immutable/start.' + of + '.js', '/_app/immutable/same.js', '/favicon.svg'),
		fetch: (async (input: RequestInfo | URL) => {
			const path = input instanceof Request ? new URL(input.url).pathname : String(input)
			asked.push(path)
			if (!server.isUp) throw new TypeError('Failed to fetch')
			if (path === server.fails) return new Response('', { status: 503 })
			if (![...PAGES, ...server.files(server.version)].includes(path))
				return new Response('', { status: 404 })
			const body = PAGES.includes(path)
				? `<script>import("/watch/_app/immutable/start.${server.version}.js")</script>`
				: `${path} of ${server.version}`
			return new Response(body)
		}) as typeof fetch,
	}
	return server
}
type Server = ReturnType<typeof createServer>
const shellOf = (server: Server, caches: MemoryCaches, version = server.version) =>
	createShell({
		caches,
		fetch: server.fetch,
		base: BASE,
		version,
		files: server.files(version),
		pages: PAGES,
	})
const ask = (path: string) => new Request(`http://memory${BASE}${path}`)
const nameOf = (version: string) => shellCacheName(BASE, version)

describe('keeping a version', () => {
	it('[OF4] all of it is kept, and answers with the server gone', async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const shell = shellOf(server, caches)
		expect(await shell.keep()).toEqual({ type: 'kept' })
		expect(await caches.list()).toEqual({ [nameOf('a')]: [...PAGES, ...server.files('a')].toSorted() })
		server.isUp = false
		const answer = await shell.answer(`${BASE}/r`, ask('/r'))
		expect(await answer.text()).toContain('start.a.js')
	})

	it.each([
		['a file that is refused', (server: Server) => (server.fails = `${BASE}/favicon.svg`)],
		['no network', (server: Server) => (server.isUp = false)],
		['a file that is gone', (server: Server) => (server.version = 'b')],
	])('[OF4] with %s nothing is kept, and the reason is told', async (_what, spoil) => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const shell = shellOf(server, caches, 'a')
		spoil(server)
		expect(await shell.keep()).toMatchObject({ type: 'not-kept', why: 'not-fetched' })
		expect(await caches.keys()).toEqual([])
	})

	it('[OF4] pages of another version than the files are not kept', async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const { fetch } = server
		server.fetch = async (input, init) => {
			// The new pages are out, the old files still there.
			return typeof input === 'string' && PAGES.includes(input)
				? new Response('<script>import("./_app/immutable/start.b.js")</script>')
				: fetch(input, init)
		}
		expect(await shellOf(server, caches).keep()).toMatchObject({ type: 'not-kept', why: 'mixed' })
		expect(await caches.keys()).toEqual([])
	})

	it('[OF5] with the storage full it says so, and leaves nothing behind', async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		caches.limit = 3
		expect(await shellOf(server, caches).keep()).toMatchObject({ type: 'not-kept', why: 'full' })
		expect(await caches.keys()).toEqual([])
	})

	it('[OF4] what the browser has thrown away is fetched again; what is here is not', async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const shell = shellOf(server, caches)
		await shell.keep()
		await (await caches.open(shell.name)).delete(`${BASE}/favicon.svg`)
		server.asked.length = 0
		expect(await shell.keep()).toEqual({ type: 'kept' })
		expect(server.asked).toEqual([`${BASE}/favicon.svg`])
	})

	it('[OF4] what was kept before stays when the rest cannot be fetched', async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const shell = shellOf(server, caches)
		await shell.keep()
		await (await caches.open(shell.name)).delete(`${BASE}/favicon.svg`)
		server.isUp = false
		expect(await shell.keep()).toMatchObject({ type: 'not-kept', why: 'not-fetched' })
		expect((await caches.list())[shell.name]).toHaveLength(4)
	})

	it('[OF4] a page that came by a redirect is kept without it', async () => {
		const server = createServer('a')
		const { fetch } = server
		server.fetch = async (input, init) => {
			const response = await fetch(input, init)
			return Object.defineProperty(response, 'redirected', { value: true })
		}
		const shell = shellOf(server, createMemoryCaches())
		expect(await shell.keep()).toEqual({ type: 'kept' })
		expect((await shell.answer(`${BASE}/`, ask('/'))).redirected).toBe(false)
	})
})

describe('a new version', () => {
	const deployed = async () => {
		const server = createServer('a')
		const caches = createMemoryCaches()
		const older = shellOf(server, caches)
		await older.keep()
		server.version = 'b'
		server.asked.length = 0
		const newer = shellOf(server, caches)
		await newer.keep()
		return { server, caches, older, newer }
	}

	it('[OF6] fetches only what has changed', async () => {
		const { server } = await deployed()
		expect(server.asked).not.toContain(`${BASE}/_app/immutable/same.js`)
		expect(server.asked).toContain(`${BASE}/_app/immutable/start.b.js`)
	})

	it('[OF6] pages that run the older one still get its parts, which the server no longer has', async () => {
		const { newer } = await deployed()
		const answer = await newer.answer(`${BASE}/_app/immutable/start.a.js`, ask('/_app/immutable/start.a.js'))
		expect([answer.status, await answer.text()]).toEqual([200, `${BASE}/_app/immutable/start.a.js of a`])
	})

	it('[OF6] each version answers with its own pages', async () => {
		const { older, newer } = await deployed()
		expect(await (await older.answer(`${BASE}/`, ask('/'))).text()).toContain('start.a.js')
		expect(await (await newer.answer(`${BASE}/`, ask('/'))).text()).toContain('start.b.js')
	})

	it('[OF6] the older one is forgotten once no page runs it', async () => {
		const { caches, newer } = await deployed()
		await newer.tidy(['b', 'a'])
		expect(await caches.keys()).toEqual([nameOf('a'), nameOf('b')])
		await newer.tidy(['b', null])
		expect(await caches.keys()).toEqual([nameOf('a'), nameOf('b')])
		await newer.tidy(['b', 'b'])
		expect(await caches.keys()).toEqual([nameOf('b')])
	})

	it('[OF6] what other apps of the same origin keep is left alone', async () => {
		const { caches, newer } = await deployed()
		await caches.open(shellCacheName('/watch/too', 'a'))
		await caches.open(shellCacheName('', 'a'))
		await caches.open('somebody else’s')
		await newer.tidy(['b'])
		expect(await caches.keys()).toEqual([
			nameOf('b'),
			shellCacheName('/watch/too', 'a'),
			shellCacheName('', 'a'),
			'somebody else’s',
		])
	})
})

it('[OF1] with the caches out of order the network answers', async () => {
	const server = createServer('a')
	const caches = createMemoryCaches()
	const shell = shellOf(server, { ...caches, open: () => Promise.reject(new Error('damaged')) })
	const answer = await shell.answer(`${BASE}/favicon.svg`, ask('/favicon.svg'))
	expect(await answer.text()).toBe(`${BASE}/favicon.svg of a`)
	expect(await shell.keep()).toMatchObject({ type: 'not-kept', why: 'refused' })
})
