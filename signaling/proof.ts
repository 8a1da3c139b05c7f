/**
 * The device's signature that stands behind each request for a token or a ticket.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { ID_BYTES, type DeviceId } from '#lib/core/units.ts'
import type { DeviceJwk } from '#lib/protocol/http.ts'

/** How far a request's time may be from ours: clocks differ, and a proof must not be good for long. */
export const PROOF_WINDOW_MS = 5 * 60_000

export const identityProofText = (audience: string, atMs: number, name: string): string =>
	`matinee-identity-1|${audience}|${String(atMs)}|${name}`

export const ticketProofText = (audience: string, room: string, peer: string, atMs: number): string =>
	`matinee-ticket-1|${audience}|${room}|${peer}|${String(atMs)}`

/** What the owner's device signs when a room is registered: that it, and `subject`, may give orders about it. */
export const ownerProofText = (room: string, subject: string): string =>
	`matinee-room-owner-1|${room}|${subject}`

/** `order`: the JSON text as it travels, so that nobody argues about spelling. */
export const orderProofText = (audience: string, room: string, atMs: number, order: string): string =>
	`matinee-order-1|${audience}|${room}|${String(atMs)}|${order}`

/** The bytes, or null where the text is not their one canonical spelling. */
const bytesOf = (base64url: string): Buffer | null => {
	const bytes = Buffer.from(base64url, 'base64url')
	return bytes.toString('base64url') === base64url ? bytes : null
}

/** base64url(SHA-256(public key)[0..16]); null where `x` is not the one canonical text of 32 bytes. */
export const deviceOf = (jwk: DeviceJwk): DeviceId | null => {
	const raw = bytesOf(jwk.x)
	if (raw?.length !== 32) return null
	return createHash('sha256').update(raw).digest().subarray(0, ID_BYTES).toString('base64url') as DeviceId
}

/** RFC 7638: the hash of the key's required members in order. */
export const thumbprintOf = (jwk: DeviceJwk): string =>
	createHash('sha256').update(`{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}"}`).digest('base64url')

/** Never throws: a malformed key or signature is `false`. */
export const isSignedBy = (jwk: DeviceJwk, message: string, signature: string): boolean => {
	const bytes = bytesOf(signature)
	if (bytes?.length !== 64) return false
	try {
		const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' })
		return verify(null, Buffer.from(message), key, bytes)
	} catch {
		return false // OpenSSL refuses the key: not a key
	}
}
