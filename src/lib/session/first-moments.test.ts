/**
 * What a room just opened does not know yet, on a clock of the test's own.
 */
import { describe, expect, it } from 'vitest'
import { EMPTY_VECTOR } from '#lib/core/playback.ts'
import type { ConnectionView } from '#lib/core/view.ts'
import { createFirstMoments, type FirstMomentsDeps } from './first-moments.ts'

type Heard = Parameters<Parameters<FirstMomentsDeps['sync']['on']>[0]>[0]

const openRoom = () => {
	let now = 1_000_000
	let tasks: { atMs: number; fn: () => void }[] = []
	const world = {
		isKnown: false,
		settled: 0,
		server: 'connecting' as ConnectionView['server'],
		state: 'connecting' as ConnectionView['state'],
		others: 0,
		links: 0,
		isPickUpOpen: true,
		/** What was written to the room. */
		set: [] as unknown[],
	}
	let hear: (event: Heard) => void = () => undefined
	const moments = createFirstMoments({
		room: {
			state: () => ({ playback: { ...EMPTY_VECTOR, isPlaying: true } }),
			playback: { set: async (vector: unknown) => void world.set.push(vector) },
		} as unknown as FirstMomentsDeps['room'],
		clock: {
			nowMs: () => now,
			quality: () => ({ isKnown: world.isKnown }) as never,
			settle: () => void world.settled++,
		},
		network: {
			connection: () => ({ server: world.server, state: world.state }) as ConnectionView,
			others: () => world.others,
		},
		links: () => world.links,
		sync: { on: (fn) => ((hear = fn), () => undefined) },
		pickUp: {
			vector: (vector) => vector,
			someoneIsHere: () => (world.isPickUpOpen = false),
			nobodyIsHere: () => {
				world.isPickUpOpen = false
				return { positionS: 42 }
			},
			isOpen: () => world.isPickUpOpen,
		},
		localNowMs: () => now,
		timers: {
			after: (ms, fn) => {
				tasks.push({ atMs: now + ms, fn })
				return () => undefined
			},
		},
	})
	const pass = async (ms: number) => {
		for (const endMs = now + ms; now < endMs;) {
			now += 10
			const due = tasks.filter(({ atMs }) => atMs <= now)
			tasks = tasks.filter(({ atMs }) => atMs > now)
			for (const { fn } of due) fn()
			await Promise.resolve()
			await Promise.resolve()
		}
	}
	return { world, moments, pass, hear: (event: Heard) => hear(event) }
}
const isDone = (promise: Promise<void>) => {
	let done = false
	void promise.then(() => (done = true))
	return () => done
}

describe('a room just opened', () => {
	it('[SS83] waits for the room’s time while somebody may tell it, eight seconds at most, then takes its own', async () => {
		const known = openRoom()
		const whenKnown = isDone(known.moments.whenTimeIsKnown())
		await known.pass(3_000)
		expect(whenKnown()).toBe(false)
		known.world.isKnown = true
		await known.pass(50)
		expect([whenKnown(), known.world.settled]).toEqual([true, 0])

		const untold = openRoom()
		const whenUntold = isDone(untold.moments.whenTimeIsKnown())
		await untold.pass(7_900)
		expect(whenUntold()).toBe(false)
		await untold.pass(200)
		expect([whenUntold(), untold.world.settled]).toEqual([true, 1])
	})

	it('[SS83] does not wait where nobody can tell it', async () => {
		const { world, moments, pass } = openRoom()
		world.server = 'away'
		const done = isDone(moments.whenTimeIsKnown())
		await pass(50)
		expect([done(), world.settled]).toEqual([true, 1])
	})

	it('[SS83] takes nothing for news before it has read in what others have', async () => {
		const alone = openRoom()
		await alone.pass(3_900)
		expect(alone.moments.isCaughtUp()).toBe(false)
		await alone.pass(200)
		expect(alone.moments.isCaughtUp()).toBe(true)
		const met = openRoom()
		await met.pass(500)
		met.hear({ type: 'first-sync' } as Heard)
		await met.pass(900)
		expect(met.moments.isCaughtUp()).toBe(false)
		await met.pass(200)
		expect(met.moments.isCaughtUp()).toBe(true)
	})

	it('[SS22] sets a film down once it is clear that nobody is here, and not before', async () => {
		const { world, moments, pass } = openRoom()
		await pass(5_000)
		moments.setDownIfEmpty()
		world.state = 'alone'
		world.others = 1
		moments.setDownIfEmpty()
		expect(world.set).toEqual([])
		world.others = 0
		moments.setDownIfEmpty()
		moments.setDownIfEmpty()
		expect(world.set).toMatchObject([{ positionS: 42, isPlaying: false }])

		const early = openRoom()
		early.world.state = 'alone'
		await early.pass(3_000)
		early.moments.setDownIfEmpty()
		expect(early.world.set).toEqual([])
		early.hear({ type: 'synced' } as Heard)
		await early.pass(3_000)
		early.moments.setDownIfEmpty()
		expect(early.world.set).toEqual([])
	})
})
