/**
 * A room's history at the server: sealed bytes that its members replace whole. Who asks says so in a header, so that
 * the server knows before it takes a body:
 *
 * GET /api/rooms/:roomId/history → 200 the bytes, 204 where `version` is what is kept, or nothing is; ETag "<version>".
 * PUT …, the bytes → 200 historyAnswer; 409 `stale-history` with the `version` that is kept; 413 too many bytes;
 * 507 `history-full`. Either: 404 for a room that keeps none and for whoever cannot show its key; 403 `removed`.
 */
import type { RoomId } from '#lib/core/units.ts'
import { base64url, jwt } from './http.ts'
import { integer, object, text, type Parsed } from './schema.ts'

export const HISTORY_HEADER = 'x-matinee-history'
export const HISTORY_TYPE = 'application/octet-stream'
/** Longer than any claim of ours. */
export const HISTORY_CLAIM_MAX_CHARS = 4_096

/** In the header, as JSON. */
export const historyClaim = object({
	token: jwt,
	/** What only members can know: base64url of 32 bytes that follow from the room's key. */
	key: text(43, /^[A-Za-z0-9_-]{43}$/),
	/** GET: what one has; PUT: what it is to replace. 0: nothing. */
	version: integer(0, 2 ** 48),
	atMs: integer(0, 8.64e15),
	/** By the device in the token, over `historyProofText`. */
	proof: base64url(86),
})
export type HistoryClaim = Parsed<typeof historyClaim>

export const historyAnswer = object({ version: integer(0, 2 ** 48) })

/** `sha256`: base64url of the body's hash; '' without a body. */
export const historyProofText = (
	audience: string,
	room: RoomId,
	method: 'GET' | 'PUT',
	version: number,
	sha256: string,
	atMs: number,
): string => `matinee-history-1|${audience}|${room}|${method}|${String(version)}|${sha256}|${String(atMs)}`
