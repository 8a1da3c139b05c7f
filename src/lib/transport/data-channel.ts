/**
 * Channels over WebRTC, by simple-peer. Everything that knows simple-peer is in this file: the two negotiated data
 * channels, its underscored fields, and its bundled file, which runs in Node (browsers get the lean source of it:
 * docs/decisions/0005).
 */
import SimplePeer from 'simple-peer/simplepeer.min.js'
import type { Instance, Options } from 'simple-peer'
import type { Millis } from '#lib/core/units.ts'
import { SIGNALS_MAX } from '#lib/protocol/peer.ts'
import { isPlainObject } from '#lib/protocol/schema.ts'
import type { Channel, ChannelEvent, ChannelMaker, ChannelRequest } from './channel.ts'
import { CHANNEL_MESSAGE_MAX_BYTES } from './channel.ts'
import { channelBinding } from './dtls-fingerprints.ts'
import { createEmitter } from './emitter.ts'
import type { TimerHandle, Timers } from './timers.ts'

/**
 * Candidates come in handfuls: the machine's own at once, names and reflexive ones later. What comes within a span
 * travels as one parcel; the first is short because everything waits for it.
 */
const PARCEL_SPANS_MS: readonly Millis[] = [15, 35]
const LAST_SPAN_MS: Millis = 100
/** ICE may find another path within this; then the link is given up. */
const DISCONNECTED_GRACE_MS: Millis = 5_000
/** The channel says `buffer-low` below this. */
const BUFFER_LOW_BYTES = 64 * 1024
const LOW_POLL_MS: Millis = 5
/** After it has opened, and after each change. */
const ROUTE_LOOK_MS: Millis = 1_000
/** What reads it could not be fetched. */
const ROUTE_RETRY_MS: Millis = 30_000
const RELAY_CANDIDATE = / typ relay\b/
/** A parcel must fit into one sealed signal. */
const PARCEL_MAX_CHARS = 16 * 1024

/** simple-peer's own fields that are used here, for want of an API. */
interface Insides {
	readonly _pc: RTCPeerConnection | null
	readonly _channel: RTCDataChannel | null
}

export interface DataChannelDeps {
	readonly timers: Timers
	/** Read at each attempt: TURN credentials run out. Without servers only direct candidates are used. */
	readonly getIceServers: () => readonly RTCIceServer[]
	/** "Hide my address": relay candidates only, and of each signal what this leaves (hide-address.ts). Null: not hidden. */
	readonly hiding?: () => ((signal: unknown) => object | null) | null
	/** Whether a connection leads through a TURN server now; null while that is not known. Asked where it may. */
	readonly isThroughTurn?: (connection: RTCPeerConnection) => Promise<boolean | null>
	/** In Node, an implementation such as @roamhq/wrtc; the browser's own otherwise. */
	readonly wrtc?: Options['wrtc']
	readonly Peer?: typeof SimplePeer
}

export const createDataChannels = (deps: DataChannelDeps): ChannelMaker => ({
	open: (request) => {
		const { timers } = deps
		const Peer = deps.Peer ?? SimplePeer
		const hide = deps.hiding?.() ?? null
		let isOver = false
		let channel: Channel | null = null
		/** One end has named a relay as a way to it: only then can it be the way. */
		let mayBeTurn = false
		/** Null where no connection could be made. */
		let peer: (Instance & Insides) | null = null

		const fail = (why: string) => {
			if (isOver) return
			isOver = true
			parcels.stop()
			peer?.destroy()
			request.onFailed(why)
		}

		const parcels = createParcels(timers, (signals) => {
			if (!isOver) request.sendSignals(signals)
		})

		const create = (): (Instance & Insides) | null => {
			try {
				return new Peer({
					initiator: request.role === 'dial',
					trickle: true,
					channelName: 'ordered',
					channelConfig: { negotiated: true, id: 0, ordered: true },
					config: {
						iceServers: [...deps.getIceServers()],
						iceTransportPolicy: hide === null ? 'all' : 'relay',
					},
					...(deps.wrtc === undefined ? {} : { wrtc: deps.wrtc }),
				}) as Instance & Insides
			} catch (error) {
				// No WebRTC here, or too many connections in this page: told after `open` has returned.
				timers.setTimeout(() => fail(`no connection can be made: ${String(error)}`), 0)
				return null
			}
		}

		const wire = (made: Instance & Insides) => {
			const connection = made._pc
			const ordered = made._channel
			if (connection === null || ordered === null) {
				timers.setTimeout(() => fail('no connection can be made'), 0)
				return
			}
			const lossy = connection.createDataChannel('lossy', {
				negotiated: true,
				id: 1,
				ordered: false,
				maxRetransmits: 0,
			})
			made.on('signal', (signal) => {
				const told = hide === null ? signal : hide(signal)
				if (told === null) return
				const text = JSON.stringify(told)
				mayBeTurn ||= RELAY_CANDIDATE.test(text)
				parcels.add(text)
			})
			made.on('iceStateChange', () => {
				if (connection.iceGatheringState === 'complete') parcels.flush()
			})
			made.on('error', (error: Error) => fail(error.message))
			made.on('close', () => fail('closed'))
			// Not simple-peer's `connect`, which polls statistics first and so comes up to 100 ms late.
			ordered.addEventListener('open', () => {
				if (isOver) return
				const binding = channelBinding(
					connection.localDescription?.sdp ?? '',
					connection.remoteDescription?.sdp ?? '',
				)
				if (binding === null) {
					fail('the descriptions name no single fingerprint each')
					return
				}
				isOver = true // as an attempt
				const ask = deps.isThroughTurn
				const isThroughTurn = () => (mayBeTurn && ask !== undefined ? () => ask(connection) : null)
				channel = createChannel({ timers, peer: made, connection, ordered, lossy, binding, isThroughTurn })
				request.onOpen(channel)
			})
		}

		peer = create()
		if (peer !== null) wire(peer)

		return {
			receive: (signals) => {
				for (const text of signals) {
					if (isOver || peer === null || peer.destroyed) return
					const signal = parseSignal(request, text)
					mayBeTurn ||= RELAY_CANDIDATE.test(text)
					if (signal !== null) peer.signal(signal)
				}
			},
			cancel: () => {
				if (channel !== null || isOver) return
				isOver = true
				parcels.stop()
				peer?.destroy()
			},
		}
	},
})

type Signal =
	| { readonly type: 'offer' | 'answer'; readonly sdp: string }
	| { readonly type: 'candidate'; readonly candidate: RTCIceCandidate }

/** Null for anything else: simple-peer acts on whatever it is given, and a stranger may ask for no more than this. */
const parseSignal = ({ role }: ChannelRequest, text: string): Signal | null => {
	let parsed: unknown
	try {
		parsed = JSON.parse(text)
	} catch {
		return null // not JSON is one of the ways not to be a signal
	}
	if (!isPlainObject(parsed)) return null
	const { type, sdp, candidate } = parsed
	const expected = role === 'dial' ? 'answer' : 'offer'
	if (type === expected && typeof sdp === 'string') return { type: expected, sdp }
	if (type !== 'candidate' || !isPlainObject(candidate) || typeof candidate['candidate'] !== 'string')
		return null
	const { candidate: line, sdpMLineIndex, sdpMid } = candidate
	return { type, candidate: { candidate: line, sdpMLineIndex, sdpMid } as unknown as RTCIceCandidate }
}

const createParcels = (timers: Timers, send: (signals: readonly string[]) => void) => {
	let waiting: string[] = []
	let waitingChars = 0
	let timer: TimerHandle = null
	let sentCount = 0
	const flush = () => {
		timers.clearTimeout(timer)
		timer = null
		if (waiting.length === 0) return
		sentCount++
		const signals = waiting
		waiting = []
		waitingChars = 0
		send(signals)
	}
	return {
		flush,
		add: (signal: string) => {
			if (waiting.length >= SIGNALS_MAX || waitingChars + signal.length > PARCEL_MAX_CHARS) flush()
			waiting.push(signal)
			waitingChars += signal.length
			timer ??= timers.setTimeout(flush, PARCEL_SPANS_MS[sentCount] ?? LAST_SPAN_MS)
		},
		stop: () => {
			timers.clearTimeout(timer)
			waiting = []
		},
	}
}

interface ChannelParts {
	readonly timers: Timers
	readonly peer: Instance
	readonly connection: RTCPeerConnection
	readonly ordered: RTCDataChannel
	readonly lossy: RTCDataChannel
	readonly binding: Uint8Array
	/** Null where that cannot be, or nobody can tell. */
	readonly isThroughTurn: () => (() => Promise<boolean | null>) | null
}

const createChannel = (parts: ChannelParts): Channel => {
	const { timers, peer, connection, ordered, lossy, binding } = parts
	const { emit, on, clear } = createEmitter<ChannelEvent>()
	let isOpen = true
	let grace: TimerHandle = null

	const shut = () => {
		isOpen = false
		timers.clearTimeout(grace)
		timers.clearTimeout(route)
		// simple-peer keeps an interval and the connection alive until it is destroyed.
		peer.destroy()
	}
	const close = (why: string) => {
		if (!isOpen) return
		shut()
		emit({ type: 'closed', why })
		clear()
	}

	let isTurn = false
	let route: TimerHandle = null
	/** In a moment: which pair of candidates was taken is settled just after the channel opens. */
	const lookForRoute = () => {
		const isThroughTurn = parts.isThroughTurn()
		if (isThroughTurn === null) return
		timers.clearTimeout(route)
		route = timers.setTimeout(() => {
			isThroughTurn().then(
				(isNow) => {
					if (!isOpen || isNow === isTurn) return
					if (isNow === null) return lookForRoute()
					isTurn = isNow
					emit({ type: 'route', isTurn })
				},
				(error: unknown) => {
					console.debug('Which way a link leads could not be told yet.', error)
					if (isOpen) route = timers.setTimeout(lookForRoute, ROUTE_RETRY_MS)
				},
			)
		}, ROUTE_LOOK_MS)
	}

	const receive = (lane: 'ordered' | 'lossy') => (event: MessageEvent<unknown>) => {
		if (!isOpen) return
		const { data } = event
		if (data instanceof ArrayBuffer) emit({ type: 'message', lane, bytes: new Uint8Array(data) })
		else close('a message that is not binary')
	}
	lossy.binaryType = 'arraybuffer'
	const tellLow = () => {
		if (isOpen) emit({ type: 'buffer-low' })
	}
	const hasLowEvent = typeof ordered.bufferedAmountLowThreshold === 'number'
	ordered.bufferedAmountLowThreshold = BUFFER_LOW_BYTES
	// The stream of simple-peer is left aside: its handlers are replaced, so bytes are copied once less.
	ordered.onmessage = receive('ordered')
	lossy.onmessage = receive('lossy')
	ordered.onbufferedamountlow = tellLow
	/** @roamhq/wrtc knows no such event; looking does as well. */
	let isLooking = false
	const lookForLow = () => {
		if (isLooking) return
		isLooking = true
		timers.setTimeout(() => {
			isLooking = false
			if (ordered.bufferedAmount <= BUFFER_LOW_BYTES) tellLow()
			else if (isOpen) lookForLow()
		}, LOW_POLL_MS)
	}
	peer.on('error', (error: Error) => close(error.message))
	peer.on('close', () => close('closed by the other end'))
	peer.on('iceStateChange', () => {
		timers.clearTimeout(grace)
		lookForRoute()
		if (connection.iceConnectionState === 'disconnected')
			grace = timers.setTimeout(() => close('the path was lost'), DISCONNECTED_GRACE_MS)
	})

	lookForRoute()
	connection.sctp?.transport.iceTransport?.addEventListener('selectedcandidatepairchange', lookForRoute)

	return {
		binding,
		send: (bytes, lane) => {
			if (bytes.length > CHANNEL_MESSAGE_MAX_BYTES) throw new Error('a message is at most 16 KiB')
			const to = lane === 'ordered' ? ordered : lossy
			if (!isOpen || to.readyState !== 'open') return lane === 'lossy' && isOpen ? 'sent' : 'closed'
			try {
				to.send(bytes as Uint8Array<ArrayBuffer>)
				return 'sent'
			} catch (error) {
				// The channel closed between the check and the send, or its buffer is full beyond all measure.
				if (lane === 'ordered') timers.setTimeout(() => close(`sending failed: ${String(error)}`), 0)
				return lane === 'ordered' ? 'closed' : 'sent'
			}
		},
		bufferedBytes: (lane) => {
			if (lane === 'lossy') return lossy.bufferedAmount
			// Read once: another thread counts there. Whoever is told of a filled buffer here is woken when it is low.
			const amount = ordered.bufferedAmount
			if (!hasLowEvent && amount > BUFFER_LOW_BYTES) lookForLow()
			return amount
		},
		on,
		close: () => {
			if (!isOpen) return
			clear()
			shut()
		},
	}
}
