/**
 * The bytes of a record and the keys of its slot. Only this file knows where which byte stands.
 *
 *   u8 version | u8 kind | u16 slot | u48 seq | u64 hlc | b16 author | u16 length | u16 flags | body | b64 signature
 *
 * Big-endian. The signature is over "matinee-1" | room id | all before it.
 */
import { base64urlToBytes, bytesToBase64url } from './base64url.ts'
import { decodeBody, encodeBody, type BodyValue } from './body.ts'
import { hlcCounter, hlcMs } from './hlc.ts'
import { isKind, kindOfNumber, KINDS, SEQ_MAX, type Bodies, type Kind } from './kinds.ts'
import { ID_BYTES, ID_PATTERN, type DeviceId, type Hlc, type RoomId } from './units.ts'

export const RECORD_VERSION = 1
export const HEAD_BYTES = 1 + 1 + 2 + 6 + 8 + ID_BYTES + 2 + 2
export const SIGNATURE_BYTES = 64
export const RECORD_OVERHEAD_BYTES = HEAD_BYTES + SIGNATURE_BYTES

const FLAG_DELETED = 1
const SIGNING_CONTEXT = new TextEncoder().encode('matinee-1')

/** A well-formed record. Whether its signature holds is the ledger's question. */
export type ParsedRecord = { [K in Kind]: RecordOf<K> }[Kind]

export interface RecordOf<K extends Kind> {
	readonly kind: K
	readonly slot: number
	readonly seq: number
	readonly hlc: Hlc
	/** `hlc` in parts, for quick comparing and for showing. */
	readonly ms: number
	readonly counter: number
	readonly author: DeviceId
	/** Null: a record that empties its slot, or one that a later version wrote and this one does not read. */
	readonly body: Bodies[K] | null
	readonly isDeleted: boolean
	readonly bytes: Uint8Array
	/** `author.seq` */
	readonly ref: string
}

export interface SlotKey {
	readonly kind: Kind
	readonly author: DeviceId
	readonly slot: number
}

export const keyOf = (kind: Kind, author: DeviceId, slot: number): string => `${kind}/${author}/${slot}`

const SLOT_PATTERN = /^(0|[1-9]\d{0,4})$/

/** 'bad-key' where it is not spelled `kind/author/slot`; 'bad-slot' where a device has no such slot. */
export const parseKey = (key: string): SlotKey | 'bad-key' | 'bad-slot' => {
	const [kind, author, slotText, ...rest] = key.split('/')
	if (kind === undefined || author === undefined || slotText === undefined || rest.length > 0)
		return 'bad-key'
	if (!isKind(kind) || !ID_PATTERN.test(author) || !SLOT_PATTERN.test(slotText)) return 'bad-key'
	const slot = Number(slotText)
	return slot < KINDS[kind].slots ? { kind, author: author as DeviceId, slot } : 'bad-slot'
}

export interface RecordHead {
	readonly kind: Kind
	readonly slot: number
	readonly seq: number
	readonly hlc: Hlc
	readonly author: DeviceId
}

/** Everything but the signature. `body` null empties the slot. Throws on what no valid record can hold: a bug. */
export const encodeUnsigned = (head: RecordHead, body: BodyValue): Uint8Array<ArrayBuffer> => {
	const bodyBytes = body === null ? new Uint8Array(0) : encodeBody(body)
	const author = base64urlToBytes(head.author)
	if (author?.length !== ID_BYTES) throw new Error('an author is 16 bytes')
	if (head.seq < 0 || head.seq > SEQ_MAX) throw new Error('seq out of range')
	const out = new Uint8Array(HEAD_BYTES + bodyBytes.length)
	const view = new DataView(out.buffer)
	view.setUint8(0, RECORD_VERSION)
	view.setUint8(1, KINDS[head.kind].number)
	view.setUint16(2, head.slot)
	view.setUint16(4, Math.floor(head.seq / 2 ** 32))
	view.setUint32(6, head.seq % 2 ** 32)
	view.setBigUint64(10, head.hlc)
	out.set(author, 18)
	view.setUint16(34, bodyBytes.length)
	view.setUint16(36, body === null ? FLAG_DELETED : 0)
	out.set(bodyBytes, HEAD_BYTES)
	return out
}

/** What an author signs: the room is part of it, so a record means nothing in another room. */
export const signedMessage = (roomId: RoomId, unsigned: Uint8Array): Uint8Array<ArrayBuffer> => {
	const room = base64urlToBytes(roomId)
	if (room?.length !== ID_BYTES) throw new Error('a room id is 16 bytes')
	const out = new Uint8Array(SIGNING_CONTEXT.length + room.length + unsigned.length)
	out.set(SIGNING_CONTEXT)
	out.set(room, SIGNING_CONTEXT.length)
	out.set(unsigned, SIGNING_CONTEXT.length + room.length)
	return out
}

export const withSignature = (unsigned: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> => {
	const out = new Uint8Array(unsigned.length + signature.length)
	out.set(unsigned)
	out.set(signature, unsigned.length)
	return out
}

export const unsignedPart = (record: Uint8Array): Uint8Array => record.subarray(0, -SIGNATURE_BYTES)
export const signaturePart = (record: Uint8Array): Uint8Array => record.subarray(-SIGNATURE_BYTES)

/** The seq in a record's head, unread for the rest; 0 where the bytes are too few. */
export const seqIn = (record: Uint8Array): number => {
	if (record.length < HEAD_BYTES) return 0
	const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
	return view.getUint16(4) * 2 ** 32 + view.getUint32(6)
}

/** Reads a record without judging its signature or its place; says what is wrong with what is none. */
export const parseRecord = (bytes: Uint8Array): ParsedRecord | 'bad-record' | 'too-big' | 'bad-body' => {
	if (bytes.length < RECORD_OVERHEAD_BYTES) return 'bad-record'
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	const kind = kindOfNumber(view.getUint8(1))
	if (view.getUint8(0) !== RECORD_VERSION || kind === null) return 'bad-record'
	const spec = KINDS[kind]
	const length = view.getUint16(34)
	const flags = view.getUint16(36)
	if (bytes.length !== RECORD_OVERHEAD_BYTES + length || flags > FLAG_DELETED) return 'bad-record'
	if (length > spec.bodyMaxBytes) return 'too-big'
	const isDeleted = flags === FLAG_DELETED
	const slot = view.getUint16(2)
	const seq = view.getUint16(4) * 2 ** 32 + view.getUint32(6)
	if (slot >= spec.slots || (isDeleted && (length > 0 || kind === 'id'))) return 'bad-record'

	let body: Bodies[Kind] | null = null
	if (!isDeleted) {
		const value = decodeBody(bytes.subarray(HEAD_BYTES, HEAD_BYTES + length))
		const parsed = value === undefined ? undefined : spec.schema.parse(value)
		if (parsed === undefined && spec.isLater?.(value) !== true) return 'bad-body'
		body = parsed ?? null
	}
	const hlc = view.getBigUint64(10)
	const author = bytesToBase64url(bytes.subarray(18, 18 + ID_BYTES)) as DeviceId
	const ref = `${author}.${seq}`
	// kind and body were paired by the table of kinds just now.
	return {
		kind,
		slot,
		seq,
		hlc,
		ms: hlcMs(hlc),
		counter: hlcCounter(hlc),
		author,
		body,
		isDeleted,
		bytes,
		ref,
	} as ParsedRecord
}

/**
 * The order of `compareOrder`, quicker on whole records, and total: a device that used one seq twice has both its
 * records in the order of their kinds and slots, until the evidence is there and neither counts.
 */
export const compareRecords = (a: ParsedRecord, b: ParsedRecord): number =>
	a.ms - b.ms ||
	a.counter - b.counter ||
	(a.author !== b.author
		? a.author < b.author
			? -1
			: 1
		: a.seq - b.seq || KINDS[a.kind].number - KINDS[b.kind].number || a.slot - b.slot)

/** As bytes compare: negative where `a` is lower. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
	const shared = Math.min(a.length, b.length)
	for (let i = 0; i < shared; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0)
		if (difference !== 0) return difference
	}
	return a.length - b.length
}
