/**
 * What every store must do; each adapter's test runs it.
 */
import { describe, expect, it } from 'vitest'
import type { RoomId } from '#lib/core/units.ts'
import type { SigningKey, Store } from './store.ts'

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId
const other = 'BBBBBBBBBBBBBBBBBBBBBA' as RoomId
const key = (kid: string): SigningKey => ({ kid, privateJwk: `{"kid":"${kid}"}` })

/** `open` gives a store with nothing in it. */
export const describeStore = (name: string, open: () => Store): void => {
	const withStore = async (use: (store: Store) => Promise<void>): Promise<void> => {
		const store = open()
		try {
			await use(store)
		} finally {
			await store.close()
		}
	}

	describe(`${name} as a store`, () => {
		it('[SG16] keeps the first root of a room and no other', () =>
			withStore(async (store) => {
				expect(await store.putRoom(room, 'first', 1)).toBe('created')
				expect(await store.putRoom(room, 'second', 2)).toBe('taken')
				expect(await store.root(room)).toBe('first')
			}))

		it('[SG16] takes the same root twice as one', () =>
			withStore(async (store) => {
				await store.putRoom(room, 'first', 1)
				expect(await store.putRoom(room, 'first', 2)).toBe('same')
			}))

		it('[SG16] keeps rooms apart and knows nothing of a room nobody made', () =>
			withStore(async (store) => {
				await store.putRoom(room, 'first', 1)
				expect(await store.root(other)).toBeNull()
				expect(await store.putRoom(other, 'first', 1.5)).toBe('created')
			}))

		it('[SG17] keeps the first key it is offered', () =>
			withStore(async (store) => {
				expect(await store.signingKey(key('a'))).toEqual(key('a'))
				expect(await store.signingKey(key('b'))).toEqual(key('a'))
			}))

		it('may be closed twice', () =>
			withStore(async (store) => {
				await store.close()
				await store.close()
			}))
	})
}
