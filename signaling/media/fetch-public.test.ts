/**
 * The way out to the net, against a net that means ill. Sockets are real, and end on loopback.
 */
import { createSocket } from 'node:dgram'
import { createServer as createSecureServer } from 'node:https'
import { createServer, isIP, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setDefaultCACertificates } from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { html, openMediaNet, PUBLIC_ADDRESS, redirect, type MediaNet } from '../../tests/support/media-net.ts'
import {
	createFetchPublic,
	resolveBy,
	systemNet,
	type FetchOutcome,
	type FetchRequest,
} from './fetch-public.ts'
import { INSIDE_SPELLINGS } from '../../tests/support/inside-spellings.ts'

const ownAddresses = Object.values(networkInterfaces())
	.flatMap((list) => list ?? [])
	.filter(({ address }) => !address.startsWith('fe80'))
	.map(({ address }) => address)

let media: MediaNet
beforeEach(async () => {
	media = await openMediaNet([...new Set(['127.0.0.1', '::1', ...ownAddresses])])
})
afterEach(() => media.close())

const ANY: Omit<FetchRequest, 'url'> = {
	mayAsk: () => true,
	accept: '*/*',
	tooBig: 'fail',
	redirects: 'follow',
}
const get = (
	url: string,
	change: Partial<FetchRequest> = {},
	timeoutMs = 4_000,
	net = media.net,
): Promise<FetchOutcome> => createFetchPublic({ net, timeoutMs })({ url, ...ANY, ...change })

const textOf = (outcome: FetchOutcome): string =>
	outcome.type === 'answer' ? new TextDecoder().decode(outcome.body) : `failed: ${outcome.why}`

describe('nobody is sent inside', () => {
	it.each(INSIDE_SPELLINGS)('[MD6] not by %j, directly', async (url) => {
		media.sites.set('example.com', html('outside'))
		const outcome = await get(url)
		expect(textOf(outcome)).toMatch(/^failed: barred$|^outside$/)
		expect(media.canaryHits()).toBe(0)
		for (const { addresses } of media.dials) expect(addresses).toEqual([PUBLIC_ADDRESS])
	})

	it.each(INSIDE_SPELLINGS)('[MD6] nor by a redirect to %j', async (url) => {
		const header = encodeURI(url).replace(/%25/g, '%').replace(/%5B/g, '[').replace(/%5D/g, ']')
		media.sites.set('films.example', redirect(header))
		media.sites.set('example.com', html('outside'))
		const outcome = await get('https://films.example/watch')
		// A path of its own, an empty one and the like lead back to the site, which sends on until it is enough.
		expect(textOf(outcome)).toMatch(/^failed: (?:barred|too-many-redirects)$|^outside$|^failed: unreachable$/)
		expect(media.canaryHits()).toBe(0)
		for (const { addresses } of media.dials) expect(addresses).toEqual([PUBLIC_ADDRESS])
	})

	const INSIDE = [
		...['127.0.0.1', '::1', '0.0.0.0', '::', '10.0.0.1', '169.254.169.254', '192.168.1.1', 'fd00::2'],
		...['::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '100.64.0.1', 'fe80::1', ...ownAddresses],
	]

	it.each(INSIDE)('[MD6] nor by a name that leads to %s', async (address) => {
		media.names.set('films.example', [[address]])
		expect(textOf(await get('https://films.example/'))).toBe('failed: barred')
		expect(media.dials).toEqual([])
		expect(media.canaryHits()).toBe(0)
	})

	it.each(INSIDE)(
		'[MD6] nor by a name that leads out and to %s: only what is outside is dialled',
		async (address) => {
			media.names.set('films.example', [[address, PUBLIC_ADDRESS]])
			media.sites.set('films.example', html('outside'))
			expect(textOf(await get('https://films.example/'))).toBe('outside')
			expect(media.dials.map(({ addresses }) => addresses)).toEqual([[PUBLIC_ADDRESS]])
			expect(media.canaryHits()).toBe(0)
		},
	)

	it.each(INSIDE)('[MD6] nor by a name that leads to %s when it is looked up again', async (address) => {
		let lookUps = 0
		media.names.set('films.example', [[PUBLIC_ADDRESS], [address]])
		media.sites.set('films.example', html('outside'))
		const { resolve = systemNet.resolve } = media.net
		const net = {
			...media.net,
			resolve: (...given: Parameters<typeof resolve>) => (lookUps++, resolve(...given)),
		}
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('outside')
		expect(lookUps).toBe(1)
		// The second question is judged anew, and so is a redirect to the same name.
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('failed: barred')
		media.names.set('films.example', [[PUBLIC_ADDRESS], [address]])
		media.sites.set('films.example', redirect('https://films.example/again'))
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('failed: barred')
		expect(media.canaryHits()).toBe(0)
	})

	it('[MD6] nor to this machine by its public address', async () => {
		media.names.set('films.example', [['93.184.215.99']])
		const net = { ...media.net, ownAddresses: () => ['93.184.215.99'] }
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('failed: barred')
		expect(media.dials).toEqual([])
	})

	it('[MD6] a canary notices who comes', async () => {
		const socket = media.net.dial?.([{ address: '127.0.0.1', family: 4 }], 80)
		await new Promise((resolve) => socket?.once('data', resolve))
		expect(media.canaryHits()).toBe(1)
		socket?.destroy()
	})

	it('[MD6] a redirect to a host that was not meant is not followed', async () => {
		media.sites.set('www.films.example', redirect('https://other.example/'))
		media.sites.set('other.example', html('elsewhere'))
		const mayAsk = (name: string) => name.endsWith('films.example')
		expect(textOf(await get('https://www.films.example/', { mayAsk }))).toBe('failed: barred')
		expect(media.requests).toHaveLength(1)
	})
})

describe('names', () => {
	/** A name server on loopback that knows `known`, and says nothing of others. Ends with the test. */
	const serveNames = async (known: Readonly<Record<string, () => readonly string[]>>) => {
		const server = createSocket('udp4')
		let asked = 0
		server.on('message', (message, from) => {
			const labels: string[] = []
			let here = 12
			for (let length = message[here] ?? 0; length > 0; length = message[here] ?? 0) {
				labels.push(message.toString('latin1', here + 1, here + 1 + length))
				here += 1 + length
			}
			const type = message.readUInt16BE(here + 1)
			const answers = known[labels.join('.').toLowerCase()]
			if (answers === undefined) return
			asked++
			const family = type === 1 ? 4 : 6
			const rows = answers()
				.filter((address) => isIP(address) === family)
				.map((address) => {
					const data =
						family === 4
							? Buffer.from(address.split('.').map(Number))
							: Buffer.from(
									address === '::1' ? `${'0'.repeat(31)}1` : address.replaceAll(':', '').padEnd(32, '0'),
									'hex',
								)
					const head = Buffer.alloc(12)
					head.writeUInt16BE(0xc00c, 0)
					head.writeUInt16BE(type, 2)
					head.writeUInt16BE(1, 4)
					head.writeUInt16BE(data.length, 10)
					return Buffer.concat([head, data])
				})
			const answer = Buffer.concat([message.subarray(0, here + 5), ...rows])
			answer.writeUInt16BE(0x8180, 2)
			answer.writeUInt16BE(rows.length, 6)
			answer.writeUInt16BE(0, 10)
			server.send(answer, from.port, from.address)
		})
		await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
		closers.push(() => server.close())
		return { resolve: resolveBy([`127.0.0.1:${String(server.address().port)}`]), asked: () => asked }
	}
	const closers: (() => void)[] = []
	afterEach(() => {
		for (const close of closers.splice(0)) close()
	})

	it('[MD6] of a real name server: what leads inside is left out, what changes its mind is not asked twice', async () => {
		let turn = 0
		const { resolve, asked } = await serveNames({
			'films.example': () => [PUBLIC_ADDRESS, '127.0.0.1', '::1', '10.0.0.1'],
			'inside.example': () => ['127.0.0.1', '::1'],
			'rebind.example': () => (turn++ < 2 ? [PUBLIC_ADDRESS] : ['127.0.0.1', '::1']),
		})
		const net = { ...media.net, resolve }
		media.sites.set('films.example', html('outside'))
		media.sites.set('rebind.example', html('outside'))
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('outside')
		expect(textOf(await get('https://inside.example/', {}, 4_000, net))).toBe('failed: barred')
		const before = asked()
		expect(textOf(await get('https://rebind.example/', {}, 4_000, net))).toBe('outside')
		expect(asked() - before).toBe(2) // once for IPv4 and once for IPv6
		expect(textOf(await get('https://rebind.example/', {}, 4_000, net))).toBe('failed: barred')
		expect(media.dials.map(({ addresses }) => addresses)).toEqual([[PUBLIC_ADDRESS], [PUBLIC_ADDRESS]])
		expect(media.canaryHits()).toBe(0)
	})

	it('[MD8] of a name server that says nothing are given up', async () => {
		const { resolve } = await serveNames({})
		const net = { ...media.net, resolve }
		expect(textOf(await get('https://films.example/', {}, 150, net))).toBe('failed: too-slow')
		const giveUp = new AbortController()
		const looking = resolve('films.example', giveUp.signal)
		giveUp.abort()
		expect(await looking).toEqual([])
	})
})

describe('the connection', () => {
	it('[MD7] goes to the address that was looked at, without another look at the name', async () => {
		const server = createServer((socket) => socket.end('here'))
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
		const { port } = server.address() as AddressInfo
		const socket = systemNet.dial([{ address: '127.0.0.1', family: 4 }], port)
		const said = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
		expect(said).toBe('here')
		expect(socket.remoteAddress).toBe('127.0.0.1')
		server.close()
	})

	it('[MD7] takes another address of the name where one does not answer', async () => {
		const server = createServer((socket) => socket.end('here'))
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
		const { port } = server.address() as AddressInfo
		const socket = systemNet.dial(
			[
				{ address: '::1', family: 6 },
				{ address: '127.0.0.1', family: 4 },
			],
			port,
		)
		expect(await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))).toBe(
			'here',
		)
		server.close()
	})

	it('[MD7] is by the certificate of the name', async () => {
		setDefaultCACertificates([FILMS_CERT])
		const server = createSecureServer({ cert: FILMS_CERT, key: FILMS_KEY }, (request, response) => {
			response.end(`for ${request.headers.host ?? ''}`)
		})
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
		const { port } = server.address() as AddressInfo
		const { dial, secure } = systemNet
		const net = {
			...media.net,
			secure,
			dial: () => dial([{ address: '127.0.0.1', family: 4 }], port),
		}
		expect(textOf(await get('https://films.example/', {}, 4_000, net))).toBe('for films.example')
		expect(textOf(await get('https://other.example/', {}, 4_000, net))).toBe('failed: unreachable')
		server.closeAllConnections()
		server.close()
	})

	it('[MD7] carries nothing that tells who asks, and goes to the usual port', async () => {
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(302, { location: '/next', 'set-cookie': 'a=b' }).end()
			media.sites.set('films.example', html('there'))
		})
		expect(textOf(await get('https://films.example/first?x=y'))).toBe('there')
		expect(media.requests.map(({ url }) => url)).toEqual(['films.example/first?x=y', 'films.example/next'])
		for (const { headers } of media.requests)
			expect(Object.keys(headers).sort()).toEqual([
				'accept',
				'accept-encoding',
				'connection',
				'host',
				'user-agent',
			])
		expect(media.dials.map(({ port }) => port)).toEqual([443, 443])
		await get('http://films.example/')
		expect(media.dials.at(-1)?.port).toBe(80)
	})

	it('[MD7] stays secret: what was asked by https is not asked by http', async () => {
		media.sites.set('films.example', redirect('http://other.example/x'))
		media.sites.set('other.example', html('there'))
		expect(textOf(await get('https://films.example/'))).toBe('there')
		expect(media.dials.map(({ port }) => port)).toEqual([443, 443])
	})

	it('[MD7] a name that is not there, or does not listen, is unreachable', async () => {
		media.names.set('gone.example', [[]])
		expect(textOf(await get('https://gone.example/'))).toBe('failed: unreachable')
		const net = { ...media.net, resolve: () => Promise.reject(new Error('ENOTFOUND')) }
		expect(textOf(await get('https://gone.example/', {}, 4_000, net))).toBe('failed: unreachable')
	})
})

describe('nobody is waited for or listened to for long', () => {
	const SOON_MS = 150

	it('[MD8] not a name that is looked up for ever', async () => {
		const net = { ...media.net, resolve: () => new Promise<never>(() => undefined) }
		expect(textOf(await get('https://films.example/', {}, SOON_MS, net))).toBe('failed: too-slow')
	})
	it('[MD8] not a server that takes the connection and says nothing', async () => {
		media.sites.set('films.example', () => undefined)
		expect(textOf(await get('https://films.example/', {}, SOON_MS))).toBe('failed: too-slow')
	})
	it('[MD8] not one that drips', async () => {
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(200, { 'content-type': 'text/html' })
			const timer = setInterval(() => response.write('.'), 10)
			response.on('close', () => clearInterval(timer))
		})
		expect(textOf(await get('https://films.example/', {}, SOON_MS))).toBe('failed: too-slow')
	})
	it('[MD8] not several that are slow one after the other', async () => {
		media.sites.set('films.example', (_request, response) => {
			setTimeout(() => response.writeHead(302, { location: '/on' }).end(), 80)
		})
		expect(textOf(await get('https://films.example/', {}, SOON_MS))).toBe('failed: too-slow')
	})
	it('[MD8] not one that sends 50 MB: it is cut off after the first', async () => {
		let sent = 0
		const closed = new Promise<void>((resolve) => {
			media.sites.set('films.example', (_request, response) => {
				response.writeHead(200, { 'content-type': 'text/html' })
				response.on('close', resolve)
				const chunk = Buffer.alloc(64 * 1024, 'x')
				const pump = (): void => {
					while (sent < 50 * 1024 * 1024 && !response.destroyed) {
						sent += chunk.length
						if (!response.write(chunk)) return void response.once('drain', pump)
					}
					response.end()
				}
				pump()
			})
		})
		expect(textOf(await get('https://films.example/'))).toBe('failed: too-big')
		await closed
		expect(sent).toBeLessThan(20 * 1024 * 1024)
	})
	it('[MD8] of a page that is too long, the first megabyte is enough', async () => {
		media.sites.set('films.example', html(`<title>long</title>${'x'.repeat(3 * 1024 * 1024)}`))
		const outcome = await get('https://films.example/', { tooBig: 'cut' })
		expect(outcome.type === 'answer' && outcome.body.length).toBe(1024 * 1024)
	})
	it.each([
		['gzip', gzipSync],
		['deflate', deflateSync],
		['br', brotliCompressSync],
	])('[MD8] a bomb packed by %s does not go off', async (encoding, pack) => {
		const bomb = pack(Buffer.alloc(64 * 1024 * 1024))
		expect(bomb.length).toBeLessThan(128 * 1024)
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(200, { 'content-encoding': encoding }).end(bomb)
		})
		expect(textOf(await get('https://films.example/'))).toBe('failed: too-big')
		const cut = await get('https://films.example/', { tooBig: 'cut' })
		expect(cut.type === 'answer' && cut.body.length).toBe(1024 * 1024)
	})
	it('[MD8] nor do many empty packets that never come to anything', async () => {
		const empty = gzipSync('')
		media.sites.set('films.example', (_request, response) => {
			response
				.writeHead(200, { 'content-encoding': 'gzip' })
				.end(Buffer.concat(Array.from({ length: 100_000 }, () => empty)))
		})
		expect(textOf(await get('https://films.example/', { tooBig: 'cut' }))).toBe('failed: too-big')
	})
	it.each([
		['gzip', gzipSync],
		['deflate', deflateSync],
		['br', brotliCompressSync],
	])('[MD8] what is packed by %s is unpacked', async (encoding, pack) => {
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(200, { 'content-encoding': encoding }).end(pack(Buffer.from('unpacked')))
		})
		expect(textOf(await get('https://films.example/'))).toBe('unpacked')
	})
	it.each(['gzip', 'zstd', 'compress', 'gzip, gzip'])(
		'[MD8] what says %s and is not: unreachable',
		async (encoding) => {
			media.sites.set('films.example', (_request, response) => {
				response.writeHead(200, { 'content-encoding': encoding }).end('not packed at all')
			})
			expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
		},
	)
	it('[MD8] three redirects are followed, and not a fourth', async () => {
		const chain = (length: number): void => {
			media.sites.set('films.example', (request, response) => {
				const hop = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 0)
				if (hop === length) response.end('there')
				else response.writeHead(307, { location: `/${String(hop + 1)}` }).end()
			})
		}
		chain(3)
		expect(textOf(await get('https://films.example/0'))).toBe('there')
		chain(4)
		expect(textOf(await get('https://films.example/0'))).toBe('failed: too-many-redirects')
		media.sites.set('films.example', redirect('/'))
		expect(textOf(await get('https://films.example/'))).toBe('failed: too-many-redirects')
	})
	it('[MD8] a head of 40 KB, a connection that breaks off, and what is no HTTP are unreachable', async () => {
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(200, { 'x-long': 'x'.repeat(40_000) }).end('x')
		})
		expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
		media.sites.set('films.example', (request) => request.socket.destroy())
		expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
		media.sites.set('films.example', (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
		expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
		media.sites.set('films.example', (_request, response) => {
			response.writeHead(200, { 'content-length': '100' }).write('short')
			setTimeout(() => response.destroy(), 10)
		})
		expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
		media.sites.set('films.example', (request) => {
			request.socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')
		})
		expect(textOf(await get('https://films.example/'))).toBe('failed: unreachable')
	})
	it('[MD8] bodies of other types are not read', async () => {
		media.sites.set('films.example', html('x'.repeat(2_000_000), 'video/mp4'))
		const outcome = await get('https://films.example/', { wantsBody: (type) => type.startsWith('text/') })
		expect(outcome).toMatchObject({ type: 'answer', status: 200, contentType: 'video/mp4' })
		expect(textOf(outcome)).toBe('')
	})
})

/** Of `films.example`; made for these tests, good for nothing else. */
const FILMS_CERT = `-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUXNivm3mbI8Hk80lbvgXlydGrix0wCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWTWF0aW5lZSB0ZXN0IGZpbG0gc2l0ZTAgFw0yNjExMjExMzE4
MzRaGA8yMTI2MTAyODEzMTgzNFowITEfMB0GA1UEAwwWTWF0aW5lZSB0ZXN0IGZp
bG0gc2l0ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPV4a31z1VQBrF/qgudT
39vIDkxRceQkcuRueogTBa1dQvhZfu4VfOizyejuCYFZMFeV9/wprCNnaGl9mhn1
3K2jbTBrMB0GA1UdDgQWBBRtgRiM7XDvuK7h92jn1ktBs2WY0jAfBgNVHSMEGDAW
gBRtgRiM7XDvuK7h92jn1ktBs2WY0jAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQR
MA+CDWZpbG1zLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIhAJBV2uMf426uhdzm
sWNWLqjptdkuBMP1PQ7hYUJD/XzUAiABC2L/ugTxyltQt4uI4mUkifPiBov0oB+W
NsrnfXAF9Q==
-----END CERTIFICATE-----
`
const FILMS_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDvyRZE4RM7jh108h
En9Mc9D1GMxn+xQCtVKvKyGJWAShRANCAAT1eGt9c9VUAaxf6oLnU9/byA5MUXHk
JHLkbnqIEwWtXUL4WX7uFXzos8no7gmBWTBXlff8KawjZ2hpfZoZ9dyt
-----END PRIVATE KEY-----
`
