/**
 * Who was removed from which room: the store's word, and while the store is away what this process saw of it.
 * Sockets of a live room must be able to come back meanwhile, so whoever is not known to be removed may.
 */
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import type { RemovalNote } from './elsewhere.ts'
import type { Store } from './store/store.ts'

/** Removals remembered for when the store is away; the oldest is forgotten first. */
const KNOWN_MAX = 10_000

export type Removals = ReturnType<typeof createRemovals>

export const createRemovals = (deps: {
	readonly store: { readonly rooms: Pick<Store['rooms'], 'isRemoved'> }
	readonly onFault: (error: unknown) => void
	/** Told of what this process did, for the others. */
	readonly tell?: (note: RemovalNote) => void
}) => {
	const known = new Set<string>()
	const keyOf = (room: RoomId, subject: SubjectId): string => `${room} ${subject}`

	/** Counts what this process did, so that an answer of the store from before does not undo it. */
	let changes = 0

	const remember = (room: RoomId, subject: SubjectId, isRemoved: boolean): void => {
		const key = keyOf(room, subject)
		known.delete(key)
		if (!isRemoved) return
		known.add(key)
		if (known.size > KNOWN_MAX) for (const oldest of known) return void known.delete(oldest)
	}
	const isKnown = (room: RoomId, subject: SubjectId): boolean => known.has(keyOf(room, subject))

	return {
		/** What this process did just now. */
		note(room: RoomId, subject: SubjectId, isRemoved: boolean): void {
			changes++
			remember(room, subject, isRemoved)
			deps.tell?.({ room, subject, isRemoved })
		},
		/** What another process did just now. */
		heard({ room, subject, isRemoved }: RemovalNote): void {
			changes++
			remember(room, subject, isRemoved)
		},
		/** Without asking the store: for the moment between asking it and acting. */
		isKnown,
		/** Never rejects. */
		async isRemoved(room: RoomId, subject: SubjectId): Promise<boolean> {
			const before = changes
			try {
				const isRemoved = await deps.store.rooms.isRemoved(room, subject)
				if (changes !== before) return isRemoved || isKnown(room, subject)
				remember(room, subject, isRemoved)
				return isRemoved
			} catch (error) {
				deps.onFault(error)
				return isKnown(room, subject)
			}
		},
	}
}
