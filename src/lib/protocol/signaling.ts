/**
 * Every message between a browser and the signaling server on `/ws`: JSON text frames, one message each. Binary frames
 * beside them are relay frames (relay.ts).
 * The server never reads `data`: it is sealed with the room's key and addressed to one peer.
 */
import { ID_PATTERN, type DeviceId, type PeerId, type RoomId, type SubjectId } from '#lib/core/units.ts'
import {
	branded,
	integer,
	isPlainObject,
	list,
	literal,
	object,
	oneOf,
	optional,
	real,
	text,
	union,
	type Parsed,
} from './schema.ts'

export const SIGNALING_VERSION = 4

/** What a join of another version is told. */
export const versionRefusal = (): string =>
	`The server speaks version ${String(SIGNALING_VERSION)}; reload the page.`
/** How a server stands to this program, by its refusal of a join; null where that names no version. */
export const serverVersionOf = (refusal: string): 'newer' | 'older' | null => {
	const named = Number(/^The server speaks version (\d{1,4});/.exec(refusal)?.[1] ?? NaN)
	if (!Number.isInteger(named) || named === SIGNALING_VERSION) return null
	return named > SIGNALING_VERSION ? 'newer' : 'older'
}

/** One WebSocket frame, either way. */
export const SIGNALING_FRAME_MAX_BYTES = 64 * 1024
/** A sealed offer with its candidates stays well under this. */
export const SIGNAL_DATA_MAX_CHARS = 32 * 1024
export const ROSTER_MAX = 2_000

const id = <T>() => branded<T>(text(22, ID_PATTERN))
const roomId = id<RoomId>()
const peerId = id<PeerId>()
const deviceId = id<DeviceId>()
const subjectId = branded<SubjectId>(text(64, /^[A-Za-z0-9_:.-]+$/))
const sealed = text(SIGNAL_DATA_MAX_CHARS, /^[A-Za-z0-9_-]*$/)
const localMs = real(0, 8.64e15)

export const rosterEntry = object({
	peer: peerId,
	device: deviceId,
	subject: subjectId,
	/** As the identity token has it; people's own names travel in the room. */
	name: text(64),
	/** By its own word: it makes no channels for now. Whoever believes it spares both a try. */
	relayOnly: optional(literal(true)),
})
/** A socket that the server has authenticated. */
export type RosterEntry = Parsed<typeof rosterEntry>

const join = object({
	type: literal('join'),
	v: integer(1, 1_000),
	room: roomId,
	peer: peerId,
	/** From POST /api/tickets: single use, 30 s, bound to room, peer and device. */
	ticket: text(2_048, /^[A-Za-z0-9_.-]+$/),
	/** Told to the others with who we are. */
	relayOnly: optional(literal(true)),
})
const signalOut = object({ type: literal('signal'), to: peerId, data: sealed })
const clockPing = object({ type: literal('clock'), id: integer(0, 0xffff_ffff), t0: localMs })
const leave = object({ type: literal('leave') })

export const clientMessage = union<
	Parsed<typeof join> | Parsed<typeof signalOut> | Parsed<typeof clockPing> | Parsed<typeof leave>
>(join, signalOut, clockPing, leave)
export type ClientMessage = Parsed<typeof clientMessage>

/** Sent at once, and again for peers who come in parts when a room is large. */
const joined = object({ type: literal('joined'), self: rosterEntry, roster: list(rosterEntry, ROSTER_MAX) })
const peerJoined = object({ type: literal('peer-joined'), entry: rosterEntry })
const peerLeft = object({
	type: literal('peer-left'),
	peer: peerId,
	why: oneOf('left', 'timeout', 'replaced', 'closed'),
})
const signalIn = object({ type: literal('signal'), from: peerId, data: sealed })
/** t1 and t2: the server's monotonic-based wall clock in ms on receipt and on sending. */
const clockPong = object({
	type: literal('clock'),
	id: integer(0, 0xffff_ffff),
	t0: localMs,
	t1: localMs,
	t2: localMs,
})
export const REFUSALS = [
	'bad-message',
	'bad-version',
	'bad-ticket',
	'not-joined',
	'already-joined',
	'no-such-peer',
	'room-full',
	/** An operator had this person removed; the socket is closed. */
	'removed',
	'too-many-sockets',
	'rate-limited',
	'shutting-down',
] as const
const refused = object({
	type: literal('refused'),
	why: oneOf(...REFUSALS),
	/** For people to read. */
	message: text(300),
	retryAfterMs: optional(integer(0, 3_600_000)),
	/** The peer a signal could not be brought to. */
	peer: optional(peerId),
})

export const serverMessage = union<
	| Parsed<typeof joined>
	| Parsed<typeof peerJoined>
	| Parsed<typeof peerLeft>
	| Parsed<typeof signalIn>
	| Parsed<typeof clockPong>
	| Parsed<typeof refused>
>(joined, peerJoined, peerLeft, signalIn, clockPong, refused)
export type ServerMessage = Parsed<typeof serverMessage>
export type Refusal = (typeof REFUSALS)[number]

const parseJson = (frame: string): unknown => {
	try {
		return JSON.parse(frame)
	} catch {
		return undefined // not JSON is one of the ways not to be a message
	}
}

/** Null for anything that is not exactly one known message. */
export const parseClientMessage = (frame: string): ClientMessage | null =>
	clientMessage.parse(parseJson(frame)) ?? null
export const parseServerMessage = (frame: string): ServerMessage | null =>
	serverMessage.parse(parseJson(frame)) ?? null

/**
 * The version a frame asks to join with, also where the rest of it is not understood: a client of another version
 * is to be told so, not that it talks nonsense. Null for anything that is no join.
 */
export const joinVersionOf = (frame: string): number | null => {
	const input = parseJson(frame)
	if (!isPlainObject(input) || input['type'] !== 'join') return null
	return typeof input['v'] === 'number' ? input['v'] : null
}
