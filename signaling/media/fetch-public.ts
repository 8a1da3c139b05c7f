/**
 * Fetches from the public net what a member's link leads to, and nothing else (docs/threats.md, "the server as a
 * way in"): names are looked up once, the connection goes to exactly the addresses that were looked at, each redirect
 * is a new question, and nobody is waited for or listened to for long. No cookies, no credentials, no proxy.
 */
import { Resolver } from 'node:dns/promises'
import { request as startRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { isPublicAddress } from './public-address.ts'
import { publicUrl } from './public-url.ts'
import { readBody } from './read-body.ts'

/** All of it: names, connections, redirects, the body. */
export const FETCH_TIMEOUT_MS = 5_000
export const REDIRECTS_MAX = 3
const HEADERS_MAX_BYTES = 16 * 1024
/** Of one name. */
const ADDRESSES_MAX = 8
/** Who asks, as sites want to know of programs. */
const AGENT = 'Matinee/0.1 (titles of links)'

export interface HostAddress {
	readonly address: string
	readonly family: 4 | 6
}

/** What it needs of the machine; tests put others in its place. */
export interface Net {
	/** All addresses of a name. Rejects where there are none, or when `signal` says so. */
	resolve(hostname: string, signal: AbortSignal): Promise<readonly HostAddress[]>
	/** A connection to one of `addresses`, and to no other. */
	dial(addresses: readonly HostAddress[], port: number): Socket
	/** TLS over it, by the certificate of `hostname`. */
	secure(socket: Socket, hostname: string): Duplex
	/** Addresses of this machine: public perhaps, but inside all the same. */
	ownAddresses(): readonly string[]
}

export interface FetchRequest {
	readonly url: string
	/** Names the caller means to talk to; every redirect is held to it too. */
	readonly mayAsk: (hostname: string) => boolean
	readonly accept: string
	readonly headers?: Readonly<Record<string, string>>
	/** Bodies of other types are not read; without it every one is. */
	readonly wantsBody?: (contentType: string) => boolean
	/** Too long a body: `fail`, or `cut` it and go on with its beginning. */
	readonly tooBig: 'fail' | 'cut'
	/** `stop`: a redirect is an answer, and where it leads is in `location`. */
	readonly redirects: 'follow' | 'stop'
}

export type FetchFailure =
	/** An address, a name or a port where nobody is sent. */
	| 'barred'
	| 'too-many-redirects'
	| 'too-big'
	| 'too-slow'
	/** No such name, refused, cut off, a wrong certificate, no HTTP. */
	| 'unreachable'

export type FetchOutcome =
	| {
			readonly type: 'answer'
			readonly status: number
			readonly url: URL
			readonly contentType: string
			readonly location: URL | null
			readonly body: Uint8Array
	  }
	| { readonly type: 'failed'; readonly why: FetchFailure }

export type FetchPublic = (request: FetchRequest) => Promise<FetchOutcome>

/**
 * c-ares rather than `lookup`: it can be given up, and blocks none of the threads that passwords are hashed on. It asks
 * name servers only, and no file of hosts. `servers`: null for those of the machine.
 */
export const resolveBy =
	(servers: readonly string[] | null): Net['resolve'] =>
	async (hostname, signal) => {
		const resolver = new Resolver({ timeout: 1_500, tries: 2 })
		if (servers !== null) resolver.setServers(servers)
		const cancel = (): void => resolver.cancel()
		signal.addEventListener('abort', cancel)
		try {
			const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
			return [
				...(four.status === 'fulfilled'
					? four.value.map((address) => ({ address, family: 4 as const }))
					: []),
				...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
			]
		} finally {
			signal.removeEventListener('abort', cancel)
		}
	}

/** A name nobody looks up: what is dialled stands in `lookup`. */
const PINNED = 'pinned.invalid'

export const systemNet: Net = {
	resolve: resolveBy(null),
	dial(addresses, port) {
		const socket = connect({
			host: PINNED,
			port,
			autoSelectFamily: true,
			lookup: (_name, { all }, done) => {
				const [first] = addresses
				if (all === true) done(null, [...addresses])
				else if (first === undefined) done(new Error('no address'), '')
				else done(null, first.address, first.family)
			},
		})
		socket.once('connect', () => {
			// Cannot be; were it so, nothing has been said yet.
			if (!addresses.some(({ address }) => address === socket.remoteAddress))
				socket.destroy(new Error('connected to another address than was asked for'))
		})
		return socket
	},
	secure: (socket, hostname) => connectTls({ socket, servername: hostname, ALPNProtocols: ['http/1.1'] }),
	ownAddresses: () =>
		Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
}

/** What fails is told by the request, or by who reads the body; the same again, later, is no news. */
const heard = (): void => undefined

class Failed extends Error {
	readonly why: FetchFailure
	constructor(why: FetchFailure) {
		super(why)
		this.why = why
	}
}

const aborted = (signal: AbortSignal): Promise<never> =>
	new Promise((_resolve, reject) => {
		const fail = (): void => reject(new Failed('too-slow'))
		if (signal.aborted) fail()
		signal.addEventListener('abort', fail, { once: true })
	})

export const createFetchPublic = (
	deps: { readonly net?: Partial<Net>; readonly timeoutMs?: number } = {},
): FetchPublic => {
	const net: Net = { ...systemNet, ...deps.net }

	/** Only what is public among the addresses of a name, and not this machine. */
	const addressesOf = async (hostname: string, signal: AbortSignal): Promise<readonly HostAddress[]> => {
		const all = await Promise.race([net.resolve(hostname, signal), aborted(signal)])
		const own = new Set(net.ownAddresses())
		const good = all.filter(({ address }) => isPublicAddress(address) && !own.has(address))
		if (all.length > 0 && good.length === 0) throw new Failed('barred')
		if (good.length === 0) throw new Failed('unreachable')
		return good.slice(0, ADDRESSES_MAX)
	}

	const ask = async (url: URL, request: FetchRequest, signal: AbortSignal): Promise<IncomingMessage> => {
		const addresses = await addressesOf(url.hostname, signal)
		const isSecure = url.protocol === 'https:'
		return new Promise((resolve, reject) => {
			let connection: Duplex | null = null
			const outgoing = startRequest({
				// Both ways speak HTTP/1.1; what carries it is made below.
				createConnection: () => {
					const socket = net.dial(addresses, isSecure ? 443 : 80)
					socket.on('error', heard)
					connection = isSecure ? net.secure(socket, url.hostname) : socket
					connection.on('error', heard)
					return connection
				},
				method: 'GET',
				path: url.pathname + url.search,
				setDefaultHeaders: false,
				headers: {
					host: url.host,
					'user-agent': AGENT,
					accept: request.accept,
					'accept-encoding': 'gzip, deflate, br',
					connection: 'close',
					...request.headers,
				},
				maxHeaderSize: HEADERS_MAX_BYTES,
				signal,
			})
			outgoing.once('response', (response) => {
				response.on('error', heard)
				resolve(response)
			})
			outgoing.on('error', () => {
				connection?.destroy()
				reject(new Failed(signal.aborted ? 'too-slow' : 'unreachable'))
			})
			outgoing.once('upgrade', (_response, socket) => {
				socket.destroy()
				reject(new Failed('unreachable'))
			})
			outgoing.end()
		})
	}

	const locationOf = (response: IncomingMessage, from: URL): URL | null => {
		const { location } = response.headers
		const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
		return isRedirect && location !== undefined ? publicUrl(location, from) : null
	}

	const run = async (request: FetchRequest, signal: AbortSignal): Promise<FetchOutcome> => {
		let url = publicUrl(request.url)
		for (let hops = 0; ; hops++) {
			if (url === null || !request.mayAsk(url.hostname)) throw new Failed('barred')
			const response = await ask(url, request, signal)
			const status = response.statusCode ?? 0
			const location = locationOf(response, url)
			const isOnward = status >= 300 && status < 400 && response.headers.location !== undefined
			if (isOnward) {
				response.destroy()
				if (request.redirects === 'stop')
					return { type: 'answer', status, url, contentType: '', location, body: new Uint8Array() }
				if (hops === REDIRECTS_MAX) throw new Failed('too-many-redirects')
				// What was asked in secret is not asked in the open.
				if (url.protocol === 'https:' && location?.protocol === 'http:') location.protocol = 'https:'
				url = location
				continue
			}
			const contentType = response.headers['content-type'] ?? ''
			if (request.wantsBody?.(contentType) === false) {
				response.destroy()
				return { type: 'answer', status, url, contentType, location: null, body: new Uint8Array() }
			}
			const body = await readBody(response, request.tooBig, signal)
			if (body.type === 'failed') throw new Failed(signal.aborted ? 'too-slow' : body.why)
			return { type: 'answer', status, url, contentType, location: null, body: body.bytes }
		}
	}

	return async (request) => {
		const giveUp = new AbortController()
		const timer = setTimeout(() => giveUp.abort(), deps.timeoutMs ?? FETCH_TIMEOUT_MS)
		try {
			return await run(request, giveUp.signal)
		} catch (error) {
			// Anything else is what names, sockets and TLS fail with.
			return { type: 'failed', why: error instanceof Failed ? error.why : 'unreachable' }
		} finally {
			clearTimeout(timer)
			// Whatever is still open of it.
			giveUp.abort()
		}
	}
}
