/**
 * Every message between two neighbours: binary ones on a link, and the JSON inside the sealed signals that bring a
 * link about. What frames mean (records, status) is not known here: they are opaque payloads.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import { ID_BYTES, ID_PATTERN, type PeerId } from '#lib/core/units.ts'
import { branded, list, literal, object, optional, text, union, type Parsed } from './schema.ts'

export const LINK_VERSION = 2

/** One message on a link, type byte included: what every browser's data channel takes. */
export const LINK_MESSAGE_MAX_BYTES = 16 * 1024
export const NONCE_BYTES = 32
export const PUBLIC_KEY_BYTES = 32
export const SIGNATURE_BYTES = 64
export const MAC_BYTES = 32
/** Peers named to somebody whom we cannot take. */
export const OTHERS_MAX = 3

export const BYE_REASONS = ['left', 'redirected', 'misbehaved', 'proof-failed', 'error', 'removed'] as const
export type ByeReason = (typeof BYE_REASONS)[number]

export type LinkMessage =
	/** First, from both sides. */
	| {
			readonly type: 'hello'
			readonly version: number
			readonly nonce: Uint8Array
			readonly publicKey: Uint8Array
	  }
	/** Answers the other side's hello: device key and room key over the same transcript. */
	| { readonly type: 'proof'; readonly signature: Uint8Array; readonly mac: Uint8Array }
	/** The other side's proof is good; frames may follow. */
	| { readonly type: 'ready' }
	| { readonly type: 'ping'; readonly id: number }
	| { readonly type: 'pong'; readonly id: number }
	/** A frame that fits into one message. */
	| { readonly type: 'whole'; readonly payload: Uint8Array }
	/** The beginning of a frame of `totalBytes`; `more` follow until it is complete. */
	| { readonly type: 'first'; readonly totalBytes: number; readonly payload: Uint8Array }
	| { readonly type: 'more'; readonly payload: Uint8Array }
	/**
	 * Whether the sender's overlay asks for this link; one that neither side wants is closed. `hasDirect`: it has links
	 * that no server carries, so whoever has none is best linked to it.
	 */
	| { readonly type: 'want'; readonly isWanted: boolean; readonly hasDirect: boolean }
	/** The last message; `others` are peers to try instead. */
	| { readonly type: 'bye'; readonly reason: ByeReason; readonly others: readonly PeerId[] }
	/** The last message with a frame on this channel: the next frames come on the other one, once it says so. */
	| { readonly type: 'moved' }
	/** On the new channel: `moved` has come on the old one, so all before it has. */
	| { readonly type: 'arrived' }

const CODES = {
	hello: 1,
	proof: 2,
	ready: 3,
	ping: 4,
	pong: 5,
	whole: 6,
	first: 7,
	more: 8,
	want: 9,
	bye: 10,
	moved: 11,
	arrived: 12,
} as const satisfies Record<LinkMessage['type'], number>

const UINT32_BYTES = 4
/** Flags of `want`. */
const WANTED = 1
const HAS_DIRECT = 2

const join = (code: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 1))
	out[0] = code
	let at = 1
	for (const part of parts) {
		out.set(part, at)
		at += part.length
	}
	return out
}

const uint32 = (value: number): readonly number[] => [
	(value >>> 24) & 0xff,
	(value >>> 16) & 0xff,
	(value >>> 8) & 0xff,
	value & 0xff,
]

const readUint32 = (bytes: Uint8Array, at: number): number =>
	new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at)

export const encodeLinkMessage = (message: LinkMessage): Uint8Array => {
	const code = CODES[message.type]
	switch (message.type) {
		case 'hello':
			return join(code, [message.version], message.nonce, message.publicKey)
		case 'proof':
			return join(code, message.signature, message.mac)
		case 'ready':
		case 'moved':
		case 'arrived':
			return join(code)
		case 'ping':
		case 'pong':
			return join(code, uint32(message.id))
		case 'whole':
		case 'more':
			return join(code, message.payload)
		case 'first':
			return join(code, uint32(message.totalBytes), message.payload)
		case 'want':
			return join(code, [(message.isWanted ? WANTED : 0) | (message.hasDirect ? HAS_DIRECT : 0)])
		case 'bye':
			return join(
				code,
				[BYE_REASONS.indexOf(message.reason)],
				...message.others.slice(0, OTHERS_MAX).map((peer) => base64urlToBytes(peer) ?? []),
			)
	}
}

/** Null for anything that is not exactly one known message. Payloads are views into `bytes`, not copies. */
export const parseLinkMessage = (bytes: Uint8Array): LinkMessage | null => {
	if (bytes.length === 0 || bytes.length > LINK_MESSAGE_MAX_BYTES) return null
	const body = bytes.subarray(1)
	switch (bytes[0]) {
		case CODES.hello:
			return body.length === 1 + NONCE_BYTES + PUBLIC_KEY_BYTES
				? {
						type: 'hello',
						version: body[0] ?? 0,
						nonce: body.slice(1, 1 + NONCE_BYTES),
						publicKey: body.slice(1 + NONCE_BYTES),
					}
				: null
		case CODES.proof:
			return body.length === SIGNATURE_BYTES + MAC_BYTES
				? { type: 'proof', signature: body.slice(0, SIGNATURE_BYTES), mac: body.slice(SIGNATURE_BYTES) }
				: null
		case CODES.ready:
			return body.length === 0 ? { type: 'ready' } : null
		case CODES.ping:
			return body.length === UINT32_BYTES ? { type: 'ping', id: readUint32(body, 0) } : null
		case CODES.pong:
			return body.length === UINT32_BYTES ? { type: 'pong', id: readUint32(body, 0) } : null
		case CODES.whole:
			return { type: 'whole', payload: body }
		case CODES.first:
			return body.length > UINT32_BYTES
				? { type: 'first', totalBytes: readUint32(body, 0), payload: body.subarray(UINT32_BYTES) }
				: null
		case CODES.more:
			return body.length > 0 ? { type: 'more', payload: body } : null
		case CODES.want:
			return parseWant(body)
		case CODES.bye:
			return parseBye(body)
		case CODES.moved:
			return body.length === 0 ? { type: 'moved' } : null
		case CODES.arrived:
			return body.length === 0 ? { type: 'arrived' } : null
		default:
			return null
	}
}

const parseWant = ([flags = 4, ...more]: Uint8Array): LinkMessage | null =>
	flags > (WANTED | HAS_DIRECT) || more.length > 0
		? null
		: { type: 'want', isWanted: (flags & WANTED) !== 0, hasDirect: (flags & HAS_DIRECT) !== 0 }

const parseBye = (body: Uint8Array): LinkMessage | null => {
	const reason = BYE_REASONS[body[0] ?? BYE_REASONS.length]
	const count = (body.length - 1) / ID_BYTES
	if (reason === undefined || !Number.isInteger(count) || count > OTHERS_MAX) return null
	return {
		type: 'bye',
		reason,
		others: Array.from(
			{ length: count },
			(_, i) => bytesToBase64url(body.subarray(1 + i * ID_BYTES, 1 + (i + 1) * ID_BYTES)) as PeerId,
		),
	}
}

/** Signals of one attempt in one parcel. */
export const SIGNALS_MAX = 64
const peerId = branded<PeerId>(text(22, ID_PATTERN))
const attemptId = text(22, ID_PATTERN)

/** Offer, answer and candidates of the attempt `id`, which the dialer named. */
const parcel = object({
	type: literal('parcel'),
	id: attemptId,
	signals: list(text(16 * 1024), SIGNALS_MAX),
	/** Missing: a channel between the two. */
	path: optional(literal('relayed')),
	/** The attempt whose open link is to be moved to this one. */
	over: optional(attemptId),
})
/** From the peer with the higher id: please dial me, by this path. */
const call = object({ type: literal('call'), path: optional(literal('relayed')) })
/** No room for another link; try these. */
const redirect = object({ type: literal('redirect'), others: list(peerId, OTHERS_MAX) })

export const signalMessage = union<Parsed<typeof parcel> | Parsed<typeof call> | Parsed<typeof redirect>>(
	parcel,
	call,
	redirect,
)
export type SignalMessage = Parsed<typeof signalMessage>

/** Null for anything that is not exactly one known message. */
export const parseSignalMessage = (data: string): SignalMessage | null => {
	try {
		return signalMessage.parse(JSON.parse(data)) ?? null
	} catch {
		return null // not JSON is one of the ways not to be a message
	}
}
