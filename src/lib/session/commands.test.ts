/**
 * What is added while the room runs out of films, and what is done to one that waits.
 */
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { NewItem, VectorChange } from '#lib/core/room.ts'
import type { DeviceId, ItemId } from '#lib/core/units.ts'
import { createCommands, type CommandsDeps } from './commands.ts'

const film: NewItem = { media: { kind: 'file', url: 'https://a.example/b.mp4' }, title: 'Film' }
const added = 'me.2' as ItemId

/** A room in which a film is on, or nothing; what is written to it arrives when the test says so. */
const openRoom = (isOn: boolean, durationS: number | null = 60) => {
	const current = isOn
		? { id: 'me.1' as ItemId, durationS, media: { kind: 'file', url: 'https://films.example/1.mp4' } }
		: null
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId: current?.id ?? null, isPlaying: isOn }
	let failure: object | null = null
	const played: ItemId[] = []
	const written: VectorChange[] = []
	let arrive: () => void = () => undefined
	const commands = createCommands({
		room: {
			state: () => ({ queue: { current, next: [], earlier: [] } }),
			playback: {
				set: async (change: VectorChange) => {
					written.push(change)
					return { type: 'done' }
				},
			},
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
		vector: () => vector,
		driver: { view: () => ({ failure, durationS }) },
		roomNow: () => 1_000,
		startDelayMs: () => 300,
		titles: { note: () => undefined },
	} as unknown as CommandsDeps)
	return {
		commands,
		played,
		written,
		add: () => commands.addItem(film, 'end'),
		arrive: () => arrive(),
		change: (next: Partial<PlaybackVector>) => (vector = { ...vector, ...next }),
		fail: () => (failure = {}),
	}
}

describe('a video that is added', () => {
	it('[SS84] plays where nothing is on', async () => {
		const { add, arrive, played } = openRoom(false)
		const adding = add()
		arrive()
		expect(await adding).toMatchObject({ type: 'added', item: added })
		expect(played).toEqual([added])
	})

	it('[SS84] waits its turn behind another, also one that somebody pauses meanwhile', async () => {
		for (const change of [{}, { isPlaying: false, positionS: 12 }]) {
			const room = openRoom(true)
			const adding = room.add()
			room.change(change)
			room.arrive()
			await adding
			expect(room.played).toEqual([])
		}
	})

	it('[SS84] plays too where the last one ended while it was being added', async () => {
		const { add, arrive, change, played } = openRoom(true)
		const adding = add()
		change({ isPlaying: false, positionS: 60 })
		arrive()
		await adding
		expect(played).toEqual([added])
	})

	it('[SS84] plays too where the last one could not be played, and was skipped while it was being added', async () => {
		const { add, arrive, change, fail, played } = openRoom(true, null)
		fail()
		const adding = add()
		change({ isPlaying: false, positionS: 1 })
		arrive()
		await adding
		expect(played).toEqual([added])
	})

	it('[SS84] waits where the last one was over before', async () => {
		const { add, arrive, change, played } = openRoom(true)
		change({ isPlaying: false, positionS: 60 })
		const adding = add()
		arrive()
		await adding
		expect(played).toEqual([])
	})
})

describe('a film that waits for somebody', () => {
	const waiting = {
		isPlaying: false,
		positionS: 12,
		cause: { type: 'wait', device: 'bob' as DeviceId },
	} as const

	it('[SS85] goes on from where somebody seeks to, and at the speed they choose', () => {
		const { commands, change, written } = openRoom(true)
		change(waiting)
		commands.seek(40)
		commands.setRate(1.5)
		expect(written).toMatchObject([
			{ isPlaying: true, positionS: 40, rate: 1 },
			{ isPlaying: true, positionS: 12, rate: 1.5 },
		])
	})

	it('[SS85] stands where somebody pauses it, and where it stood already', () => {
		const { commands, change, written } = openRoom(true)
		change(waiting)
		commands.pause()
		change({ cause: { type: 'user' } })
		commands.seek(40)
		expect(written).toMatchObject([
			{ isPlaying: false, positionS: 12 },
			{ isPlaying: false, positionS: 40 },
		])
	})
})
