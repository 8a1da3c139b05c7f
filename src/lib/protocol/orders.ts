/**
 * Orders about a room that the server carries out: who may remove people, who is removed, that the room has moved.
 */
import type { DeviceId, SubjectId } from '#lib/core/units.ts'
import { base64url, deviceId, jwt, MOVED_MAX_CHARS, subjectId } from './http.ts'
import { integer, list, literal, object, text, union, type Parsed } from './schema.ts'

/**
 * POST /api/rooms/:roomId/orders → 200 {}. `proof`: the device key's signature over UTF-8 of
 * `matinee-order-1|<audience>|<room>|<atMs>|<JSON text of order>`; `order` travels as that very text.
 * - operators: the whole list of subjects who may remove people; the highest version counts. Owner.
 * - remove, let-in: sockets of `subject` in this room are closed and refused, or no longer. Owner or operator; an
 *   operator not over the owner or another operator.
 * - hand-over: from now on `subject` on `device` may take the room over. Owner. take-over: by that one.
 * - moved: the sealed notes. Owner.
 * - keep-history: from now on the server keeps the room's history for whoever shows what `verifier` is the hash of
 *   (`history.ts`); drop-history: no longer, and what it has is deleted. Owner or operator.
 */
export const roomOrder = union<
	| { type: 'operators'; subjects: SubjectId[]; version: number }
	| { type: 'remove'; subject: SubjectId }
	| { type: 'let-in'; subject: SubjectId }
	| { type: 'hand-over'; subject: SubjectId; device: DeviceId }
	| { type: 'take-over' }
	| { type: 'moved'; notes: string }
	| { type: 'keep-history'; verifier: string }
	| { type: 'drop-history' }
>(
	object({ type: literal('operators'), subjects: list(subjectId, 256), version: integer(0, 2 ** 48) }),
	object({ type: literal('remove'), subject: subjectId }),
	object({ type: literal('let-in'), subject: subjectId }),
	object({ type: literal('hand-over'), subject: subjectId, device: deviceId }),
	object({ type: literal('take-over') }),
	object({ type: literal('moved'), notes: base64url(MOVED_MAX_CHARS) }),
	object({ type: literal('keep-history'), verifier: text(43, /^[A-Za-z0-9_-]{43}$/) }),
	object({ type: literal('drop-history') }),
)
export type RoomOrder = Parsed<typeof roomOrder>
export const ORDER_MAX_CHARS = MOVED_MAX_CHARS + 1_024
export const roomOrderRequest = object({
	token: jwt,
	atMs: integer(0, 8.64e15),
	order: text(ORDER_MAX_CHARS),
	proof: base64url(86),
})
