/**
 * Relay frames: binary WebSocket frames on `/ws` that bring sealed bytes from one member to others through the server.
 * The layout and its limits, for both ends; what the bytes are is known to the two members alone.
 */
import { base64urlToBytes, bytesToBase64url } from '#lib/core/base64url.ts'
import { ID_BYTES, type PeerId } from '#lib/core/units.ts'

/** A WebSocket frame, either way. */
export const RELAY_FRAME_MAX_BYTES = 64 * 1024
/** Recipients, or messages to one of them, in one frame. */
export const RELAY_PARCELS_MAX = 64
/** What a frame and each parcel in it cost beyond their bytes: small ones are work too. */
export const RELAY_PARCEL_COST = 64

/** As text, for the hash that pins the protocol. */
export const RELAY_LAYOUT =
	'to the server: u8 kind=1 | u8 count | count × (16 B peer | u32 length | bytes); ' +
	`to a member: u8 kind=1 | 16 B sender | bytes; at most ${String(RELAY_FRAME_MAX_BYTES)} B, ${String(RELAY_PARCELS_MAX)} parcels`

const KIND = 1
const HEAD_BYTES = 2
const LENGTH_BYTES = 4
const PARCEL_HEAD_BYTES = ID_BYTES + LENGTH_BYTES
/** Before the bytes, on their way to the recipient. */
const DELIVERY_HEAD_BYTES = 1 + ID_BYTES

export interface RelayParcel {
	readonly to: PeerId
	readonly bytes: Uint8Array
}

/** What a parcel takes of a frame. */
export const relayParcelBytes = (bytes: Uint8Array): number => PARCEL_HEAD_BYTES + bytes.length
/** What a frame takes of what a socket may send. */
export const relayCost = (frameBytes: number, parcels: number): number =>
	frameBytes + RELAY_PARCEL_COST * parcels

/** The most that one parcel can carry. */
export const RELAY_BYTES_MAX = RELAY_FRAME_MAX_BYTES - HEAD_BYTES - PARCEL_HEAD_BYTES

/** The caller keeps to the limits; ids are parsed before they get here. */
export const encodeRelayFrame = (parcels: readonly RelayParcel[]): Uint8Array<ArrayBuffer> => {
	const size = parcels.reduce((sum, { bytes }) => sum + relayParcelBytes(bytes), HEAD_BYTES)
	if (size > RELAY_FRAME_MAX_BYTES || parcels.length > RELAY_PARCELS_MAX)
		throw new Error('more than a relay frame holds')
	const out = new Uint8Array(size)
	const view = new DataView(out.buffer)
	out[0] = KIND
	out[1] = parcels.length
	let at = HEAD_BYTES
	for (const { to, bytes } of parcels) {
		const id = base64urlToBytes(to)
		if (id?.length !== ID_BYTES) throw new Error('no peer id')
		out.set(id, at)
		view.setUint32(at + ID_BYTES, bytes.length)
		out.set(bytes, at + PARCEL_HEAD_BYTES)
		at += PARCEL_HEAD_BYTES + bytes.length
	}
	return out
}

export interface RelayDelivery {
	readonly to: PeerId
	/** As the recipient gets it: a part of the frame that came in, not a copy. */
	readonly frame: Uint8Array
}

const readId = (bytes: Uint8Array, at: number): PeerId =>
	bytesToBase64url(bytes.subarray(at, at + ID_BYTES)) as PeerId

/**
 * For the server: what each recipient is sent. `frame` is used up: `from` (16 bytes) is written into it, in the place
 * of each recipient's id and length, so that nothing is copied. Null, and nothing written, for what is no relay frame.
 */
export const forwardRelayFrame = <Frame extends Uint8Array>(
	frame: Frame,
	from: Uint8Array,
	idAt: (frame: Frame, at: number) => PeerId = readId,
): RelayDelivery[] | null => {
	const count = frame[1] ?? 0
	if (frame[0] !== KIND || count === 0 || count > RELAY_PARCELS_MAX || frame.length > RELAY_FRAME_MAX_BYTES)
		return null
	const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
	/** Where each parcel's bytes end; all of them before anything is written. */
	const ends: number[] = []
	let at = HEAD_BYTES
	for (let i = 0; i < count; i++) {
		if (at + PARCEL_HEAD_BYTES >= frame.length) return null // no parcel is empty
		const length = view.getUint32(at + ID_BYTES)
		at += PARCEL_HEAD_BYTES + length
		if (length === 0 || at > frame.length) return null
		ends.push(at)
	}
	if (at !== frame.length) return null
	at = HEAD_BYTES
	return ends.map((end) => {
		const to = idAt(frame, at)
		const start = at + PARCEL_HEAD_BYTES - DELIVERY_HEAD_BYTES
		frame[start] = KIND
		frame.set(from, start + 1)
		at = end
		return { to, frame: frame.subarray(start, end) }
	})
}

/** What the server brought; null for what is no relay frame. `bytes` is a view, not a copy. */
export const parseRelayDelivery = (
	frame: Uint8Array,
): { readonly from: PeerId; readonly bytes: Uint8Array } | null =>
	frame[0] === KIND && frame.length > DELIVERY_HEAD_BYTES && frame.length <= RELAY_FRAME_MAX_BYTES
		? { from: readId(frame, 1), bytes: frame.subarray(DELIVERY_HEAD_BYTES) }
		: null
