/**
 * The net as `signaling/media` sees it, on loopback: names lead where a test says, public addresses end at one plain
 * HTTP server that answers by host, and every other address is really dialled, at the port where a canary sits.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import type { HostAddress, Net } from '../../signaling/media/fetch-public.ts'

/** Where every name leads that a test says nothing of. */
export const PUBLIC_ADDRESS = '93.184.215.14'

export const addressesOf = (...addresses: readonly string[]): HostAddress[] =>
	addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

export type Site = (request: IncomingMessage, response: ServerResponse) => void

export interface MediaNet {
	readonly net: Partial<Net>
	/** What stands at a name; 404 where nothing does. */
	readonly sites: Map<string, Site>
	/** What a name leads to, look-up by look-up; the last one stays. */
	readonly names: Map<string, (readonly string[])[]>
	readonly dials: { readonly addresses: readonly string[]; readonly port: number }[]
	/** `GET host/path` in the order they came. */
	readonly requests: { readonly url: string; readonly headers: IncomingMessage['headers'] }[]
	/** Connections that reached what nobody should reach. */
	canaryHits(): number
	close(): Promise<void>
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
	new Promise((resolve, reject) => {
		server.once('error', reject)
		server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
	})

/** `insideAddresses`: those of this machine at which canaries listen. */
export const openMediaNet = async (
	insideAddresses: readonly string[] = ['127.0.0.1', '::1'],
): Promise<MediaNet> => {
	const sites = new Map<string, Site>()
	const names = new Map<string, (readonly string[])[]>()
	const dials: MediaNet['dials'] = []
	const requests: MediaNet['requests'] = []
	let hits = 0

	const outside = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
		const host = request.headers.host ?? ''
		requests.push({ url: `${host}${request.url ?? ''}`, headers: request.headers })
		response.on('error', () => undefined)
		const site = sites.get(host)
		if (site === undefined) response.writeHead(404).end()
		else site(request, response)
	})
	const outsidePort = await listen(outside, 0, '127.0.0.1')

	const canaries: Server[] = []
	const openCanaries = async (): Promise<number> => {
		let port = 0
		for (const address of insideAddresses) {
			const canary = createTcpServer((socket) => {
				hits++
				socket.on('error', () => undefined)
				socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>inside</title>')
			})
			port = await listen(canary, port, address)
			canaries.push(canary)
		}
		return port
	}
	const closeAll = (servers: readonly Server[]): Promise<unknown> =>
		Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
	/** A port that is free at one address may be taken at the next. */
	const openAtOnePort = async (triesLeft: number): Promise<number> => {
		try {
			return await openCanaries()
		} catch (error) {
			await closeAll(canaries.splice(0))
			if (triesLeft === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
			return openAtOnePort(triesLeft - 1)
		}
	}
	const canaryPort = await openAtOnePort(20)

	return {
		sites,
		names,
		dials,
		requests,
		canaryHits: () => hits,
		net: {
			resolve: (hostname) => {
				const answers = names.get(hostname)
				const now = (answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]) ?? [
					PUBLIC_ADDRESS,
				]
				return Promise.resolve(addressesOf(...now))
			},
			dial: (addresses, port) => {
				dials.push({ addresses: addresses.map(({ address }) => address), port })
				const address = addresses[0]?.address ?? ''
				return address === PUBLIC_ADDRESS ? connect(outsidePort, '127.0.0.1') : connect(canaryPort, address)
			},
			secure: (socket) => socket,
		},
		close: async () => {
			outside.closeAllConnections()
			await closeAll([outside, ...canaries])
		},
	}
}

export const json =
	(value: unknown, status = 200): Site =>
	(_request, response) => {
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
	}

export const html =
	(text: string | Uint8Array, contentType = 'text/html; charset=utf-8'): Site =>
	(_request, response) => {
		response.writeHead(200, { 'content-type': contentType }).end(text)
	}

export const redirect =
	(location: string, status = 302): Site =>
	(_request, response) => {
		response.writeHead(status, { location }).end()
	}
