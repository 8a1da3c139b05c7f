/**
 * Seeded rooms on virtual time with the production room clock. A failure names its seed.
 */
import { describe, expect, it } from 'vitest'
import { createWorld, type Lie, type World, type WorldOptions } from './clock-sim.ts'
import { percentile } from './figures.ts'
import type { ClockWord } from './room-clock.ts'

const HOME: Omit<WorldOptions, 'seed'> = {
	oneWayMs: 40,
	asymmetryMs: 5,
	jitterMs: 3,
	loss: 0.02,
	ppm: 40,
	hasServer: true,
}
const SEEDS = [1, 2, 3, 4]
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
const room = (people: number, options: Partial<WorldOptions> = {}): World => {
	const world = createWorld({ ...HOME, seed: 1, ...options })
	for (let k = 0; k < people; k++) world.add()
	return world
}
/** Runs on and gives the spread of each second. */
const watch = (world: World, seconds: number): number[] => {
	const spreads: number[] = []
	let steps = 0
	world.run(seconds * 1_000, () => {
		if (++steps % 50 === 0) spreads.push(world.spreadMs())
	})
	return spreads
}
const epochs = ({ machines }: World) => new Set(machines.map(({ clock }) => clock.quality().epoch))
/** Seconds until all keep to one agreement and are within `ms`, and stay so. */
const mergedAfterS = (world: World, ms: number, seconds: number): number => {
	let since: number | null = null
	let steps = 0
	world.run(seconds * 1_000, () => {
		if (++steps % 10 !== 0) return
		if (epochs(world).size > 1 || world.spreadMs() > ms) since = null
		else since ??= steps / 50
	})
	return since ?? Infinity
}
const shifted =
	(by: (sinceMs: number) => number): Lie =>
	(word: ClockWord, sinceMs) =>
		word.correctionMs === null ? word : { ...word, correctionMs: word.correctionMs + by(sinceMs) }

describe('rooms of clocks in simulation', () => {
	it('[CK6] three, six and twelve stay together over uneven ways, with and without a server', () => {
		for (const people of [3, 6, 12])
			for (const hasServer of [true, false])
				for (const seed of SEEDS.slice(0, people === 12 ? 1 : 3)) {
					const world = room(people, { seed, hasServer, ppm: 100 })
					world.run(8_000)
					expect(percentile(watch(world, 40), 0.95), `seed ${String(seed)}`).toBeLessThan(18)
				}
	})
	it('[CK6] over even ways of 40 ± 10 ms with 1 % loss two are within 5 ms', () => {
		const spreads = SEEDS.flatMap((seed) => {
			const world = room(2, { seed, asymmetryMs: 0, jitterMs: 10, loss: 0.01, ppm: 20 })
			world.run(4_000)
			return watch(world, 60)
		})
		expect(percentile(spreads, 0.95)).toBeLessThan(5)
	})
	it('[CK6] jitter of 20 ms is borne', () => {
		const world = room(3, { jitterMs: 20 })
		world.run(8_000)
		expect(percentile(watch(world, 60), 0.95)).toBeLessThan(20)
	})
	it('[CK6] who joins is in step within two seconds and moves nobody; who leaves neither', () => {
		for (const seed of SEEDS) {
			const world = room(3, { seed, hasServer: false })
			world.run(20_000)
			const before = world.offsets()
			const joiner = world.add()
			world.run(2_000)
			expect(world.spreadMs(), `seed ${String(seed)}`).toBeLessThan(20)
			expect(Math.max(...before.map((ms, k) => Math.abs(ms - (world.offsets()[k] ?? 0))))).toBeLessThan(2)
			world.remove(joiner)
			world.run(2_000)
			expect(world.spreadMs()).toBeLessThan(18)
		}
	})
	it('[CK15] joiners of a room whose time is not the server’s never show another, and move once', () => {
		for (const seed of SEEDS)
			for (const offsetMs of [-98_000, 98_000])
				for (const isPlaying of [true, false]) {
					const world = createWorld({ ...HOME, seed })
					world.isPlaying = isPlaying
					world.server('away')
					const first = world.add({ offsetMs })
					world.run(9_000)
					first.clock.settle()
					const joiners = [0, 1, 2].map((k) => world.add({ linkedAfterMs: 700 + 400 * k }))
					world.server('up')
					const last = joiners.map(({ clock, local }) => clock.nowMs() - local())
					const steps = [0, 0, 0]
					world.run(20_000, () => {
						for (const [k, { clock, local }] of joiners.entries()) {
							if (!clock.quality().isKnown) continue
							const name = `seed ${String(seed)} of ${String(offsetMs)}`
							expect(Math.abs(clock.nowMs() - first.clock.nowMs()), name).toBeLessThan(50)
							const now = clock.nowMs() - local()
							if (Math.abs(now - (last[k] ?? now)) > 20) steps[k] = (steps[k] ?? 0) + 1
							last[k] = now
						}
					})
					expect(steps).toEqual([1, 1, 1])
					expect(world.spreadMs()).toBeLessThan(20)
					expect(Math.abs(first.clock.nowMs() - world.nowMs() - offsetMs)).toBeLessThan(50)
				}
	})
	it('[CK7] two groups that meet do not meet half-way: the larger one stays, and of equals the older', () => {
		for (const [first, second, stays] of [
			[3, 5, 'b'],
			[5, 3, 'a'],
			[4, 4, 'a'],
			[1, 3, 'b'],
			[1, 1, 'a'],
		] as const)
			for (const seed of SEEDS) {
				const world = createWorld({ ...HOME, seed, hasServer: false, ppm: 10 })
				for (let k = 0; k < first; k++) world.add({ group: 'a', offsetMs: k })
				world.run(5_000)
				for (let k = 0; k < second; k++) world.add({ group: 'b', offsetMs: 700 + k })
				world.run(5_000)
				world.link('all')
				expect(mergedAfterS(world, 20, 15), `${String([first, second])} seed ${String(seed)}`).toBeLessThan(5)
				expect(Math.abs(mean(world.offsets()) - (stays === 'a' ? 0 : 700))).toBeLessThan(25)
			}
	})
	it('[CK7] three groups at once become one, over single links too', () => {
		for (const seed of SEEDS) {
			const world = createWorld({ ...HOME, seed, hasServer: false, ppm: 10 })
			for (const [group, people, offsetMs] of [
				['a', 3, 0],
				['b', 3, 800],
				['c', 3, -500],
			] as const) {
				for (let k = 0; k < people; k++) world.add({ group, offsetMs: offsetMs + k })
				world.run(3_000)
			}
			const [a1, a2, , b1, , , c1] = world.machines
			if (!a1 || !a2 || !b1 || !c1) throw new Error('nobody there')
			world.link([
				[a1, b1],
				[a2, c1],
			])
			expect(mergedAfterS(world, 40, 30), `seed ${String(seed)}`).toBeLessThan(20)
			world.link('all')
			expect(mergedAfterS(world, 25, 15), `seed ${String(seed)}`).toBeLessThan(12)
		}
	})
	it('[CK7] while the film plays a small difference is slewed away, not stepped', () => {
		const world = createWorld({ ...HOME, seed: 1, hasServer: false, asymmetryMs: 0, ppm: 0 })
		for (let k = 0; k < 3; k++) world.add({ group: 'a', offsetMs: 0 })
		world.run(5_000)
		const two = [0, 1].map(() => world.add({ group: 'b', offsetMs: 12 }))
		world.run(5_000)
		world.link('all')
		let fastest = 0
		let last = two.map(({ clock, local }) => clock.nowMs() - local())
		world.run(40_000, () => {
			const now = two.map(({ clock, local }) => clock.nowMs() - local())
			for (const [k, ms] of now.entries()) fastest = Math.max(fastest, Math.abs(ms - (last[k] ?? ms)) / 20)
			last = now
		})
		expect(world.spreadMs()).toBeLessThan(4)
		expect(fastest).toBeLessThanOrEqual(501e-6)
	})
	it('[CK7] parts of a room that both see the server come back to a common time unaided', () => {
		const world = createWorld({ ...HOME, seed: 3, ppm: 60 })
		for (let k = 0; k < 6; k++) world.add({ group: k < 3 ? 'a' : 'b' })
		world.run(120_000)
		expect(world.spreadMs()).toBeLessThan(18)
		world.link('all')
		expect(mergedAfterS(world, 18, 20)).toBeLessThan(8)
	})
	it('[CK4] a neighbour that lies about its clock does not move three honest ones', () => {
		const lies: Record<string, Lie> = {
			small: shifted(() => 10),
			large: shifted(() => 5_000),
			drifting: shifted((sinceMs) => sinceMs * 500e-6),
			jumping: shifted((sinceMs) => (Math.floor(sinceMs / 7_000) % 2 === 0 ? -200 : 200)),
			crowd: (word) => ({
				...word,
				correctionMs: (word.correctionMs ?? 0) + 3_000,
				epoch: 1,
				members: 0xffff,
			}),
		}
		for (const [name, lie] of Object.entries(lies)) {
			const world = room(3, { seed: 2 })
			world.run(10_000)
			const before = mean(world.offsets())
			world.add({ lie })
			world.run(60_000)
			expect(world.spreadMs(), name).toBeLessThan(15)
			expect(Math.abs(mean(world.offsets()) - before), name).toBeLessThan(6)
		}
	})
	it('[CK4] without a server the room may be led, all together and no faster than a bad quartz', () => {
		const world = room(3, { seed: 2, hasServer: false })
		world.run(10_000)
		const before = mean(world.offsets())
		world.add({ lie: shifted(() => 10) })
		world.run(60_000)
		expect(world.spreadMs()).toBeLessThan(15)
		expect(Math.abs(mean(world.offsets()) - before)).toBeLessThan(60_000 * 300e-6 + 10)
	})
	it('[CK5] a server that was started with another time does not make a room jump', () => {
		const world = room(3)
		world.run(20_000)
		const before = mean(world.offsets())
		world.server('up', 4_000)
		world.run(60_000)
		expect(world.spreadMs()).toBeLessThan(18)
		expect(Math.abs(mean(world.offsets()) - before)).toBeLessThan(60_000 * 300e-6 + 20)
		// Somebody who comes hears the server first, and then the room.
		world.add()
		world.run(4_000)
		expect(world.spreadMs()).toBeLessThan(20)
	})
	it('[CK5] whoever is alone takes the server’s time while nothing plays', () => {
		const world = createWorld({ ...HOME, seed: 1 })
		const alice = world.add({ offsetMs: 90_000, ppm: 0 })
		world.server('away')
		world.run(10_000)
		expect(alice.clock.nowMs() - world.nowMs()).toBeCloseTo(90_000)
		world.server('up')
		world.run(5_000)
		expect(Math.abs(alice.clock.nowMs() - world.nowMs())).toBeLessThan(15)
		// Now it is known; a film that plays is not moved by a server that has another idea.
		world.server('up', 5_000)
		world.run(5_000)
		expect(Math.abs(alice.clock.nowMs() - world.nowMs())).toBeLessThan(30)
		world.isPlaying = false
		world.run(15_000)
		expect(Math.abs(alice.clock.nowMs() - world.nowMs() - 5_000)).toBeLessThan(15)
	})
	it('[CK8] a machine that slept is back in step within seconds and moves nobody', () => {
		for (const hasServer of [true, false])
			for (const people of [2, 3]) {
				const world = room(people, { seed: 5, hasServer })
				world.run(20_000)
				const [sleeper, ...others] = world.machines
				const before = others.map(({ clock }) => clock.nowMs() - world.nowMs())
				sleeper?.sleep(90_000)
				world.run(98_000)
				expect(world.spreadMs(), String([people, hasServer])).toBeLessThan(20)
				for (const [k, { clock }] of others.entries())
					expect(Math.abs(clock.nowMs() - world.nowMs() - (before[k] ?? 0))).toBeLessThan(15)
			}
	})
	it('[CK8] a wall clock that was only set throws nothing away', () => {
		const world = room(3)
		world.run(40_000)
		const [alice] = world.machines
		if (!alice) throw new Error('nobody there')
		const before = alice.clock.nowMs() - world.nowMs()
		for (const ms of [3_600_000, -150, 200]) {
			alice.setWall(ms)
			let didJump = false
			world.run(1_500, () => {
				didJump ||= alice.clock.quality().epoch === 0
			})
			expect(didJump).toBe(false)
			world.run(5_000)
			expect(alice.clock.word().correctionMs).not.toBeNull()
		}
		expect(Math.abs(alice.clock.nowMs() - world.nowMs() - before)).toBeLessThan(5)
	})
})
