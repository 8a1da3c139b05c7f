/**
 * What members of a large room do, told on by others: each member sends its neighbours, in small batches, what it has
 * learned of those beyond them. A link carries at most two frames in two seconds each way, however large the room is
 * and whatever anybody claims. Its own chunk: rooms where everybody has a link to everybody never fetch it.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import type { Millis, PeerId } from '#lib/core/units.ts'
import type { PersonView } from '#lib/core/view.ts'
import { STATUS_MAX_BYTES } from '#lib/protocol/room-frames.ts'
import type { MemberStatus } from './member-status.ts'

/** What is told of one member: as much of its status as others see or act on. */
export interface Rumour {
	readonly peer: PeerId
	/** The status's own; counts above 32 bits are not told on. */
	readonly count: number
	readonly status: MemberStatus
}

/** To one neighbour at once. */
export const HEARSAY_FRAMES = 2

const DOINGS: readonly PersonView['doing']['type'][] = [
	'unknown',
	'idle',
	'playing',
	'paused',
	'buffering',
	'blocked',
	'failed',
	'ad',
]
const PEER_BYTES = 16
/** peer 16 | count 4 | doing 1 | percent, or 1: failed for want of a file 1 | flags 1 | start lag, ms 2 | drift, ms 2 */
const FIXED_BYTES = PEER_BYTES + 4 + 1 + 1 + 1 + 2 + 2
/** No more than these fit what goes to one neighbour at once. */
const TAKEN_MAX = Math.floor((HEARSAY_FRAMES * STATUS_MAX_BYTES) / FIXED_BYTES)
const COUNT_MAX = 0xffff_ffff
const U16_MAX = 0xffff
const LATENCY_MAX_MS = 3_600_000
const READY_FOR_MAX = 48

const FLAGS = ['isMuted', 'isAway', 'isReady', 'isExempt'] as const
const HAS_DRIFT = 16
const HAS_LATENCY = 32
const HAS_READY_FOR = 64

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const clamp = (value: number, low: number, high: number): number =>
	Math.min(high, Math.max(low, Math.round(value)))

/** The same goes to each neighbour: it is made once. */
const encoded = new WeakMap<MemberStatus, { readonly of: Rumour; readonly bytes: Uint8Array | null }>()

const encodeOne = (rumour: Rumour): Uint8Array | null => {
	const known = encoded.get(rumour.status)
	if (known?.of.peer === rumour.peer && known.of.count === rumour.count) return known.bytes
	const bytes = encodeAnew(rumour)
	encoded.set(rumour.status, { of: rumour, bytes })
	return bytes
}

const encodeAnew = ({ peer, count, status }: Rumour): Uint8Array | null => {
	const id = base64urlToBytes(peer)
	const readyFor = status.readyFor === null ? null : encoder.encode(status.readyFor)
	if (id?.length !== PEER_BYTES || count > COUNT_MAX || (readyFor?.length ?? 0) > READY_FOR_MAX) return null
	const { doing, driftMs, liveLatencyMs } = status
	const length =
		FIXED_BYTES + (liveLatencyMs === null ? 0 : 4) + (readyFor === null ? 0 : 1 + readyFor.length)
	const out = new Uint8Array(length)
	const view = new DataView(out.buffer)
	out.set(id)
	view.setUint32(16, count)
	out[20] = DOINGS.indexOf(doing.type)
	out[21] =
		doing.type === 'buffering'
			? clamp(doing.percent, 0, 100)
			: Number(doing.type === 'failed' && doing.why === 'no-file')
	out[22] =
		FLAGS.reduce((bits, flag, i) => bits | (status[flag] ? 1 << i : 0), 0) |
		(driftMs === null ? 0 : HAS_DRIFT) |
		(liveLatencyMs === null ? 0 : HAS_LATENCY) |
		(readyFor === null ? 0 : HAS_READY_FOR)
	view.setUint16(23, clamp(status.startLagMs, 0, U16_MAX))
	view.setInt16(25, clamp(driftMs ?? 0, -0x8000, 0x7fff))
	let at = FIXED_BYTES
	if (liveLatencyMs !== null) {
		view.setUint32(at, clamp(liveLatencyMs, 0, LATENCY_MAX_MS))
		at += 4
	}
	if (readyFor !== null) {
		out[at] = readyFor.length
		out.set(readyFor, at + 1)
	}
	return out
}

/** As payloads of hearsay frames; what would need more than `HEARSAY_FRAMES` of them stays in `rest`. */
export const encodeHearsay = (
	rumours: readonly Rumour[],
): { readonly payloads: readonly Uint8Array[]; readonly rest: readonly PeerId[] } => {
	const payloads: Uint8Array[] = []
	const rest: PeerId[] = []
	let parts: Uint8Array[] = []
	let size = 0
	const flush = () => {
		const payload = new Uint8Array(size)
		let at = 0
		for (const part of parts) {
			payload.set(part, at)
			at += part.length
		}
		if (size > 0) payloads.push(payload)
		parts = []
		size = 0
	}
	for (const rumour of rumours) {
		const bytes = encodeOne(rumour)
		if (bytes === null) continue // somebody's made-up status: it ends here
		if (size + bytes.length > STATUS_MAX_BYTES) {
			if (payloads.length + 1 < HEARSAY_FRAMES) flush()
			else {
				rest.push(rumour.peer)
				continue
			}
		}
		parts.push(bytes)
		size += bytes.length
	}
	flush()
	return { payloads, rest }
}

const doingOf = (index: number, percent: number): PersonView['doing'] | null => {
	const type = DOINGS[index]
	if (type === 'failed' && percent === 1) return { type, why: 'no-file' }
	if (type === undefined || (percent !== 0 && type !== 'buffering') || percent > 100) return null
	return type === 'buffering' ? { type, percent } : { type }
}

/** Null for anything that is not exactly a list of rumours. */
export const parseHearsay = (payload: Uint8Array): readonly Rumour[] | null => {
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
	const rumours: Rumour[] = []
	let at = 0
	while (at < payload.length) {
		if (payload.length - at < FIXED_BYTES) return null
		const flags = view.getUint8(at + 22)
		const doing = doingOf(view.getUint8(at + 20), view.getUint8(at + 21))
		const driftMs = view.getInt16(at + 25)
		if (doing === null || flags > 127 || ((flags & HAS_DRIFT) === 0 && driftMs !== 0)) return null
		const peer = bytesToBase64url(payload.subarray(at, at + PEER_BYTES)) as PeerId
		const count = view.getUint32(at + 16)
		const startLagMs = view.getUint16(at + 23)
		at += FIXED_BYTES
		let liveLatencyMs: Millis | null = null
		if ((flags & HAS_LATENCY) !== 0) {
			if (payload.length - at < 4) return null
			liveLatencyMs = view.getUint32(at)
			if (liveLatencyMs > LATENCY_MAX_MS) return null
			at += 4
		}
		let readyFor: string | null = null
		if ((flags & HAS_READY_FOR) !== 0) {
			const length = payload[at] ?? READY_FOR_MAX + 1
			if (length > READY_FOR_MAX || payload.length - at - 1 < length) return null
			try {
				readyFor = decoder.decode(payload.subarray(at + 1, at + 1 + length))
			} catch {
				return null // not UTF-8 is one of the ways not to be a rumour
			}
			at += 1 + length
		}
		rumours.push({
			peer,
			count,
			status: {
				doing,
				isMuted: (flags & 1) !== 0,
				isAway: (flags & 2) !== 0,
				isReady: (flags & 4) !== 0,
				isExempt: (flags & 8) !== 0,
				driftMs: (flags & HAS_DRIFT) === 0 ? null : driftMs,
				// Of those we have no link to this is of no use, or nobody asks for it.
				stalledForMs: 0,
				oneWayP95Ms: null,
				deviceName: null,
				startLagMs,
				liveLatencyMs,
				readyFor,
			},
		})
	}
	return rumours.length === 0 ? null : rumours
}

/** Whom each neighbour is still to be told of, the longest waiting first. */
export const createHearsay = () => {
	const waiting = new Map<PeerId, Set<PeerId>>()
	return {
		encode: encodeHearsay,
		parse: parseHearsay,
		/** There is news of `about`; for `neighbours`, of whom it or its teller may be one. */
		note: (about: PeerId, teller: PeerId, neighbours: readonly PeerId[]): void => {
			for (const neighbour of neighbours) {
				if (neighbour === about || neighbour === teller) continue
				const known = waiting.get(neighbour) ?? new Set()
				waiting.set(neighbour, known.add(about))
			}
		},
		/** It knows as much of `about` as we do. */
		noteKnown: (neighbour: PeerId, about: PeerId): void => void waiting.get(neighbour)?.delete(about),
		/** What has waited longest for it, as much as may fit, which waits no longer. */
		take: (neighbour: PeerId): readonly PeerId[] => {
			const abouts = waiting.get(neighbour)
			if (abouts === undefined) return []
			const taken: PeerId[] = []
			for (const about of abouts) {
				if (taken.length === TAKEN_MAX) return taken
				taken.push(about)
				abouts.delete(about)
			}
			waiting.delete(neighbour)
			return taken
		},
		isWaiting: (): boolean => waiting.size > 0,
		forget: (neighbour: PeerId): void => void waiting.delete(neighbour),
	}
}

export type Hearsay = ReturnType<typeof createHearsay>
