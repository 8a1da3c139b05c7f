/**
 * The pages as a messenger reads them that makes a preview of a link: a made-up client whose build did not know where
 * it will be.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/ws-server.ts'

const page = (name: string, more = ''): string =>
	`<!doctype html><html><head><meta property="og:title" content="Matinee" />${more}<link href="./_app/immutable/x.js"></head><body>${name}</body></html>`

const nearProxy = (): BlockList => {
	const proxies = new BlockList()
	proxies.addAddress('127.0.0.1')
	return proxies
}

let dir: string
let server: TestServer
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'matinee-links-'))
	for (const name of ['index', 'r', '200', 'settings']) writeFileSync(join(dir, `${name}.html`), page(name))
})
afterEach(async () => {
	await server.close()
	rmSync(dir, { recursive: true })
})

interface Answer {
	readonly status: number
	readonly headers: Readonly<Record<string, unknown>>
	readonly body: Buffer
}
/** By hand, because browsers' own `fetch` chooses the Host header itself. */
const get = (path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const asked = request(server.url + path, { headers, method, insecureHTTPParser: true }, (response) => {
			const parts: Buffer[] = []
			response.on('data', (part: Buffer) => parts.push(part))
			response.on('end', () => {
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					body: Buffer.concat(parts),
				})
			})
		})
		asked.on('error', reject)
		asked.end()
	})
const text = async (path: string, headers: Readonly<Record<string, string>>) =>
	(await get(path, headers)).body.toString()

const image = (root: string) => `<meta property="og:image" content="${root}/icons/512.png" />`
const address = (root: string) => `<meta property="og:url" content="${root}/" />`

it('[FM12] a page built without its address names the one by which it was asked for', async () => {
	server = await startServer({ clientDir: dir })
	const host = 'Watch.Example:8443'
	const root = 'http://watch.example:8443'
	expect(await text('/', { host })).toContain(image(root))
	expect(await text('/', { host })).toContain(address(root))
	for (const path of ['/r', '/r?view=remote', '/some/where']) {
		expect(await text(path, { host }), path).toContain(image(root))
		expect(await text(path, { host }), path).not.toContain('og:url')
	}
	expect(await text('/', { host: '[::1]:8080' })).toContain(image('http://[::1]:8080'))
})

it('[FM12] the scheme is the proxy’s where the proxy is trusted, and only there', async () => {
	const asked = { host: 'watch.example', 'x-forwarded-proto': 'https' }
	server = await startServer({ clientDir: dir })
	expect(await text('/r', asked)).toContain(image('http://watch.example'))
	await server.close()
	server = await startServer({ clientDir: dir, trustedProxies: nearProxy() })
	expect(await text('/r', asked)).toContain(image('https://watch.example'))
})

it('[FM12] where the operator says where the server is, the Host header counts for nothing', async () => {
	server = await startServer({ clientDir: dir, publicOrigin: 'https://watch.example' })
	const body = await text('/', { host: 'evil.example' })
	expect(body).toContain(image('https://watch.example'))
	expect(body).not.toContain('evil')
})

it.each([
	'evil.example"><script>alert(1)</script>',
	"evil.example'",
	'evil.example/path',
	'evil.example?x',
	'evil.example#x',
	'user@evil.example',
	'evil example',
	'evil.example\\x',
	'evil.example:99999999',
	'evil.example:0x50',
	'$&$`.evil.example',
	'évil.example',
	`${'evil.'.repeat(60)}example`,
])('[FM12] of a Host header that no browser sends nothing stands in the page: %s', async (host) => {
	server = await startServer({ clientDir: dir })
	for (const path of ['/', '/r', '/some/where']) {
		const { status, body } = await get(path, { host })
		// The page as it was built, or no answer to such a request at all.
		expect([200, 400]).toContain(status)
		expect(body.toString()).not.toMatch(/evil|og:image|alert/)
	}
})

it('[FM12] a forwarded host is not believed', async () => {
	server = await startServer({ clientDir: dir, trustedProxies: nearProxy() })
	const body = await text('/r', { host: 'watch.example', 'x-forwarded-host': 'evil.example' })
	expect(body).toContain(image('http://watch.example'))
	expect(body).not.toContain('evil')
})

it('[FM12] a page that knows its address, or has no preview, is sent as it was built', async () => {
	const built = page('room', image('https://built.example'))
	writeFileSync(join(dir, 'r.html'), built)
	server = await startServer({ clientDir: dir })
	expect(await text('/r', { host: 'watch.example' })).toBe(built)
	expect(await text('/settings', { host: 'watch.example' })).toBe(page('settings'))
})

it('[FM12] a client built for a path names its picture below it', async () => {
	writeFileSync(join(dir, '200.html'), page('200', '<script src="/watch/_app/immutable/a.js"></script>'))
	server = await startServer({ clientDir: dir })
	expect(await text('/r', { host: 'watch.example' })).toContain(image('http://watch.example/watch'))
})

it('[FM12] completed pages come packed, are asked for anew each time, and are not sent twice', async () => {
	server = await startServer({ clientDir: dir })
	const host = 'watch.example'
	const packed = await get('/r', { host, 'accept-encoding': 'gzip, br' })
	expect(packed.headers).toMatchObject({
		'content-encoding': 'br',
		'cache-control': 'no-cache',
		vary: expect.stringMatching(/accept-encoding/i) as string,
		'content-type': 'text/html; charset=utf-8',
	})
	expect(brotliDecompressSync(packed.body).toString()).toContain(image('http://watch.example'))
	const zipped = await get('/r', { host, 'accept-encoding': 'gzip, br;q=0' })
	expect(gunzipSync(zipped.body).toString()).toContain(image('http://watch.example'))
	const again = await get('/r', {
		host,
		'accept-encoding': 'gzip, br',
		'if-none-match': String(packed.headers['etag']),
	})
	expect([again.status, again.body.length]).toEqual([304, 0])
	const head = await get('/r', { host }, 'HEAD')
	expect([head.status, head.body.length]).toEqual([200, 0])
	// Of another name it is another page.
	const other = await get('/r', {
		host: 'other.example',
		'accept-encoding': 'br',
		'if-none-match': String(packed.headers['etag']),
	})
	expect(other.status).toBe(200)
	// Built anew while the server runs, the new one is sent.
	writeFileSync(join(dir, 'r.html'), page('a newer room'))
	expect(await text('/r', { host })).toContain('a newer room')
})
