/**
 * Signaling over the server's `/ws`: joins with a ticket, keeps the roster, seals and opens signals, comes back by
 * itself, and carries clock probes on the same socket. It reads nothing of what peers tell one another.
 */
import type { RandomSource } from '#lib/core/clock.ts'
import type { Millis, PeerId, RoomId } from '#lib/core/units.ts'
import { CLOSE_CODES, closeNameOf, type CloseName } from '#lib/protocol/close-codes.ts'
import {
	parseServerMessage,
	SIGNAL_DATA_MAX_CHARS,
	SIGNALING_VERSION,
	type ClientMessage,
	type RosterEntry,
	type ServerMessage,
} from '#lib/protocol/signaling.ts'
import { createClockProbes, type ClockSample } from './clock-probes.ts'
import { createEmitter } from './emitter.ts'
import type { RoomSecrets } from './seal.ts'
import { drawUnit } from './seeded-random.ts'
import type { Signaling, SignalingEvent } from './signaling-port.ts'
import type { TimerHandle, Timers } from './timers.ts'

/** What is used of the platform's WebSocket. */
export interface SocketLike {
	send(data: string | Uint8Array<ArrayBuffer>): void
	/** Missing where that is not known. */
	readonly bufferedAmount?: number
	close(code?: number, reason?: string): void
	addEventListener(type: 'open' | 'error', fn: () => void): void
	/** `atMs`: when it came, by local time, where that is known better than by when the event is seen. */
	addEventListener(
		type: 'message',
		fn: (event: { readonly data: unknown; readonly atMs?: Millis }) => void,
	): void
	addEventListener(
		type: 'close',
		fn: (event: { readonly code: number; readonly reason: string }) => void,
	): void
	/** Where the socket is on a thread of its own: sends a clock probe stamped there. False: send it as any text. */
	probe?(id: number, onSent: (t0: Millis) => void): boolean
}

export interface SignalingClientDeps {
	readonly room: RoomId
	readonly self: PeerId
	/** Where the socket is; null while that is not known (tried again later). */
	readonly getUrl: () => Promise<string | null>
	/** A fresh ticket for `self` in `room`; null while there is none to be had (tried again later). */
	readonly getTicket: () => Promise<string | null>
	readonly makeSocket: (url: string) => SocketLike
	readonly secrets: Pick<RoomSecrets, 'sealSignal' | 'openSignal'>
	readonly timers: Timers
	readonly random: RandomSource
	/** Local monotonic time on the scale of Unix time, as the room clock has it. */
	readonly localNowMs: () => Millis
	/** The network or the page is back: `fn` is called; returns the undo. */
	readonly onWake?: (fn: () => void) => () => void
	readonly onClockSample?: (sample: ClockSample) => void
	/** No channels are made here for now: the others are told on joining, and spare themselves the tries. */
	readonly isRelayOnly?: () => boolean
}

export type SignalingState =
	| { readonly type: 'idle' }
	| { readonly type: 'connecting' }
	| { readonly type: 'open' }
	| { readonly type: 'waiting'; readonly why: string }
	| { readonly type: 'stopped'; readonly why: string }

export interface SignalingCounts {
	/** Frames of ours on the socket, and of the server's. */
	framesOut: number
	framesIn: number
	/** Signals that nobody with the room's key had sealed for us. */
	unopened: number
	/** Frames that were no message of this protocol. */
	badFrames: number
	rateLimited: number
}

export interface SignalingClient extends Signaling {
	start(): void
	/** Says that we leave. Idempotent; no event after it. */
	stop(): void
	state(): SignalingState
	/** Who the server last said is here, ourselves not among them; kept while it is away. */
	roster(): readonly RosterEntry[]
	/** From now on a clock probe every `everyMs`; `burst` starts with a fast run. */
	setProbeInterval(everyMs: Millis, burst?: 'burst'): void
	/** One clock probe more, now. */
	probe(): void
	readonly counts: Readonly<SignalingCounts>
}

const FIRST_WAIT_MS: Millis = 500
/** Full jitter below it: after a restart everybody is back soon enough to let others in within five seconds. */
const WAIT_MAX_MS: Millis = 2_500
const JOIN_DEADLINE_MS: Millis = 12_000
/** Joined for this long, the next loss starts again at the shortest wait. */
const SETTLED_AFTER_MS: Millis = 5_000
/** Probes are answered at once: a server silent for so long although asked is gone, whatever the socket says. */
const SILENCE_LIMIT_MS: Millis = 15_000
/** Sealing pads and writes base64; this much text always fits. */
const SIGNAL_TEXT_MAX_BYTES = Math.floor((SIGNAL_DATA_MAX_CHARS * 3) / 4) - 512

const utf8 = new TextEncoder()

export const createSignalingClient = (deps: SignalingClientDeps): SignalingClient => {
	const { timers } = deps
	const { emit, on, clear } = createEmitter<SignalingEvent>()
	const roster = new Map<PeerId, RosterEntry>()
	const counts: SignalingCounts = { framesOut: 0, framesIn: 0, unopened: 0, badFrames: 0, rateLimited: 0 }
	let state: SignalingState = { type: 'idle' }
	/** The socket in use; another one's events are history. */
	let socket: SocketLike | null = null
	let failures = 0
	let retryAfterMs: Millis = 0
	let lastRefusal = ''
	let didTellClosed = false
	let openedAtMs: Millis = 0
	let heardAtMs: Millis = 0
	let timer: TimerHandle = null
	let offWake: () => void = () => undefined

	const hasEnded = () => state.type === 'stopped'
	const isOpen = () => state.type === 'open'

	const transmit = (message: ClientMessage): void => {
		counts.framesOut++
		socket?.send(JSON.stringify(message))
	}

	const probes = createClockProbes({
		timers,
		localNowMs: deps.localNowMs,
		send: (ping) => {
			if (timers.nowMs() - heardAtMs > Math.max(SILENCE_LIMIT_MS, 3 * probes.everyMs())) {
				drop('the server has fallen silent')
				return
			}
			if (socket?.probe?.(ping.id, (t0) => probes.sent(ping.id, t0)) === true) counts.framesOut++
			else transmit({ type: 'clock', ...ping })
		},
		onSample: (sample) => deps.onClockSample?.(sample),
	})

	// --- connecting, and coming back

	const setTimer = (fn: () => void, delayMs: Millis) => {
		timers.clearTimeout(timer)
		timer = timers.setTimeout(fn, delayMs)
	}

	const connect = () => {
		if (hasEnded()) return
		state = { type: 'connecting' }
		setTimer(() => drop('no answer from the server'), JOIN_DEADLINE_MS)
		const attempt = state
		const isCurrent = () => state === attempt
		void openSocket(isCurrent).catch((error: unknown) => {
			if (isCurrent()) drop(String(error))
		})
	}

	const openSocket = async (isCurrent: () => boolean): Promise<void> => {
		const ticketing = deps.getTicket()
		ticketing.catch(() => undefined) // heard where it is awaited, if it still is
		const url = await deps.getUrl()
		// The socket comes up while the ticket is fetched; after a failure none is opened in vain.
		const hasNone = failures > 0 && (await ticketing) === null
		if (!isCurrent()) return
		if (url === null || hasNone) {
			drop(url === null ? 'the server is not known' : 'no ticket to be had')
			return
		}
		const opened = deps.makeSocket(url)
		socket = opened
		let isUp = false
		let ticket: string | null = null
		const join = () => {
			if (socket !== opened || !isUp || ticket === null) return
			const { room, self: peer } = deps
			const isOut = deps.isRelayOnly?.() === true
			transmit({ type: 'join', v: SIGNALING_VERSION, room, peer, ticket, ...(isOut && { relayOnly: true }) })
		}
		opened.addEventListener('open', () => {
			if (socket !== opened) return
			heardAtMs = timers.nowMs()
			isUp = true
			join()
		})
		opened.addEventListener('message', ({ data, atMs }) => {
			if (socket === opened) receive(data, atMs)
		})
		opened.addEventListener('close', ({ code, reason }) => {
			if (socket !== opened) return
			const name = closeNameOf(code)
			const why = lastRefusal || reason || name || `closed with ${String(code)}`
			if (name !== null && CLOSE_CODES[name].isFatal) end(why, name)
			else drop(why)
		})
		// A socket error is always followed by a close, which says as much as there is to know.
		opened.addEventListener('error', () => undefined)
		ticket = await ticketing
		if (!isCurrent()) return
		if (ticket === null) drop('no ticket to be had')
		else join()
	}

	/** Lets the socket go and waits to try again: full jitter, so that a room does not come back as one. */
	const drop = (why: string) => {
		if (hasEnded()) return
		const wasOpen = isOpen()
		if (wasOpen && timers.nowMs() - openedAtMs > SETTLED_AFTER_MS) failures = 0
		release()
		state = { type: 'waiting', why }
		const limitMs = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(failures++, 10))
		setTimer(connect, Math.max(retryAfterMs, drawUnit(deps.random) * limitMs))
		retryAfterMs = 0
		if (wasOpen || !didTellClosed) {
			didTellClosed = true
			emit({ type: 'closed', isFatal: false, why, close: null })
		}
	}

	/** For good; `close`: the server's word that it is. */
	const end = (why: string, close: CloseName | null) => {
		release()
		timers.clearTimeout(timer)
		offWake()
		state = { type: 'stopped', why }
		if (close !== null) emit({ type: 'closed', isFatal: true, why, close })
		clear()
	}

	const release = () => {
		probes.stop()
		const old = socket
		socket = null
		lastRefusal = ''
		old?.close(1000)
	}

	const wake = () => {
		if (state.type !== 'waiting') return
		failures = 0
		connect()
	}

	// --- what the server says

	const receive = (data: unknown, atMs?: Millis) => {
		heardAtMs = timers.nowMs()
		counts.framesIn++
		if (data instanceof ArrayBuffer) {
			if (isOpen()) emit({ type: 'bytes', bytes: new Uint8Array(data) })
			return
		}
		const message = typeof data === 'string' ? parseServerMessage(data) : null
		if (message === null) counts.badFrames++
		else handle(message, atMs)
	}

	const handle = (message: ServerMessage, atMs?: Millis) => {
		switch (message.type) {
			case 'joined':
				takeRoster(message.roster)
				return
			case 'peer-joined':
				if (message.entry.peer === deps.self) return
				roster.set(message.entry.peer, message.entry)
				emit(message)
				return
			case 'peer-left':
				if (roster.delete(message.peer)) emit({ type: 'peer-left', peer: message.peer })
				return
			case 'signal':
				receiveSealed(message.from, message.data)
				return
			case 'clock':
				probes.answered(message, atMs)
				return
			case 'refused':
				if (message.peer !== undefined && message.why === 'no-such-peer')
					emit({ type: 'undeliverable', peer: message.peer })
				else if (message.why === 'rate-limited') counts.rateLimited++
				else lastRefusal = message.message
				if (!isOpen()) retryAfterMs = message.retryAfterMs ?? 0
		}
	}

	/** Large rooms come in parts: the first opens, the others are newcomers to us. */
	const takeRoster = (entries: readonly RosterEntry[]) => {
		const others = entries.filter((entry) => entry.peer !== deps.self)
		if (isOpen()) {
			for (const entry of others) {
				roster.set(entry.peer, entry)
				emit({ type: 'peer-joined', entry })
			}
			return
		}
		roster.clear()
		for (const entry of others) roster.set(entry.peer, entry)
		state = { type: 'open' }
		timers.clearTimeout(timer)
		openedAtMs = timers.nowMs()
		didTellClosed = false
		probes.start()
		emit({ type: 'open', roster: [...roster.values()] })
	}

	// --- signals, sealed and opened in the order they come

	let sealing: Promise<void> = Promise.resolve()
	let opening: Promise<void> = Promise.resolve()

	const receiveSealed = (from: PeerId, sealed: string) => {
		const usedSocket = socket
		opening = opening.then(async () => {
			const data = await deps.secrets.openSignal(from, deps.self, sealed)
			if (socket !== usedSocket) return
			if (data === null) counts.unopened++
			else emit({ type: 'signal', from, data })
		})
	}

	const send = (to: PeerId, data: string): boolean => {
		if (!isOpen() || utf8.encode(data).length > SIGNAL_TEXT_MAX_BYTES) return false
		const usedSocket = socket
		sealing = sealing.then(async () => {
			const sealed = await deps.secrets.sealSignal(deps.self, to, data)
			// Lost with the socket: the attempt it belonged to ends by its own deadline.
			if (socket === usedSocket && isOpen()) transmit({ type: 'signal', to, data: sealed })
		})
		return true
	}

	return {
		counts,
		isOpen,
		state: () => state,
		roster: () => [...roster.values()],
		send,
		sendBytes: (frame) => {
			if (!isOpen()) return false
			counts.framesOut++
			socket?.send(frame)
			return true
		},
		bufferedBytes: () => socket?.bufferedAmount ?? 0,
		on: (fn) => {
			const off = on(fn)
			let isOff = false
			if (isOpen())
				timers.setTimeout(() => {
					if (!isOff && isOpen()) fn({ type: 'open', roster: [...roster.values()] })
				}, 0)
			return () => {
				isOff = true
				off()
			}
		},
		start: () => {
			if (state.type !== 'idle') return
			offWake = deps.onWake?.(wake) ?? offWake
			connect()
		},
		stop: () => {
			if (hasEnded()) return
			if (isOpen()) transmit({ type: 'leave' })
			end('left', null)
		},
		setProbeInterval: (everyMs, burst) => probes.setInterval(everyMs, burst),
		probe: () => {
			if (isOpen()) probes.once()
		},
	}
}
