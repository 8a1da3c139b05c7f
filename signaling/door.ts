/**
 * Where HTTP becomes WebSocket: path, Origin, and how many of one address. Refusals are HTTP answers, before any
 * socket exists. Holds all connections, for the one timer and for closing.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type ServerOptions } from 'ws'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import { SIGNALING_FRAME_MAX_BYTES } from '#lib/protocol/signaling.ts'
import { addressOf } from './address.ts'
import { createConnection, type Connection, type ConnectionDeps, type Protocol } from './connection.ts'
import type { Config } from './config.ts'
import type { Counters, RefusalCount } from './counters.ts'
import { isSocketOriginAllowed } from './origins.ts'
import { createOutbox } from './outbox.ts'

const MAX_FRAGMENTS = 16
/** Pieces of a frame as TCP brings them; a frame of 64 KiB over a slow line comes in about 50. */
const MAX_BUFFERED_CHUNKS = 1_024
const CLOSE_TIMEOUT_MS = 5_000
/** When the server stops, each 20 ms. */
const GOODBYES_A_STEP = 2

const STATUS_TEXT = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	429: 'Too Many Requests',
	503: 'Service Unavailable',
}

export interface DoorDeps {
	readonly config: Config
	readonly counters: Counters
	/** By path, `/ws`. */
	readonly protocols: ReadonlyMap<string, Protocol>
	readonly nowMs: () => number
	/** 0, or how long this address must wait before it asks for anything again. */
	readonly takeRequest: (address: string, nowMs: number) => number
	/** Whether this path is open to a request with these headers. */
	readonly mayUpgrade: (path: string, headers: IncomingHttpHeaders) => boolean
	readonly onFault: (error: unknown) => void
}

/** One for all, without a closure that would keep the request. */
function destroy(this: Duplex): void {
	this.destroy()
}

export type Door = ReturnType<typeof createDoor>

export const createDoor = (deps: DoorDeps) => {
	const { config, counters } = deps
	// closeTimeout is newer than the types.
	const options: ServerOptions & { closeTimeout: number } = {
		noServer: true,
		maxPayload: SIGNALING_FRAME_MAX_BYTES,
		maxFragments: MAX_FRAGMENTS,
		maxBufferedChunks: MAX_BUFFERED_CHUNKS,
		closeTimeout: CLOSE_TIMEOUT_MS,
		// 22 times the memory for frames that are sealed, and so do not compress.
		perMessageDeflate: false,
		clientTracking: false,
	}
	const wss = new WebSocketServer(options)
	const connections = new Set<Connection>()
	const byAddress = new Map<string, number>()
	const outbox = createOutbox()
	const onEnd = (connection: Connection): void => {
		connections.delete(connection)
		const left = (byAddress.get(connection.address) ?? 1) - 1
		if (left === 0) byAddress.delete(connection.address)
		else byAddress.set(connection.address, left)
	}
	const { bufferedBytes } = config.limits
	const { nowMs: clock, onFault } = deps
	const paths = new Map<string, ConnectionDeps>()
	for (const [path, protocol] of deps.protocols)
		paths.set(path, { protocol, counters, outbox, bufferedBytes, nowMs: clock, onFault, onEnd })
	let nextId = 1
	let isClosing = false

	const refuse = (
		socket: Duplex,
		status: keyof typeof STATUS_TEXT,
		why: RefusalCount,
		message = '',
	): void => {
		counters.refused(why)
		const type = message === '' ? '' : 'Content-Type: text/plain; charset=utf-8\r\n'
		const head = `HTTP/1.1 ${String(status)} ${STATUS_TEXT[status]}\r\nConnection: close\r\n${type}`
		socket.end(`${head}Content-Length: ${String(Buffer.byteLength(message))}\r\n\r\n${message}`, () =>
			socket.destroy(),
		)
	}

	wss.on('wsClientError', (_error, socket) => refuse(socket, 400, 'upgrade-malformed'))

	const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		// A reset here ends this socket only; 'close' follows and there is nothing else to undo.
		socket.on('error', destroy)
		const path = (request.url ?? '').split('?', 1)[0] ?? ''
		const shared = paths.get(path)
		const nowMs = deps.nowMs()
		const address = addressOf(request, config.trustedProxies)
		if (isClosing) return refuse(socket, 503, 'shutting-down')
		if (deps.takeRequest(address, nowMs) > 0) return refuse(socket, 429, 'http-rate')
		if (shared === undefined) return refuse(socket, 404, 'upgrade-path')
		if (!isSocketOriginAllowed(request.headers, config)) return refuse(socket, 403, 'upgrade-origin')
		// Whoever asks for one speaks something else; left alone, `ws` would agree to the first that is asked for.
		if (request.headers['sec-websocket-protocol'] !== undefined)
			return refuse(
				socket,
				400,
				'upgrade-subprotocol',
				'This server speaks no WebSocket subprotocol; open the socket without one.\n',
			)
		if (!deps.mayUpgrade(path, request.headers)) return refuse(socket, 401, 'door-closed')
		if ((byAddress.get(address) ?? 0) >= config.limits.socketsPerAddress)
			return refuse(socket, 429, 'address-sockets')

		wss.handleUpgrade(request, socket, head, (ws) => {
			socket.off('error', destroy) // from here on ws listens
			byAddress.set(address, (byAddress.get(address) ?? 0) + 1)
			connections.add(createConnection(shared, ws, socket, nextId++, address))
		})
	}

	return {
		attach(server: Server): void {
			server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
				try {
					upgrade(request, socket, head)
				} catch (error) {
					counters.refused('internal')
					deps.onFault(error)
					socket.destroy()
				}
			})
		},
		sweep(nowMs: number): void {
			for (const connection of connections) connection.sweep(nowMs)
		},
		count: () => connections.size,
		/**
		 * Refuses newcomers and says goodbye to all: 100 a second or more, so that those who come to another process at
		 * once do not come as one, and to the last within `spreadMs`. Ends what has not gone `graceMs` after that.
		 */
		async close(name: CloseName, graceMs: number, spreadMs: number): Promise<void> {
			isClosing = true
			const stepMs = 20
			const steps = Math.max(1, Math.min(spreadMs / stepMs, connections.size / GOODBYES_A_STEP))
			const perStep = Math.ceil(connections.size / steps)
			let said = 0
			for (const connection of [...connections]) {
				connection.close(name)
				if (++said % perStep === 0 && said < connections.size)
					await new Promise((resolve) => setTimeout(resolve, stepMs))
			}
			for (let waitedMs = 0; connections.size > 0 && waitedMs < graceMs; waitedMs += stepMs)
				await new Promise((resolve) => setTimeout(resolve, stepMs))
			for (const connection of connections) connection.terminate()
			wss.close()
		},
	}
}
