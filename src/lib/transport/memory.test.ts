import { describe, expect, it } from 'vitest'
import type { DeviceId, PeerId } from '#lib/core/units.ts'
import { describeTransportContract } from './contract.ts'
import { createMemoryNetwork, type NetworkConditions } from './memory-network.ts'
import { createMemoryTransports } from './memory.ts'
import { createSeededRandom } from './seeded-random.ts'
import { createSimClock } from './sim-clock.ts'
import type { TransportEvent } from './transport.ts'

const createWorld = (seed: number, conditions: Partial<NetworkConditions> = {}) => {
	const clock = createSimClock()
	const random = createSeededRandom(seed)
	const network = createMemoryNetwork({ timers: clock, random, conditions })
	const transports = createMemoryTransports(network)
	const id = () => Buffer.from(random.bytes(16)).toString('base64url')
	const party = () => {
		const device = id() as DeviceId
		const events: TransportEvent[] = []
		const transport = transports.create(device)
		transport.on((event) => events.push(event))
		const peer = id() as PeerId
		return { peer, device, transport, events }
	}
	return { clock, network, party }
}

describeTransportContract(
	'memory',
	async () => {
		const { clock, party } = createWorld(1)
		return {
			alice: party(),
			bob: party(),
			waitUntil: (isDone, limitMs) => clock.runUntil(isDone, limitMs),
			pass: (forMs) => clock.run(forMs),
			close: async () => undefined,
		}
	},
	{ hasBackPressure: true, patienceMs: 10_000 },
)

describeTransportContract(
	'memory on a bad network',
	async () => {
		const { clock, party } = createWorld(2, { delayMs: 80, jitterMs: 60, lossRate: 0.02, bytesPerMs: 1_000 })
		return {
			alice: party(),
			bob: party(),
			waitUntil: (isDone, limitMs) => clock.runUntil(isDone, limitMs),
			pass: (forMs) => clock.run(forMs),
			close: async () => undefined,
		}
	},
	{ hasBackPressure: true, patienceMs: 120_000 },
)

describe('the memory network', () => {
	const meet = async (world: ReturnType<typeof createWorld>) => {
		const [alice, bob] = [world.party(), world.party()]
		alice.transport.start(alice.peer)
		bob.transport.start(bob.peer)
		await world.clock.run(1_000)
		return { alice, bob }
	}
	const framesOf = (events: readonly TransportEvent[]) =>
		events.flatMap((event) => (event.type === 'frame' ? [event.frame[0] ?? -1] : []))

	it('[TR9] loses about as many datagrams as it is told to, and lets them overtake one another', async () => {
		const world = createWorld(3, { lossRate: 0.3, jitterMs: 50 })
		const { alice, bob } = await meet(world)
		for (let i = 0; i < 200; i++) alice.transport.send(Uint8Array.of(i), bob.peer, 'lossy')
		await world.clock.run(1_000)
		const got = framesOf(bob.events)
		expect(got.length).toBeGreaterThan(110)
		expect(got.length).toBeLessThan(170)
		expect(got).not.toEqual([...got].sort((a, b) => a - b))
	})

	it('[TR9] a partition holds what is on its way, ends links after 15 s, and heals by itself', async () => {
		const world = createWorld(4)
		const { alice, bob } = await meet(world)
		world.network.partition([alice.peer], [bob.peer])
		alice.transport.send(Uint8Array.of(7), bob.peer, 'ordered')
		await world.clock.run(5_000)
		expect(framesOf(bob.events)).toEqual([])
		world.network.heal()
		await world.clock.run(1_000)
		expect(framesOf(bob.events)).toEqual([7])

		world.network.partition([alice.peer], [bob.peer])
		await world.clock.run(20_000)
		expect(bob.events.at(-1)).toMatchObject({ type: 'peer-down', reason: 'timeout' })
		expect(alice.transport.links()).toEqual([])
		world.network.heal()
		await world.clock.run(5_000)
		expect(alice.transport.links().length).toBe(1)
		expect(bob.transport.links().length).toBe(1)
	})

	it('[TR9] a broken link is told at both ends and comes back; a killed peer is noticed by its silence', async () => {
		const world = createWorld(5)
		const { alice, bob } = await meet(world)
		world.network.breakLink(alice.peer, bob.peer)
		expect(alice.events.at(-1)).toMatchObject({ type: 'peer-down', reason: 'error' })
		await world.clock.run(5_000)
		expect(alice.transport.links().length).toBe(1)

		world.network.kill(bob.peer)
		await world.clock.run(10_000)
		expect(alice.transport.links().length).toBe(1)
		await world.clock.run(10_000)
		expect(alice.transport.links()).toEqual([])
	})

	it('[TR9] the same seed gives the same run', async () => {
		const run = async () => {
			const world = createWorld(6, { lossRate: 0.2, jitterMs: 40 })
			const { alice, bob } = await meet(world)
			for (let i = 0; i < 100; i++) alice.transport.send(Uint8Array.of(i), bob.peer, 'lossy')
			await world.clock.run(500)
			return framesOf(bob.events)
		}
		expect(await run()).toEqual(await run())
	})
})
