/**
 * What processes tell one another over the bus: a head in JSON, by a schema, and bytes behind it for relay frames.
 * Whoever writes to the Redis of a server is trusted with it, but versions differ while one process after the other is
 * restarted: what cannot be read is counted and left alone.
 */
import { ID_PATTERN, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
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

export const BUS_VERSION = 1
/** More than any roster is configured to have. */
const MEMBERS_MAX = 100_000

const id = <T>() => branded<T>(text(22, ID_PATTERN))
const room = id<RoomId>()
const peer = id<PeerId>()
const processId = id<ProcessId>()
/** Of what one process said about one room. */
const seq = integer(0, Number.MAX_SAFE_INTEGER)

const member = object({ entry: rosterEntry, sinceMs: real(0, 8.64e15), isHere: flag })

const relay = object({ type: literal('relay'), room, from: peer, to: peer })
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
	| Parsed<typeof relay>
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
>(relay, signal, beat, joined, left, roster, closed, ask, undeliverable, removal, bye)
export type BusContent = Parsed<typeof content>

const head = object({ v: literal(BUS_VERSION), process: processId, content })

export interface BusFrame {
	readonly process: ProcessId
	readonly content: BusContent
	/** Of relay frames; empty otherwise. A part of what came, not a copy. */
	readonly payload: Uint8Array
}

const LENGTH_BYTES = 4
const NOTHING = new Uint8Array(0)

export const encodeBusFrame = (
	process: ProcessId,
	content: BusContent,
	payload: Uint8Array = NOTHING,
): Uint8Array => {
	const json = Buffer.from(JSON.stringify({ v: BUS_VERSION, process, content }))
	const out = Buffer.allocUnsafe(LENGTH_BYTES + json.length + payload.length)
	out.writeUInt32BE(json.length)
	json.copy(out, LENGTH_BYTES)
	out.set(payload, LENGTH_BYTES + json.length)
	return out
}

/** Null for what is none of ours, or of another version. */
export const parseBusFrame = (bytes: Uint8Array): BusFrame | null => {
	if (bytes.length < LENGTH_BYTES) return null
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
	const end = LENGTH_BYTES + buffer.readUInt32BE()
	if (end > buffer.length) return null
	let raw: unknown
	try {
		raw = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, end))
	} catch {
		return null // not JSON is one of the ways not to be a frame
	}
	const parsed = head.parse(raw)
	return parsed === undefined
		? null
		: { process: parsed.process, content: parsed.content, payload: buffer.subarray(end) }
}
