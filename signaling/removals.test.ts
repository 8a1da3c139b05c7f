import { describe, expect, it } from 'vitest'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import { createRemovals } from './removals.ts'

const room = 'room' as RoomId
const bob = 'g_bob' as SubjectId

const setUp = () => {
	const store = { removed: new Set<string>(), isAway: false }
	const faults: unknown[] = []
	const removals = createRemovals({
		store: {
			rooms: {
				isRemoved: (id, subject) =>
					store.isAway
						? Promise.reject(new Error('away'))
						: Promise.resolve(store.removed.has(`${id} ${subject}`)),
			},
		},
		onFault: (error) => faults.push(error),
	})
	return { store, faults, removals }
}

describe('who was removed', () => {
	it('[SG46] is what the store says, for each room apart', async () => {
		const { store, removals } = setUp()
		store.removed.add(`${room} ${bob}`)
		expect(await removals.isRemoved(room, bob)).toBe(true)
		expect(await removals.isRemoved('other' as RoomId, bob)).toBe(false)
	})

	it('[SG46] is what was last heard while the store is away, and that is told', async () => {
		const { store, faults, removals } = setUp()
		store.removed.add(`${room} ${bob}`)
		await removals.isRemoved(room, bob)
		store.isAway = true
		expect(await removals.isRemoved(room, bob)).toBe(true)
		expect(await removals.isRemoved(room, 'g_alice' as SubjectId)).toBe(false)
		expect(faults).toHaveLength(2)
	})

	it('[SG46] follows what this process does, at once, and another process’s letting in', async () => {
		const { store, removals } = setUp()
		removals.note(room, bob, true)
		expect(removals.isKnown(room, bob)).toBe(true)
		removals.note(room, bob, false)
		expect(removals.isKnown(room, bob)).toBe(false)
		removals.note(room, bob, true)
		expect(await removals.isRemoved(room, bob)).toBe(false)
		expect(removals.isKnown(room, bob)).toBe(false)
		expect(store.removed.size).toBe(0)
	})

	it('[SG46] is not forgotten by an answer of the store that is older than the removal', async () => {
		const { removals } = setUp()
		const asked = removals.isRemoved(room, bob)
		removals.note(room, bob, true)
		expect(await asked).toBe(true)
		expect(removals.isKnown(room, bob)).toBe(true)
	})

	it('[SG46] is remembered for the last ten thousand', () => {
		const { removals } = setUp()
		for (let i = 0; i <= 10_000; i++) removals.note(room, `g_${String(i)}` as SubjectId, true)
		expect(removals.isKnown(room, 'g_0' as SubjectId)).toBe(false)
		expect(removals.isKnown(room, 'g_1' as SubjectId)).toBe(true)
		expect(removals.isKnown(room, 'g_10000' as SubjectId)).toBe(true)
	})
})
