/**
 * What processes tell one another over the bus: news in JSON, by a schema; relay frames, of which there are many, in
 * bytes of fixed places.
 * Whoever writes to the Redis of a server is trusted with it, but versions differ while one process after the other is
 * restarted: what cannot be read is counted and left alone.
 */
import { ID_BYTES, ID_PATTERN, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import {
	branded,
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	real,
	text,
	union,
	type Parsed,
} from '#lib/protocol/schema.ts'
import { rosterEntry, SIGNAL_DATA_MAX_CHARS } from '#lib/protocol/signaling.ts'
import type { ProcessId } from './bus.ts'

export const BUS_VERSION = 2
/** More than any roster is configured to have. */
const MEMBERS_MAX = 100_000

const id = <T>() => branded<T>(text(22, ID_PATTERN))
const room = id<RoomId>()
const peer = id<PeerId>()
const processId = id<ProcessId>()
/** Of what one process said about one room. */
const seq = integer(0, Number.MAX_SAFE_INTEGER)

const member = object({ entry: rosterEntry, sinceMs: real(0, 8.64e15), isHere: flag })

interface RelayHead {
	readonly type: 'relay'
	readonly room: RoomId
	readonly from: PeerId
	readonly to: PeerId
}
const signal = object({
	type: literal('signal'),
	room,
	from: peer,
	to: peer,
	data: text(SIGNAL_DATA_MAX_CHARS),
})
const beat = object({ type: literal('beat') })
const joined = object({ type: literal('joined'), room, seq, member, replaces: nullable(processId) })
const left = object({
	type: literal('left'),
	room,
	seq,
	peer,
	why: oneOf('left', 'timeout', 'closed', 'lost'),
})
/** Everybody whom the process has in the room, as of `seq`; `wantsAnswer`: tell me the same. */
const roster = object({
	type: literal('roster'),
	room,
	seq,
	members: list(member, MEMBERS_MAX),
	wantsAnswer: flag,
})
const closed = object({ type: literal('closed'), room })
/** I missed something of yours. */
const ask = object({ type: literal('ask'), room })
const undeliverable = object({
	type: literal('undeliverable'),
	room,
	from: peer,
	to: peer,
	kind: oneOf('signal', 'relay'),
})
const removal = object({
	type: literal('removal'),
	room,
	subject: branded<SubjectId>(text(64)),
	isRemoved: flag,
})
const bye = object({ type: literal('bye') })

const content = union<
	| Parsed<typeof signal>
	| Parsed<typeof beat>
	| Parsed<typeof joined>
	| Parsed<typeof left>
	| Parsed<typeof roster>
	| Parsed<typeof closed>
	| Parsed<typeof ask>
	| Parsed<typeof undeliverable>
	| Parsed<typeof removal>
	| Parsed<typeof bye>
>(signal, beat, joined, left, roster, closed, ask, undeliverable, removal, bye)
export type BusContent = Parsed<typeof content> | RelayHead

const head = object({ v: literal(BUS_VERSION), process: processId, content })

export interface BusFrame {
	readonly process: ProcessId
	readonly content: BusContent
	/** Of relay frames; empty otherwise. A part of what came, not a copy. */
	readonly payload: Uint8Array
}

/** The first byte. Frames of version 1 began with a zero. */
const JSON_KIND = 1
const RELAY_KIND = 2
/** u8 kind | process | room | from | to, 16 bytes each | payload. */
const RELAY_HEAD_BYTES = 1 + 4 * ID_BYTES
const NOTHING = new Uint8Array(0)

const encodeRelay = (process: ProcessId, { room, from, to }: RelayHead, payload: Uint8Array): Buffer => {
	const out = Buffer.allocUnsafe(RELAY_HEAD_BYTES + payload.length)
	out[0] = RELAY_KIND
	let at = 1
	for (const id of [process, room, from, to]) at += out.write(id, at, 'base64url')
	out.set(payload, at)
	return out
}

export const encodeBusFrame = (
	process: ProcessId,
	content: BusContent,
	payload: Uint8Array = NOTHING,
): Uint8Array => {
	if (content.type === 'relay') return encodeRelay(process, content, payload)
	const json = JSON.stringify({ v: BUS_VERSION, process, content })
	const out = Buffer.allocUnsafe(1 + Buffer.byteLength(json))
	out[0] = JSON_KIND
	out.write(json, 1)
	return out
}

const parseRelay = (frame: Buffer): BusFrame | null => {
	if (frame.length < RELAY_HEAD_BYTES) return null
	// Whatever the bytes are, their text is an id.
	const idAt = <T>(index: number): T =>
		frame.toString('base64url', 1 + index * ID_BYTES, 1 + (index + 1) * ID_BYTES) as T
	return {
		process: idAt<ProcessId>(0),
		content: { type: 'relay', room: idAt<RoomId>(1), from: idAt<PeerId>(2), to: idAt<PeerId>(3) },
		payload: frame.subarray(RELAY_HEAD_BYTES),
	}
}

/** Null for what is none of ours, or of another version. */
export const parseBusFrame = (bytes: Uint8Array): BusFrame | null => {
	const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
	if (frame[0] === RELAY_KIND) return parseRelay(frame)
	if (frame[0] !== JSON_KIND) return null
	let raw: unknown
	try {
		raw = JSON.parse(frame.toString('utf8', 1))
	} catch {
		return null // not JSON is one of the ways not to be a frame
	}
	const parsed = head.parse(raw)
	return parsed === undefined ? null : { process: parsed.process, content: parsed.content, payload: NOTHING }
}
