/**
 * What travels between neighbours inside Transport frames: document sync in parts, status, hearsay, clock probes,
 * goodbyes.
 * First byte = type, numbers big-endian. Parsing is strict: `null` for anything that is not exactly one known frame.
 * What the bytes of a sync part mean (Yjs), and what statuses (JSON) and digests say, is read one layer up.
 */

/** A part of a sync message that is not the last one has exactly this size; so parts name the total by themselves. */
export const SYNC_PART_BYTES = 60 * 1024
/** All of a room's document, as one step 2. */
export const STATE_MAX_BYTES = 8 * 1024 * 1024
/** One step 1 (a state vector) or one update. */
export const UPDATE_MAX_BYTES = 64 * 1024
/** With its header it fits a lossy frame (1,100 bytes). */
export const STATUS_MAX_BYTES = 1_000
/** A status's `hops` are below this. */
export const STATUS_HOPS_MAX = 3
export const APP_MAX_BYTES = SYNC_PART_BYTES
export const DIGEST_MAX_BYTES = SYNC_PART_BYTES

/** y-protocols sync V1: `step1` carries a state vector, `step2` what it lacks, `update` what just changed. */
export const SYNC_KINDS = ['step1', 'step2', 'update'] as const
export type SyncKind = (typeof SYNC_KINDS)[number]

export const SYNC_MAX_BYTES: Readonly<Record<SyncKind, number>> = {
	step1: UPDATE_MAX_BYTES,
	step2: STATE_MAX_BYTES,
	update: UPDATE_MAX_BYTES,
}

export interface SyncPart {
	readonly type: 'sync'
	readonly kind: SyncKind
	/** Of the whole message; the sender's count on this link. */
	readonly id: number
	readonly index: number
	readonly total: number
	readonly payload: Uint8Array
}

/** Readings are `local` ms of the side that took them; differences and `offsetMs` make them room time. */
export interface ClockAnswer {
	readonly type: 'clock-answer'
	readonly id: number
	/** Echoed from the probe. */
	readonly t0Ms: number
	/** When the probe came in, when the answer went out. */
	readonly t1Ms: number
	readonly t2Ms: number
	/** The answerer's room time minus its local time. */
	readonly offsetMs: number
	/** How far off the answerer thinks that is; Infinity while it knows nothing. */
	readonly errorMs: number
	/** Names the agreement on room time that the answerer belongs to. */
	readonly epoch: number
	/** How many members share that agreement, as far as the answerer knows. */
	readonly members: number
}

export type RoomFrame =
	| SyncPart
	/** `hops`: not 0 where those beyond the neighbours are to hear of it too. */
	| { readonly type: 'status'; readonly hops: number; readonly payload: Uint8Array }
	| { readonly type: 'clock-probe'; readonly id: number; readonly t0Ms: number }
	| ClockAnswer
	/** The sender leaves the room on purpose: no grace for it. */
	| { readonly type: 'bye' }
	/** Kept for what is not built yet; receivers ignore it. */
	| { readonly type: 'app'; readonly payload: Uint8Array }
	/** What those do whom the receiver has no link to (large rooms). */
	| { readonly type: 'hearsay'; readonly payload: Uint8Array }
	/** Comparing what both sides hold, and handing over what one lacks. */
	| { readonly type: 'digest'; readonly payload: Uint8Array }

const CODES = {
	sync: 1,
	status: 2,
	'clock-probe': 3,
	'clock-answer': 4,
	bye: 5,
	app: 6,
	digest: 7,
	hearsay: 8,
} as const

const SYNC_HEADER_BYTES = 1 + 1 + 4 + 2 + 2
const STATUS_HEADER_BYTES = 2
const PROBE_BYTES = 1 + 4 + 8
const ANSWER_BYTES = 1 + 4 + 5 * 8 + 4 + 2

const allocate = (type: keyof typeof CODES, length: number): { out: Uint8Array; view: DataView } => {
	const out = new Uint8Array(length)
	out[0] = CODES[type]
	return { out, view: new DataView(out.buffer) }
}

export const encodeRoomFrame = (frame: RoomFrame): Uint8Array => {
	switch (frame.type) {
		case 'sync': {
			const { out, view } = allocate('sync', SYNC_HEADER_BYTES + frame.payload.length)
			out[1] = SYNC_KINDS.indexOf(frame.kind)
			view.setUint32(2, frame.id)
			view.setUint16(6, frame.index)
			view.setUint16(8, frame.total)
			out.set(frame.payload, SYNC_HEADER_BYTES)
			return out
		}
		case 'status': {
			const { out } = allocate('status', STATUS_HEADER_BYTES + frame.payload.length)
			out[1] = frame.hops
			out.set(frame.payload, STATUS_HEADER_BYTES)
			return out
		}
		case 'clock-probe': {
			const { out, view } = allocate('clock-probe', PROBE_BYTES)
			view.setUint32(1, frame.id)
			view.setFloat64(5, frame.t0Ms)
			return out
		}
		case 'clock-answer': {
			const { out, view } = allocate('clock-answer', ANSWER_BYTES)
			view.setUint32(1, frame.id)
			view.setFloat64(5, frame.t0Ms)
			view.setFloat64(13, frame.t1Ms)
			view.setFloat64(21, frame.t2Ms)
			view.setFloat64(29, frame.offsetMs)
			view.setFloat64(37, frame.errorMs)
			view.setUint32(45, frame.epoch)
			view.setUint16(49, frame.members)
			return out
		}
		case 'bye':
			return allocate('bye', 1).out
		case 'app':
		case 'hearsay':
		case 'digest': {
			const { out } = allocate(frame.type, 1 + frame.payload.length)
			out.set(frame.payload, 1)
			return out
		}
	}
}

/** Null for anything that is not exactly one known frame. Payloads are views into `frame`, not copies. */
export const parseRoomFrame = (frame: Uint8Array): RoomFrame | null => {
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
	switch (frame[0]) {
		case CODES.sync:
			return parseSyncPart(frame, view)
		case CODES.status: {
			const hops = frame[1] ?? STATUS_HOPS_MAX
			const payload = frame.subarray(STATUS_HEADER_BYTES)
			return hops < STATUS_HOPS_MAX && payload.length > 0 && payload.length <= STATUS_MAX_BYTES
				? { type: 'status', hops, payload }
				: null
		}
		case CODES['clock-probe']:
			return frame.length === PROBE_BYTES && Number.isFinite(view.getFloat64(5))
				? { type: 'clock-probe', id: view.getUint32(1), t0Ms: view.getFloat64(5) }
				: null
		case CODES['clock-answer']:
			return frame.length === ANSWER_BYTES ? parseClockAnswer(view) : null
		case CODES.bye:
			return frame.length === 1 ? { type: 'bye' } : null
		case CODES.app:
			return frame.length > 1 && frame.length <= 1 + APP_MAX_BYTES
				? { type: 'app', payload: frame.subarray(1) }
				: null
		case CODES.hearsay:
			return frame.length > 1 && frame.length <= 1 + STATUS_MAX_BYTES
				? { type: 'hearsay', payload: frame.subarray(1) }
				: null
		case CODES.digest:
			return frame.length > 1 && frame.length <= 1 + DIGEST_MAX_BYTES
				? { type: 'digest', payload: frame.subarray(1) }
				: null
		default:
			return null
	}
}

const parseSyncPart = (frame: Uint8Array, view: DataView): SyncPart | null => {
	if (frame.length <= SYNC_HEADER_BYTES) return null
	const kind = SYNC_KINDS[view.getUint8(1)]
	if (kind === undefined) return null
	const index = view.getUint16(6)
	const total = view.getUint16(8)
	const payload = frame.subarray(SYNC_HEADER_BYTES)
	if (index >= total || total > Math.ceil(SYNC_MAX_BYTES[kind] / SYNC_PART_BYTES)) return null
	const isLast = index === total - 1
	if (isLast ? payload.length > SYNC_PART_BYTES : payload.length !== SYNC_PART_BYTES) return null
	if (index * SYNC_PART_BYTES + payload.length > SYNC_MAX_BYTES[kind]) return null
	return { type: 'sync', kind, id: view.getUint32(2), index, total, payload }
}

const parseClockAnswer = (view: DataView): ClockAnswer | null => {
	const answer: ClockAnswer = {
		type: 'clock-answer',
		id: view.getUint32(1),
		t0Ms: view.getFloat64(5),
		t1Ms: view.getFloat64(13),
		t2Ms: view.getFloat64(21),
		offsetMs: view.getFloat64(29),
		errorMs: view.getFloat64(37),
		epoch: view.getUint32(45),
		members: view.getUint16(49),
	}
	const areReadings = [answer.t0Ms, answer.t1Ms, answer.t2Ms, answer.offsetMs].every(Number.isFinite)
	return areReadings && answer.errorMs >= 0 && answer.t2Ms >= answer.t1Ms ? answer : null
}

/** How many parts a message of `bytes` takes; an empty one does not exist. */
export const syncPartsOf = (bytes: number): number => Math.ceil(bytes / SYNC_PART_BYTES)

/** One part of `message`, encoded when the link has room for it. */
export const encodeSyncPart = (kind: SyncKind, id: number, message: Uint8Array, index: number): Uint8Array =>
	encodeRoomFrame({
		type: 'sync',
		kind,
		id,
		index,
		total: syncPartsOf(message.length),
		payload: message.subarray(index * SYNC_PART_BYTES, (index + 1) * SYNC_PART_BYTES),
	})

export interface SyncMessage {
	readonly kind: SyncKind
	readonly payload: Uint8Array
}

export interface SyncAssembler {
	/** A whole message, `more` while one is under way, or null where the part does not fit: the sender is at fault. */
	add(part: SyncPart): SyncMessage | 'more' | null
	/** Bytes held for a message under way. */
	readonly heldBytes: number
}

/**
 * Puts the parts of one link together. Links keep order, so a message's parts come in order; whole messages of one
 * part may stand between them, a second message in parts may not. Memory grows with what came in, not with what a
 * header claims.
 */
export const createSyncAssembler = (): SyncAssembler => {
	let parts: Uint8Array[] = []
	let heldBytes = 0
	let first: SyncPart | null = null
	const forget = () => {
		parts = []
		heldBytes = 0
		first = null
	}
	return {
		add: (part) => {
			if (part.total === 1) return { kind: part.kind, payload: part.payload }
			if (part.index === 0) {
				if (first !== null) return null
				first = part
			} else if (
				first === null ||
				part.id !== first.id ||
				part.kind !== first.kind ||
				part.total !== first.total ||
				part.index !== parts.length
			) {
				forget()
				return null
			}
			parts.push(part.payload.slice())
			heldBytes += part.payload.length
			if (parts.length < part.total) return 'more'
			const payload = new Uint8Array(heldBytes)
			let at = 0
			for (const bytes of parts) {
				payload.set(bytes, at)
				at += bytes.length
			}
			forget()
			return { kind: part.kind, payload }
		},
		get heldBytes() {
			return heldBytes
		},
	}
}
