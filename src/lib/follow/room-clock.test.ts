import { describe, expect, it } from 'vitest'
import { createVirtualTime } from '#lib/players/virtual-time.ts'
import { NO_EPOCH } from './clock-epoch.ts'
import { createRoomClock, SERVER_WORD, type ClockWord, type RoomClock } from './room-clock.ts'

const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

interface Machine {
	readonly name: string
	readonly clock: RoomClock
	/** Its own monotonic clock. */
	readonly local: () => number
	/** Makes its wall clock step, as sleep does. */
	sleep(ms: number): void
}
/** Machines whose clocks are all wrong in their own way, and the ways between them. */
const createWorld = (seed: number) => {
	const random = seeded(seed)
	const time = createVirtualTime(1_700_000_000_000)
	const machines: Machine[] = []
	const isPlaying = { now: true }
	const add = (name: string, offsetMs: number, skewPpm: number): Machine => {
		const born = time.now()
		let slept = 0
		const local = () => time.now() + offsetMs + ((time.now() - born) * skewPpm) / 1e6
		const clock = createRoomClock({ local, wall: () => local() + slept })
		const machine: Machine = { name, clock, local, sleep: (ms) => (slept += ms) }
		for (const other of machines) {
			other.clock.addNode(name)
			clock.addNode(other.name)
		}
		machines.push(machine)
		return machine
	}
	const run = async (ms: number, oneWayMs: (from: string, to: string) => number) => {
		for (let i = 0; i < ms; i += 20) {
			for (const from of machines)
				for (const id of from.clock.probesDue(false)) {
					const to = machines.find(({ name }) => name === id)!
					const [out, back] = [
						oneWayMs(from.name, id) * (1 + 0.1 * random()),
						oneWayMs(id, from.name) * (1 + 0.1 * random()),
					]
					const t0 = from.local()
					time.after(out, () => {
						const [t1, word] = [to.local(), to.clock.word()]
						time.after(back, () => from.clock.answered(id, { t0, t1, t2: t1, t3: from.local() }, word))
					})
				}
			await time.advance(20)
			for (const { clock } of machines) clock.step(isPlaying.now)
		}
	}
	const spreadMs = () => {
		const times = machines.map(({ clock }) => clock.nowMs())
		return Math.max(...times) - Math.min(...times)
	}
	return { time, machines, isPlaying, add, run, spreadMs }
}

/** One joiner, whose neighbours answer as the test says; the server has true time. */
const createJoiner = (offsetMs: number, expected: () => number | null) => {
	const time = createVirtualTime(1_700_000_000_000)
	const local = () => time.now() + offsetMs
	const clock = createRoomClock({ local, wall: local, expected })
	const answer = (id: string, theirOffsetMs: number, word: ClockWord) => {
		const t1 = time.now() + theirOffsetMs
		clock.answered(id, { t0: local() - 5, t1: t1 - 2.5, t2: t1 - 2.5, t3: local() }, word)
	}
	clock.addNode('server', 'server')
	/** Whether it jumped. */
	const run = async (ms: number, fn: () => void): Promise<boolean> => {
		let didJump = false
		for (let i = 0; i < ms; i += 100) {
			fn()
			await time.advance(100)
			didJump = clock.step(false) || didJump
		}
		return didJump
	}
	return {
		clock,
		run,
		answer,
		hearServer: () => answer('server', 0, SERVER_WORD),
		offMs: () => Math.round(clock.nowMs() - time.now()),
	}
}
const JOINING: ClockWord = { correctionMs: null, epoch: NO_EPOCH, members: 0 }

describe('the clock of a room', () => {
	it('[CK15] who joins waits for a member on the roster with the server’s answers in hand, then takes the member’s time', async () => {
		let expected: number | null = null
		const { clock, run, answer, hearServer, offMs } = createJoiner(55_000, () => expected)
		await run(1_000, hearServer)
		expected = 1
		await run(3_000, hearServer)
		expect(clock.quality()).toMatchObject({ isKnown: false, isJoining: true, epoch: NO_EPOCH })
		expect(clock.word().correctionMs).toBeNull()
		expect(offMs()).toBe(55_000)
		clock.addNode('alice')
		const tells = { correctionMs: -98_000, epoch: 7, members: 1 }
		const didJump = await run(1_000, () => answer('alice', 0, tells))
		expect(didJump).toBe(true)
		expect(clock.quality()).toMatchObject({ isKnown: true, epoch: 7 })
		expect(offMs()).toBe(-98_000)
		await run(10_000, () => {
			hearServer()
			answer('alice', 0, tells)
		})
		expect(offMs()).toBe(-98_000)
	})
	it('[CK15] with nobody on the roster the server’s time is taken at once', async () => {
		const { clock, run, hearServer, offMs } = createJoiner(55_000, () => 0)
		await run(400, hearServer)
		expect(clock.quality().isKnown).toBe(true)
		expect(offMs()).toBe(0)
	})
	it('[CK16] those who are only joining too are not waited for, nor is anybody for longer than five seconds', async () => {
		const two = createJoiner(55_000, () => 1)
		two.clock.addNode('bob')
		await two.run(800, () => {
			two.hearServer()
			two.answer('bob', 9_000, JOINING)
		})
		expect(two.clock.quality().isKnown).toBe(true)
		expect(two.offMs()).toBe(0)
		const ghost = createJoiner(55_000, () => 1)
		await ghost.run(4_800, ghost.hearServer)
		expect(ghost.clock.quality().isKnown).toBe(false)
		await ghost.run(1_500, ghost.hearServer)
		expect(ghost.clock.quality()).toMatchObject({ isKnown: true, isJoining: false })
		expect(ghost.offMs()).toBe(0)
	})
	it('[CK16] where neither a roster nor anybody is heard of, the clock is our own after eight seconds', async () => {
		const { clock, run, offMs } = createJoiner(55_000, () => null)
		await run(7_500, () => undefined)
		expect(clock.quality()).toMatchObject({ isKnown: false, isJoining: true })
		await run(1_500, () => undefined)
		expect(clock.quality()).toMatchObject({ isKnown: false, isJoining: false })
		expect(offMs()).toBe(55_000)
	})
	it('[CK17] whoever has written by their own time is not led back past it by the server, only on while nothing plays', async () => {
		const fast = createJoiner(123_000, () => null)
		await fast.run(2_000, () => undefined)
		fast.clock.settle()
		await fast.run(20_000, fast.hearServer)
		expect(fast.offMs()).toBeGreaterThan(122_900)
		const slow = createJoiner(-98_000, () => 0)
		slow.clock.settle()
		await slow.run(10_000, slow.hearServer)
		expect(slow.offMs()).toBe(0)
	})
	it('[CK14] says that its time is known once it was learned from somebody, not before', async () => {
		const world = createWorld(7)
		const alone = world.add('alone', 0, 0)
		expect(alone.clock.quality().isKnown).toBe(false)
		await world.run(2_100, () => 10)
		expect(alone.clock.quality().isKnown).toBe(false)
		const joiner = world.add('joiner', 123_000, 0)
		expect(joiner.clock.quality().isKnown).toBe(false)
		await world.run(400, () => 10)
		expect(joiner.clock.quality()).toMatchObject({ isKnown: true, isJoining: true })
		expect(world.spreadMs()).toBeLessThan(2)
	})

	it('[FO3] a joiner adopts the time of the room within two seconds and does not pull the others', async () => {
		const world = createWorld(1)
		const alice = world.add('alice', 0, 0)
		await world.run(3_000, () => 10)
		world.add('bob', 3_600_000, 0)
		const before = alice.clock.nowMs() - world.time.now()
		await world.run(1_500, () => 10)
		expect(world.spreadMs()).toBeLessThan(2)
		expect(Math.abs(alice.clock.nowMs() - world.time.now() - before)).toBeLessThan(0.01)
	})
	it('[FO3] members with clocks that drift apart stay within 3 ms without a master', async () => {
		const world = createWorld(2)
		for (const [name, offset, ppm] of [
			['alice', 0, 40],
			['bob', -9_000, -35],
			['charlie', 55_000, 10],
			['dora', 120, -60],
		] as const)
			world.add(name, offset, ppm)
		await world.run(20_000, () => 25)
		for (let k = 0; k < 20; k++) {
			world.isPlaying.now = k < 10
			await world.run(5_000, () => 25)
			expect(world.spreadMs()).toBeLessThan(3)
		}
	})
	it('[FO3] two members meet half-way, and do not swing past one another', async () => {
		const world = createWorld(8)
		world.add('alice', 0, 30)
		world.add('bob', 200, -30)
		world.isPlaying.now = false
		await world.run(10_000, () => 15)
		for (let k = 0; k < 20; k++) {
			await world.run(2_000, () => 15)
			expect(world.spreadMs()).toBeLessThan(2)
		}
	})
	it('[FO3] a mesh averages ways that are longer in one direction', async () => {
		const world = createWorld(3)
		for (const name of ['alice', 'bob', 'charlie', 'dora', 'emil', 'finn']) world.add(name, 0, 0)
		const way = seeded(7)
		const ways = new Map<string, number>()
		await world.run(30_000, (from, to) => {
			const key = `${from} ${to}`
			if (!ways.has(key)) ways.set(key, 20 + 10 * way())
			return ways.get(key)!
		})
		// Single links are wrong by up to 5 ms.
		expect(world.spreadMs()).toBeLessThan(5)
	})
	it('[FO4] while the film plays the clock is slewed by at most 500 ppm; while it pauses it may step', async () => {
		const world = createWorld(4)
		const alice = world.add('alice', 0, 0)
		const bob = world.add('bob', 0, 0)
		await world.run(8_000, () => 10)
		// Another link to bob, whose ways differ by 12 ms: alice comes to believe that she is 6 ms off.
		for (const [mine, theirs] of [
			[alice, bob],
			[bob, alice],
		] as const) {
			mine.clock.removeNode(theirs.name)
			mine.clock.addNode(theirs.name)
		}
		const first = alice.clock.nowMs() - alice.local()
		let last = first
		let fastest = 0
		for (let k = 0; k < 500; k++) {
			await world.run(40, (from) => (from === 'alice' ? 22 : 10))
			const now = alice.clock.nowMs() - alice.local()
			fastest = Math.max(fastest, Math.abs(now - last) / 40)
			last = now
		}
		expect(Math.abs(last - first)).toBeGreaterThan(2)
		expect(fastest).toBeLessThanOrEqual(501e-6)
	})
	it('[FO4] room time never runs backwards while it is slewed', async () => {
		const world = createWorld(5)
		const alice = world.add('alice', 4, 0)
		world.add('bob', 0, 0)
		await world.run(4_000, () => 30)
		let last = alice.clock.nowMs()
		for (let k = 0; k < 500; k++) {
			await world.run(20, () => 30)
			expect(alice.clock.nowMs()).toBeGreaterThan(last)
			last = alice.clock.nowMs()
		}
	})
	it('[FO5] whose wall clock has jumped pulls nobody until answers say what it was', async () => {
		const world = createWorld(6)
		world.add('alice', 0, 0)
		const bob = world.add('bob', 500, 0)
		await world.run(6_000, () => 10)
		bob.sleep(60_000)
		await world.time.advance(1_000)
		expect(bob.clock.step(true)).toBe(false)
		expect(bob.clock.word().correctionMs).toBeNull()
		await world.run(3_000, () => 10)
		expect(world.spreadMs()).toBeLessThan(2)
	})
	it('[FO5] a new neighbour is probed 16 times in a burst, the first four at once, then every 2 s, or 10 s when idle', async () => {
		const time = createVirtualTime()
		const clock = createRoomClock({ local: time.now, wall: time.now })
		clock.addNode('alice')
		const at: number[] = []
		for (let t = 0; t < 30_000; t += 10) {
			if (clock.probesDue(t > 10_000).length > 0) at.push(t)
			await time.advance(10)
		}
		expect(at.slice(0, 4)).toEqual([0, 10, 20, 30])
		expect(at.slice(4, 16)).toEqual(Array.from({ length: 12 }, (_, i) => 70 + i * 40))
		expect(at.slice(16)).toEqual([2_510, 4_510, 6_510, 8_510, 10_510, 20_510])
	})
	it('[FO3] with nobody to ask the clock is our own', async () => {
		const time = createVirtualTime(5_000)
		const clock = createRoomClock({ local: time.now, wall: time.now })
		await time.advance(10_000)
		clock.step(true)
		expect(clock.nowMs()).toBe(15_000)
		expect(clock.word().correctionMs).toBe(0)
	})
})
