/**
 * Bytes for other members through the server: what is sent in one moment leaves as one frame, no faster than the
 * server takes it. What is sent is opaque here, and is lost with the socket.
 */
import {
	encodeRelayFrame,
	parseRelayDelivery,
	RELAY_FRAME_MAX_BYTES,
	RELAY_PARCELS_MAX,
	relayCost,
	relayParcelBytes,
	type RelayParcel,
} from '#lib/protocol/relay.ts'
import type { Millis, PeerId } from '#lib/core/units.ts'
import { createEmitter } from './emitter.ts'
import type { Signaling } from './signaling-port.ts'
import type { TimerHandle, Timers } from './timers.ts'

/** What the server takes of one socket. */
export interface RelayLimits {
	readonly bytesPerSecond: number
	readonly byteBurst: number
}

/** Clocks differ, and frames bunch up on the way: we keep this much below. */
const SHARE_OF_RATE = 7 / 8
const SHARE_OF_BURST = 3 / 4
/** With more than this on its way to the server the line is the bottleneck, not the pace. */
const SOCKET_BUFFER_MAX_BYTES = 64 * 1024
const SOCKET_LOOK_MS: Millis = 50
const FRAME_HEAD_BYTES = 2

export type RelayEvent =
	| { readonly type: 'bytes'; readonly from: PeerId; readonly bytes: Uint8Array }
	/** The server knows nobody connected under this id. */
	| { readonly type: 'undeliverable'; readonly peer: PeerId }
	/** The server is away; what had not left is lost, and so may be what had. */
	| { readonly type: 'closed' }

export interface RelayPort {
	isOpen(): boolean
	/** False, and nothing taken, while the server is away. `onLeft`: it has been handed to the socket. */
	send(to: PeerId, bytes: Uint8Array, onLeft: () => void): boolean
	/** Now or not at all. */
	offer(to: PeerId, bytes: Uint8Array): void
	on(fn: (event: RelayEvent) => void): () => void
	/** Idempotent; no event after it. */
	stop(): void
}

export interface RelayPortDeps {
	readonly signaling: Signaling
	readonly timers: Timers
	/** Read before each frame: another server may have others. */
	readonly getLimits: () => RelayLimits
}

interface Waiting extends RelayParcel {
	readonly onLeft: (() => void) | null
}

export const createRelayPort = (deps: RelayPortDeps): RelayPort => {
	const { signaling, timers } = deps
	const { emit, on, clear } = createEmitter<RelayEvent>()
	let waiting: Waiting[] = []
	/** Null until the first frame: a fresh socket has its whole burst. */
	let tokens: number | null = null
	let refilledAtMs: Millis = 0
	let isFlushDue = false
	let timer: TimerHandle = null

	const budget = () => {
		const { bytesPerSecond, byteBurst } = deps.getLimits()
		return { perMs: (bytesPerSecond * SHARE_OF_RATE) / 1_000, burst: byteBurst * SHARE_OF_BURST }
	}
	const refill = (): number => {
		const { perMs, burst } = budget()
		const nowMs = timers.nowMs()
		tokens = Math.min(burst, (tokens ?? burst) + (nowMs - refilledAtMs) * perMs)
		refilledAtMs = nowMs
		return tokens
	}

	/** The next frame: as many parcels as fit in it and may leave now. */
	const takeFrame = (hasTokens: number): Waiting[] => {
		let size = FRAME_HEAD_BYTES
		let count = 0
		for (const { bytes } of waiting) {
			const next = size + relayParcelBytes(bytes)
			if (count === RELAY_PARCELS_MAX || next > RELAY_FRAME_MAX_BYTES) break
			if (relayCost(next, count + 1) > hasTokens) break
			size = next
			count++
		}
		return waiting.splice(0, count)
	}

	const later = (delayMs: Millis) => {
		timer ??= timers.setTimeout(() => {
			timer = null
			flush()
		}, delayMs)
	}

	const flush = () => {
		isFlushDue = false
		while (waiting.length > 0 && timer === null) {
			if (signaling.bufferedBytes() > SOCKET_BUFFER_MAX_BYTES) return later(SOCKET_LOOK_MS)
			const hasTokens = refill()
			const parcels = takeFrame(hasTokens)
			const first = waiting[0]
			if (parcels.length === 0 && first !== undefined) {
				const lacking = relayCost(FRAME_HEAD_BYTES + relayParcelBytes(first.bytes), 1) - hasTokens
				return later(Math.max(1, Math.ceil(lacking / budget().perMs)))
			}
			const frame = encodeRelayFrame(parcels)
			tokens = hasTokens - relayCost(frame.length, parcels.length)
			if (!signaling.sendBytes(frame)) return // `closed` has been told, or is about to be
			for (const { onLeft } of parcels) onLeft?.()
		}
	}

	const add = (parcel: Waiting) => {
		waiting.push(parcel)
		if (isFlushDue || timer !== null) return
		isFlushDue = true
		queueMicrotask(flush)
	}

	const forget = () => {
		waiting = []
		tokens = null
		timers.clearTimeout(timer)
		timer = null
	}

	const off = signaling.on((event) => {
		switch (event.type) {
			case 'bytes': {
				const delivery = parseRelayDelivery(event.bytes)
				if (delivery !== null) emit({ type: 'bytes', ...delivery })
				return
			}
			case 'undeliverable':
				emit({ type: 'undeliverable', peer: event.peer })
				return
			case 'closed':
				forget()
				emit({ type: 'closed' })
				return
			case 'open':
			case 'peer-joined':
			case 'peer-left':
			case 'signal':
		}
	})

	return {
		isOpen: () => signaling.isOpen(),
		send: (to, bytes, onLeft) => {
			if (!signaling.isOpen()) return false
			add({ to, bytes, onLeft })
			return true
		},
		offer: (to, bytes) => {
			// A timer means that others wait already: by the time it left it would be worth nothing.
			if (signaling.isOpen() && timer === null) add({ to, bytes, onLeft: null })
		},
		on,
		stop: () => {
			off()
			clear()
			forget()
		},
	}
}
