/**
 * One WebSocket with its limits: messages and bytes a second, what it may leave unread, heartbeat, an absolute
 * deadline for saying something useful. It knows nothing of what the messages mean.
 */
import { WebSocket, type RawData } from 'ws'
import { CLOSE_CODES, type CloseName } from '#lib/protocol/close-codes.ts'
import { createBucket, type Rate } from './buckets.ts'
import { CLOSE_REASONS } from './close-reasons.ts'
import type { Counters } from './counters.ts'

export const HEARTBEAT_INTERVAL_MS = 15_000
/** Silent this long although pinged: gone. */
export const HEARTBEAT_DEAD_MS = 2 * HEARTBEAT_INTERVAL_MS
/** From the upgrade to a join; nothing but a join extends it. */
export const ADMISSION_DEADLINE_MS = 10_000
export const BYTES_BEFORE_ADMISSION = 64 * 1024
/** How often a socket over its limit is told so. */
const TELL_INTERVAL_MS = 1_000

export interface Connection {
	readonly id: number
	readonly address: string
	isOpen(): boolean
	/** Does nothing on a closed connection; closes one that reads too slowly. Text unless `binary`. */
	send(frame: string | Uint8Array, binary?: 'binary'): void
	/** The other side learns of it at once, its protocol too; the socket itself ends within 5 s. */
	close(name: CloseName): void
	/** Closes after a goodbye: code 1000. */
	end(): void
	/** Once a second or so: pings, deadlines. */
	sweep(nowMs: number): void
	/** Ends the socket without a word. */
	terminate(): void
}

/** What is spoken on one path. */
export interface Protocol {
	readonly messages: Rate
	readonly bytes: Rate
	/** One text frame within the limits. */
	message(connection: Connection, frame: string, receivedMs: number): void
	/** Binary frames of admitted connections do not count as messages: the protocol has limits of its own for them. */
	readonly limitsBinary?: boolean
	/** A binary frame; `bytes` are the protocol's to write in. */
	binary(connection: Connection, bytes: Buffer, receivedMs: number): void
	/** At most once a second while messages are dropped. Counting them is the protocol's. */
	overLimit(connection: Connection, retryAfterMs: number, shouldTell: boolean): void
	/** Has it said something useful, so that the deadline no longer counts? */
	isAdmitted(connection: Connection): boolean
	/** Once, at the end. `lost`: by the network or the client. `closed`: by the server, for cause. */
	closed(connection: Connection, why: 'lost' | 'closed'): void
}

export interface ConnectionDeps {
	readonly id: number
	readonly address: string
	readonly protocol: Protocol
	readonly counters: Counters
	readonly bufferedBytes: number
	readonly nowMs: () => number
	/** A fault of ours in a handler: contained here, reported there. */
	readonly onFault: (error: unknown) => void
	/** The TCP connection has ended: its slot is free. */
	readonly onEnd: () => void
}

/** By what ws read of it, and by what its header says. */
const TOO_BIG = ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH']

const bufferOf = (data: RawData): Buffer =>
	Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)

const errorCode = (error: Error): string => ('code' in error ? String(error.code) : '')

export const createConnection = (ws: WebSocket, deps: ConnectionDeps): Connection => {
	const { protocol, counters } = deps
	const openedMs = deps.nowMs()
	const messages = createBucket(protocol.messages, openedMs)
	const bytes = createBucket(protocol.bytes, openedMs)
	/** Refusing is cheap but not free: who keeps sending at more than twice the limit is closed. */
	const excess = createBucket(
		{ perSecond: protocol.messages.perSecond, burst: 2 * protocol.messages.burst },
		openedMs,
	)
	let seenMs = openedMs
	let pingedMs = openedMs
	let toldMs = -Infinity
	let earlyBytes = 0
	let isFinished = false
	let didBreakProtocol = false

	const finish = (why: 'lost' | 'closed'): void => {
		if (isFinished) return
		isFinished = true
		try {
			protocol.closed(connection, why)
		} catch (error) {
			counters.refused('internal')
			deps.onFault(error)
		}
	}

	const connection: Connection = {
		id: deps.id,
		address: deps.address,
		isOpen: () => !isFinished && ws.readyState === WebSocket.OPEN,
		send(frame, binary) {
			if (isFinished || ws.readyState !== WebSocket.OPEN) return
			if (ws.bufferedAmount > deps.bufferedBytes) {
				counters.refused('too-slow')
				connection.close('tooSlow')
				return
			}
			ws.send(frame, { binary: binary !== undefined })
		},
		close(name) {
			if (isFinished) return
			ws.close(CLOSE_CODES[name].code, CLOSE_REASONS[name])
			// Who is sent to another process, or back in a moment, has not left.
			finish(name === 'restart' || name === 'goingAway' ? 'lost' : 'closed')
		},
		end() {
			ws.close(1000)
			finish('lost')
		},
		sweep(nowMs) {
			if (isFinished) return
			if (!protocol.isAdmitted(connection) && nowMs - openedMs >= ADMISSION_DEADLINE_MS) {
				counters.refused('join-timeout')
				connection.close('joinTimeout')
			} else if (nowMs - seenMs >= HEARTBEAT_DEAD_MS) {
				counters.refused('heartbeat')
				ws.terminate()
				finish('lost')
			} else if (nowMs - pingedMs >= HEARTBEAT_INTERVAL_MS) {
				pingedMs = nowMs
				ws.ping()
			}
		},
		terminate() {
			ws.terminate()
			finish('lost')
		},
	}

	/** Whether a message or ping of `size` bytes may come in now. */
	const admit = (size: number, nowMs: number): boolean => {
		if (!protocol.isAdmitted(connection)) {
			earlyBytes += size
			if (earlyBytes > BYTES_BEFORE_ADMISSION) {
				counters.refused('pre-join-bytes')
				connection.close('tooBig')
				return false
			}
		}
		const hasTokens = messages.take(nowMs) && bytes.take(nowMs, size)
		if (hasTokens) return true
		const shouldTell = nowMs - toldMs >= TELL_INTERVAL_MS
		if (shouldTell) toldMs = nowMs
		protocol.overLimit(connection, Math.max(messages.waitMs(nowMs), bytes.waitMs(nowMs, size)), shouldTell)
		if (!excess.take(nowMs)) connection.close('rateLimited')
		return false
	}

	/** A fault in one socket's handler must end that socket and nothing else. */
	const guarded =
		<A extends unknown[]>(handler: (...args: A) => void) =>
		(...args: A): void => {
			if (isFinished) return
			try {
				handler(...args)
			} catch (error) {
				counters.refused('internal')
				deps.onFault(error)
				connection.close('fault')
			}
		}

	ws.on(
		'message',
		guarded((data: RawData, isBinary: boolean) => {
			const nowMs = deps.nowMs()
			seenMs = nowMs
			const size = Array.isArray(data)
				? data.reduce((sum, part) => sum + part.byteLength, 0)
				: data.byteLength
			const isLimitedThere = isBinary && protocol.limitsBinary === true && protocol.isAdmitted(connection)
			if (!isLimitedThere && !admit(size, nowMs)) return
			if (isBinary) protocol.binary(connection, bufferOf(data), nowMs)
			else protocol.message(connection, bufferOf(data).toString('utf8'), nowMs)
		}),
	)
	// ws answers pings by itself; a flood of them counts like a flood of messages.
	ws.on(
		'ping',
		guarded((data: Buffer) => {
			seenMs = deps.nowMs()
			admit(data.byteLength, seenMs)
		}),
	)
	ws.on('pong', () => {
		seenMs = deps.nowMs()
	})
	ws.on('error', (error) => {
		// ws has sent the close code that fits and ends the socket; without this listener the process would end.
		didBreakProtocol = true
		counters.refused(TOO_BIG.includes(errorCode(error)) ? 'frame-too-big' : 'frame')
	})
	ws.on('close', () => {
		finish(didBreakProtocol ? 'closed' : 'lost')
		deps.onEnd()
	})
	return connection
}
