/**
 * The store that forgets: for tests.
 */
import type { RoomId } from '#lib/core/units.ts'
import type { SigningKey, Store } from './store.ts'

export const createMemoryStore = (): Store => {
	let key: SigningKey | null = null
	const roots = new Map<RoomId, string>()
	return {
		signingKey: (offered) => Promise.resolve((key ??= offered)),
		putRoom(room, root) {
			const known = roots.get(room)
			if (known === undefined) roots.set(room, root)
			return Promise.resolve(known === undefined ? 'created' : known === root ? 'same' : 'taken')
		},
		root: (room) => Promise.resolve(roots.get(room) ?? null),
		close: () => Promise.resolve(),
	}
}
