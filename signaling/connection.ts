/**
 * One WebSocket with its limits: messages and bytes a second, what it may leave unread, heartbeat, an absolute
 * deadline for saying something useful. It knows nothing of what the messages mean.
 */
import type { Duplex } from 'node:stream'
import { WebSocket, type RawData } from 'ws'
import { CLOSE_CODES, type CloseName } from '#lib/protocol/close-codes.ts'
import { createBucket, type Bucket, type Rate } from './buckets.ts'
import { CLOSE_REASONS } from './close-reasons.ts'
import type { Counters } from './counters.ts'
import type { Flushed, Outbox } from './outbox.ts'
import { textFrame } from './ws-frames.ts'

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
	/** One text message. */
	send(text: string): void
	/**
	 * A whole frame of `ws-frames.ts`, which may go to others too. Does nothing on a closed connection; closes one that
	 * reads too slowly.
	 */
	write(frame: Buffer): void
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

/** What all connections of one path have in common. */
export interface ConnectionDeps {
	readonly protocol: Protocol
	readonly counters: Counters
	readonly outbox: Outbox
	readonly bufferedBytes: number
	readonly nowMs: () => number
	/** A fault of ours in a handler: contained here, reported there. */
	readonly onFault: (error: unknown) => void
	/** The TCP connection has ended: its slot is free. */
	readonly onEnd: (connection: Connection) => void
}

/** So much for one socket goes out at once, so that what is left in its buffer is what the reader did not take. */
const TURN_BYTES = 16 * 1024

/** By what ws read of it, and by what its header says. */
const TOO_BIG = ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH']

const bufferOf = (data: RawData): Buffer =>
	Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)

const errorCode = (error: Error): string => ('code' in error ? String(error.code) : '')

/**
 * A class, and little in it, because there are tens of thousands: one closure for each method and limit would cost more
 * memory than the socket itself.
 */
class SocketConnection implements Connection, Flushed {
	readonly id: number
	readonly address: string
	private readonly deps: ConnectionDeps
	private readonly ws: WebSocket
	private readonly socket: Duplex
	/** Frames that go out when the turn of the event loop ends; mostly there is one. */
	private first: Buffer | null = null
	private more: Buffer[] | null = null
	private heldBytes = 0
	private readonly messages: Bucket
	private readonly bytes: Bucket
	/** Refusing is cheap but not free: who keeps sending at more than twice the limit is closed. From the first excess on. */
	private excess: Bucket | null = null
	private readonly openedMs: number
	private seenMs: number
	private pingedMs: number
	private toldMs = -Infinity
	private earlyBytes = 0
	private isFinished = false
	private didBreakProtocol = false

	constructor(deps: ConnectionDeps, ws: WebSocket, socket: Duplex, id: number, address: string) {
		const nowMs = deps.nowMs()
		this.deps = deps
		this.ws = ws
		this.socket = socket
		this.id = id
		this.address = address
		this.messages = createBucket(deps.protocol.messages, nowMs)
		this.bytes = createBucket(deps.protocol.bytes, nowMs)
		this.openedMs = this.seenMs = this.pingedMs = nowMs
		ws.on('message', (data, isBinary) => this.onMessage(data, isBinary))
		ws.on('ping', (data) => this.onPing(data))
		ws.on('pong', () => {
			this.seenMs = deps.nowMs()
		})
		ws.on('error', (error) => {
			// ws has sent the close code that fits and ends the socket; without this listener the process would end.
			this.didBreakProtocol = true
			deps.counters.refused(TOO_BIG.includes(errorCode(error)) ? 'frame-too-big' : 'frame')
		})
		ws.on('close', () => {
			this.finish(this.didBreakProtocol ? 'closed' : 'lost')
			deps.onEnd(this)
		})
	}

	isOpen(): boolean {
		return !this.isFinished && this.ws.readyState === WebSocket.OPEN
	}

	send(text: string): void {
		if (this.isOpen()) this.write(textFrame(text))
	}

	write(frame: Buffer): void {
		if (!this.isOpen()) return
		const { counters, bufferedBytes, outbox } = this.deps
		if (this.socket.writableLength + this.heldBytes > bufferedBytes) {
			counters.refused('too-slow')
			this.close('tooSlow')
			return
		}
		if (this.first === null) {
			this.first = frame
			outbox.add(this)
		} else (this.more ??= []).push(frame)
		this.heldBytes += frame.length
		if (this.heldBytes >= TURN_BYTES) this.flush()
	}

	flush(): void {
		const { first, more } = this
		if (first === null) return
		this.first = this.more = null
		this.heldBytes = 0
		if (this.ws.readyState !== WebSocket.OPEN) return
		try {
			this.socket.write(more === null ? first : Buffer.concat([first, ...more]))
		} catch (error) {
			this.contain(error)
		}
	}

	close(name: CloseName): void {
		if (this.isFinished) return
		this.flush()
		this.ws.close(CLOSE_CODES[name].code, CLOSE_REASONS[name])
		// Who is sent to another process, or back in a moment, has not left.
		this.finish(name === 'restart' || name === 'goingAway' ? 'lost' : 'closed')
	}

	end(): void {
		this.flush()
		this.ws.close(1000)
		this.finish('lost')
	}

	sweep(nowMs: number): void {
		if (this.isFinished) return
		const { protocol, counters } = this.deps
		if (!protocol.isAdmitted(this) && nowMs - this.openedMs >= ADMISSION_DEADLINE_MS) {
			counters.refused('join-timeout')
			this.close('joinTimeout')
		} else if (nowMs - this.seenMs >= HEARTBEAT_DEAD_MS) {
			counters.refused('heartbeat')
			this.terminate()
		} else if (nowMs - this.pingedMs >= HEARTBEAT_INTERVAL_MS) {
			this.pingedMs = nowMs
			this.ws.ping()
		}
	}

	terminate(): void {
		this.ws.terminate()
		this.finish('lost')
	}

	private finish(why: 'lost' | 'closed'): void {
		if (this.isFinished) return
		this.isFinished = true
		try {
			this.deps.protocol.closed(this, why)
		} catch (error) {
			this.deps.counters.refused('internal')
			this.deps.onFault(error)
		}
	}

	/** A fault in one socket's handler must end that socket and nothing else. */
	private contain(error: unknown): void {
		this.deps.counters.refused('internal')
		this.deps.onFault(error)
		this.close('fault')
	}

	/** Whether a message or ping of `size` bytes may come in now. */
	private admit(size: number, isAdmitted: boolean, nowMs: number): boolean {
		const { protocol, counters } = this.deps
		if (!isAdmitted) {
			this.earlyBytes += size
			if (this.earlyBytes > BYTES_BEFORE_ADMISSION) {
				counters.refused('pre-join-bytes')
				this.close('tooBig')
				return false
			}
		}
		if (this.messages.take(nowMs) && this.bytes.take(nowMs, size)) return true
		const shouldTell = nowMs - this.toldMs >= TELL_INTERVAL_MS
		if (shouldTell) this.toldMs = nowMs
		const waitMs = Math.max(this.messages.waitMs(nowMs), this.bytes.waitMs(nowMs, size))
		protocol.overLimit(this, waitMs, shouldTell)
		const { perSecond, burst } = protocol.messages
		this.excess ??= createBucket({ perSecond, burst: 2 * burst }, nowMs)
		if (!this.excess.take(nowMs)) this.close('rateLimited')
		return false
	}

	private onMessage(data: RawData, isBinary: boolean): void {
		if (this.isFinished) return
		try {
			const { protocol, nowMs: clock } = this.deps
			const nowMs = clock()
			this.seenMs = nowMs
			const bytes = bufferOf(data)
			const isAdmitted = protocol.isAdmitted(this)
			const isLimitedThere = isBinary && isAdmitted && protocol.limitsBinary === true
			if (!isLimitedThere && !this.admit(bytes.length, isAdmitted, nowMs)) return
			if (isBinary) protocol.binary(this, bytes, nowMs)
			else protocol.message(this, bytes.toString(), nowMs)
		} catch (error) {
			this.contain(error)
		}
	}

	/** ws answers pings by itself; a flood of them counts like a flood of messages. */
	private onPing(data: Buffer): void {
		if (this.isFinished) return
		try {
			this.seenMs = this.deps.nowMs()
			this.admit(data.length, this.deps.protocol.isAdmitted(this), this.seenMs)
		} catch (error) {
			this.contain(error)
		}
	}
}

/** `socket`: what `ws` speaks over. */
export const createConnection = (
	deps: ConnectionDeps,
	ws: WebSocket,
	socket: Duplex,
	id: number,
	address: string,
): Connection => new SocketConnection(deps, ws, socket, id, address)
