/**
 * Serving the built client: a made-up one, with the shape of the real one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/ws-server.ts'

const HOME = '<!doctype html><title>Home</title>'
const ROOM = '<!doctype html><title>Room</title>'
const FILM = Buffer.from(Array.from({ length: 10_000 }, (_, i) => i % 251))
const SCRIPT = 'console.log("hello")'.repeat(50)

let dir: string
let server: TestServer
beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-client-'))
	const files: Record<string, string | Buffer> = {
		'build/index.html': HOME,
		'build/200.html': ROOM,
		'build/200.html.br': brotliCompressSync(ROOM),
		'build/about.html': HOME,
		'build/_app/immutable/entry/start.abc.js': SCRIPT,
		'build/_app/immutable/entry/start.abc.js.br': brotliCompressSync(SCRIPT),
		'build/_app/version.json': '{}',
		'build/service-worker.js': SCRIPT,
		'build/manifest.webmanifest': '{}',
		'build/icons/192.png': FILM,
		'build/film/sample.webm': FILM,
		'build/film/sample.mp4': FILM,
		'build/.hidden': 'secret',
		'secret.txt': 'secret',
	}
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(dir, path)), { recursive: true })
		writeFileSync(join(dir, path), content)
	}
	server = await startServer({ clientDir: join(dir, 'build') })
})
afterAll(async () => {
	await server.close()
	rmSync(dir, { recursive: true })
})

const get = async (path: string, init: RequestInit = {}) => {
	const response = await fetch(server.url + path, init)
	return {
		status: response.status,
		body: Buffer.from(await response.arrayBuffer()),
		header: (name: string) => response.headers.get(name),
	}
}

describe('pages', () => {
	it('[SG28] home is its own page, everything unknown is the page of every room', async () => {
		expect((await get('/')).body.toString()).toBe(HOME)
		for (const path of ['/r', '/some/deep/path', '/r?x=1', '/about/us']) {
			const { status, body, header } = await get(path)
			expect([status, body.toString()]).toEqual([200, ROOM])
			expect(header('content-type')).toContain('text/html')
			expect(header('cache-control')).toBe('no-cache')
		}
		expect((await get('/about')).body.toString()).toBe(HOME)
	})

	it('[SG28] HEAD is answered like GET, without the body', async () => {
		for (const path of ['/', '/r', '/film/sample.webm']) {
			const { status, body } = await get(path, { method: 'HEAD' })
			expect([status, body.length]).toEqual([200, 0])
		}
	})

	it.each([
		['GET', '/api/nothing'],
		['GET', '/api'],
		['GET', '/_app/immutable/gone.js'],
		['GET', '/_app/'],
		['GET', '/film/gone.webm'],
		['GET', '/.well-known/nothing'],
		['GET', '/.hidden'],
		['POST', '/r'],
		['DELETE', '/'],
	])('[SG28] %s %s is JSON that says no', async (method, path) => {
		const { status, body, header } = await get(path, { method })
		expect([403, 404]).toContain(status)
		expect(header('content-type')).toContain('application/json')
		expect(JSON.parse(body.toString())).toHaveProperty('error')
	})

	it('a socket path asked for without a socket says what it speaks', async () => {
		expect((await get('/ws')).status).toBe(426)
	})

	it.each([
		'/../secret.txt',
		'/..%2fsecret.txt',
		'/%2e%2e/secret.txt',
		'/_app/..%2f..%2f..%2fsecret.txt',
		'/..%5csecret.txt',
		'/film/%00',
		'/%',
	])('[SG28] %s leads nowhere', async (path) => {
		const { body } = await get(path)
		expect(body.toString()).not.toContain('secret')
	})
})

describe('files', () => {
	it('[SG28] with a hash in the name are kept for ever, compressed where the browser can', async () => {
		const path = '/_app/immutable/entry/start.abc.js'
		const plain = await get(path, { headers: { 'accept-encoding': 'identity' } })
		expect(plain.header('cache-control')).toBe('public, max-age=31536000, immutable')
		expect(plain.header('content-type')).toContain('javascript')
		const packed = await get(path, { headers: { 'accept-encoding': 'br' } })
		expect(packed.header('content-encoding')).toBe('br')
		expect(packed.body.toString()).toBe(SCRIPT)
		expect((await get('/_app/version.json')).header('cache-control')).toBe('no-cache')
	})

	it.each([
		['/film/sample.webm', 'video/webm'],
		['/film/sample.mp4', 'video/mp4'],
	])('[SG28] %s comes whole or in parts, as %s', async (path, type) => {
		const whole = await get(path)
		expect([whole.status, whole.body.equals(FILM)]).toEqual([200, true])
		expect(whole.header('content-type')).toBe(type)
		expect(whole.header('accept-ranges')).toBe('bytes')
		expect(whole.header('cache-control')).toBe('public, max-age=86400')
		const part = await get(path, { headers: { range: 'bytes=100-199' } })
		expect([part.status, part.body.equals(FILM.subarray(100, 200))]).toEqual([206, true])
		expect(part.header('content-range')).toBe('bytes 100-199/10000')
		const tail = await get(path, { headers: { range: 'bytes=9990-' } })
		expect([tail.status, tail.body.length]).toEqual([206, 10])
		expect((await get(path, { headers: { range: 'bytes=20000-' } })).status).toBe(416)
	})

	it.each([
		['/service-worker.js', 'application/javascript'],
		['/manifest.webmanifest', 'application/manifest+json'],
		['/icons/192.png', 'image/png'],
		['/', 'text/html'],
		['/r', 'text/html'],
	])('[OF12] %s is %s and asked for anew each time', async (path, type) => {
		const { status, header } = await get(path)
		expect([status, header('cache-control')]).toEqual([200, 'no-cache'])
		expect(header('content-type')).toContain(type)
		// The script lies at the root of what it is for: it needs no more than that.
		expect(header('service-worker-allowed')).toBeNull()
	})

	it('[SG28] are not sent again when they have not changed', async () => {
		const etag = (await get('/')).header('etag') ?? ''
		// Node's fetch would add no-cache to a conditional request by itself.
		const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' }
		expect((await get('/', { headers })).status).toBe(304)
	})

	it('[SG29] have the safe headers, and none that would block the page’s own start script', async () => {
		const { header } = await get('/')
		expect(header('content-security-policy')).toBe("frame-ancestors 'none'")
		expect(header('x-content-type-options')).toBe('nosniff')
	})
})

it('[SG28] without a built client the page says so', async () => {
	const bare = await startServer({ clientDir: null })
	try {
		const response = await fetch(bare.url)
		expect(response.status).toBe(503)
		expect(await response.text()).toContain('npm run build')
	} finally {
		await bare.close()
	}
})

describe('how many of one address', () => {
	const statuses = async (url: string, path: string, times: number): Promise<number[]> => {
		const found: number[] = []
		for (let i = 0; i < times; i++) found.push((await fetch(url + path)).status)
		return found
	}
	it('[SG54] files of the app have a measure of their own, and use up nobody’s requests', async () => {
		const limits = { filesPerMinute: 40, readsPerMinute: 4 }
		const strict = await startServer({ clientDir: join(dir, 'build'), limits })
		try {
			const first = await statuses(strict.url, '/_app/immutable/entry/start.abc.js', 20)
			expect(first).toEqual(Array<number>(20).fill(200))
			expect(await statuses(strict.url, '/healthz', 1)).toEqual([200])
			expect(await statuses(strict.url, '/r', 30)).toContain(429)
			expect(await statuses(strict.url, '/healthz', 1)).toEqual([200])
			expect(await statuses(strict.url, '/healthz', 10)).toContain(429)
		} finally {
			await strict.close()
		}
	})
})
