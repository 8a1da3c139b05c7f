/**
 * How a device's counts of seqs are kept: a number for each room or, where a changed lock has made one room of
 * another, whose count it shares. Joined counts never part again, so no number is given twice for either.
 */
import type { RoomId } from '#lib/core/units.ts'

export type Count = number | { readonly sharedWith: RoomId }

export interface Counter {
	/** Where the number itself stands. */
	readonly id: RoomId
	readonly last: number
}

export const isCount = (stored: unknown): stored is Count =>
	typeof stored === 'number' ||
	(typeof stored === 'object' &&
		stored !== null &&
		'sharedWith' in stored &&
		typeof stored.sharedWith === 'string')

type Maybe<T> = T | undefined

/** Follows from room to room to the number. Answers at once where `stored` does. */
export function counterOf(roomId: RoomId, stored: (id: RoomId) => Maybe<Count>): Counter
export function counterOf(roomId: RoomId, stored: (id: RoomId) => Promise<Maybe<Count>>): Promise<Counter>
export function counterOf(
	roomId: RoomId,
	stored: (id: RoomId) => Maybe<Count> | Promise<Maybe<Count>>,
): Counter | Promise<Counter> {
	const look = (id: RoomId): Counter | Promise<Counter> => {
		const count = stored(id)
		return count instanceof Promise ? count.then((found) => step(id, found)) : step(id, count)
	}
	// Counts are only joined from number to number, so this ends.
	const step = (id: RoomId, count: Maybe<Count>): Counter | Promise<Counter> =>
		typeof count === 'object' ? look(count.sharedWith) : { id, last: count ?? 0 }
	return look(roomId)
}

/** What to write so that both count as one from now on. */
export const carry = (from: Counter, to: Counter): readonly (readonly [RoomId, Count])[] =>
	from.id === to.id
		? []
		: [
				[to.id, Math.max(from.last, to.last)],
				[from.id, { sharedWith: to.id }],
			]
