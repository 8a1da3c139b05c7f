import { describe, expect, it } from 'vitest'
import type { MeshCore, RelayParts, RelayWays } from './mesh-state.ts'
import { createRelayLoader } from './relay-loader.ts'
import { createSimClock } from './sim-clock.ts'

const setUp = (failures: number) => {
	const clock = createSimClock()
	const ways = {} as RelayWays
	let loads = 0
	let stops = 0
	let isOffered = true
	const parts: RelayParts = {
		channels: { open: () => ({ receive: () => 0, cancel: () => 0 }) },
		join: () => ways,
		stop: () => stops++,
	}
	const whys: string[] = []
	const loader = createRelayLoader({
		relay: {
			isOffered: () => isOffered,
			load: async () => {
				if (loads++ < failures) throw new Error('the server is away')
				return parts
			},
		},
		timers: clock,
		core: { repairSoon: () => undefined } as MeshCore,
		onFailed: (why) => whys.push(why),
	})
	return {
		clock,
		loader,
		ways,
		whys,
		loads: () => loads,
		stops: () => stops,
		offer: (is: boolean) => (isOffered = is),
	}
}

describe('fetching the relay’s part', () => {
	it('[TR37] is begun by the first need, once, and what is to be done waits for it in order', async () => {
		const { clock, loader, ways, loads } = setUp(0)
		const done: unknown[] = []
		expect(loader.ways()).toBe(null)
		loader.note(() => done.push('a note comes too early'))
		loader.use((got) => done.push(['a', got]))
		loader.use((got) => done.push(['b', got]))
		await clock.run(1)
		expect(done).toEqual([
			['a', ways],
			['b', ways],
		])
		loader.use(() => done.push('c'))
		expect([done.at(-1), loads()]).toEqual(['c', 1])
	})

	it('[TR37] is tried again, ever more rarely, with nothing forgotten that was to be done', async () => {
		const { clock, loader, whys, loads } = setUp(3)
		const done: string[] = []
		loader.use(() => done.push('a'))
		await clock.run(500)
		expect([loads(), whys.length]).toEqual([1, 1])
		await clock.run(1_000)
		expect(loads()).toBe(2)
		loader.use(() => done.push('b')) // another need is another try
		await clock.run(100)
		expect(loads()).toBe(3)
		await clock.run(4_500)
		expect([loads(), done]).toEqual([4, ['a', 'b']])
		expect(whys.every((why) => why.includes('the server is away'))).toBe(true)
	})

	it('[TR37] is not begun where the server does not relay, and what is there is not used then', async () => {
		const { clock, loader, loads, offer } = setUp(0)
		offer(false)
		loader.use(() => undefined)
		await clock.run(1_000)
		expect(loads()).toBe(0)
		offer(true)
		loader.use(() => undefined)
		await clock.run(1)
		expect(loader.ways()).not.toBe(null)
		offer(false)
		expect(loader.ways()).toBe(null)
	})

	it('[TR37] that ends after the mesh has ended gives back what came', async () => {
		const { clock, loader, stops } = setUp(0)
		const done: string[] = []
		loader.use(() => done.push('a'))
		loader.stop()
		await clock.run(1_000)
		expect([done, stops(), clock.pendingCount]).toEqual([[], 1, 0])
	})
})
