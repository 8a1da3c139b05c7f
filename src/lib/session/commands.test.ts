/**
 * What is added while the room runs out of films.
 */
import { describe, expect, it } from 'vitest'
import type { NewItem } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createCommands, type CommandsDeps } from './commands.ts'

const film: NewItem = { media: { kind: 'file', url: 'https://a.example/b.mp4' }, title: 'Film' }
const added = 'me.2' as ItemId

/** A room in which `current` is on; what is written to it arrives when the test says so. */
const openRoom = (current: ItemId | null) => {
	const queue = { current: current === null ? null : { id: current }, next: [], earlier: [] }
	const played: ItemId[] = []
	let arrive: () => void = () => undefined
	const commands = createCommands({
		room: {
			state: () => ({ queue }),
			queue: {
				add: () =>
					new Promise((resolve) => {
						arrive = () => resolve({ type: 'done', item: added })
					}),
				playNow: async (item: ItemId) => {
					played.push(item)
					return { type: 'done' }
				},
			},
		},
		roomNow: () => 1_000,
		startDelayMs: () => 300,
		titles: { note: () => undefined },
	} as unknown as CommandsDeps)
	return {
		played,
		add: () => commands.addItem(film, 'end'),
		arrive: () => arrive(),
		/** Skipped, or over. */
		runOut: () => (queue.current = null),
	}
}

describe('a video that is added', () => {
	it('[SS84] plays where nothing is on', async () => {
		const { add, arrive, played } = openRoom(null)
		const adding = add()
		arrive()
		expect(await adding).toMatchObject({ type: 'added', item: added })
		expect(played).toEqual([added])
	})

	it('[SS84] waits its turn behind another', async () => {
		const { add, arrive, played } = openRoom('me.1' as ItemId)
		const adding = add()
		arrive()
		await adding
		expect(played).toEqual([])
	})

	it('[SS84] plays too where the last one was skipped or ended while it was being added', async () => {
		const { add, arrive, runOut, played } = openRoom('me.1' as ItemId)
		const adding = add()
		runOut()
		arrive()
		await adding
		expect(played).toEqual([added])
	})
})
