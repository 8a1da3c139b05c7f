/**
 * A visited room as it lies on the disk: read back through a schema, because a disk is input too.
 */
import { branded, integer, list, nullable, object, optional, real, text } from '#lib/core/schema.ts'
import { ID_PATTERN, type ItemId, type RoomId } from '#lib/core/units.ts'
import type { VisitedRoom } from './storage.ts'

const visitedRoom = object({
	roomId: branded<RoomId>(text(22, ID_PATTERN)),
	code: text(64),
	title: text(1_000),
	visitedAtMs: real(0, 8.64e15),
	lastItem: nullable(
		object({
			id: branded<ItemId>(text(128)),
			title: text(4_096),
			positionS: real(0, 1e9),
		}),
	),
	queueLength: integer(0, 1_000_000),
	people: list(object({ name: text(256), seat: integer(0, 64) }), 6),
	sealedRoot: text(16_384),
	passwordSecret: optional(text(43, /^[A-Za-z0-9_-]{43}$/)),
	docId: optional(branded<RoomId>(text(22, ID_PATTERN))),
	movedTo: optional(text(64)),
})

/** Null where the stored value is no visited room (any more). */
export const parseVisitedRoom = (stored: unknown): VisitedRoom | null => visitedRoom.parse(stored) ?? null

/** Most recent first. */
export const byVisit = (a: VisitedRoom, b: VisitedRoom): number => b.visitedAtMs - a.visitedAtMs
