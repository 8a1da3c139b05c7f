import { describe, expect, it } from 'vitest'
import { createMemoryBroker } from '../bus/memory.ts'
import { createKeys } from '../keys.ts'
import { createSharedLimits } from '../shared-limits.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createTryLimits, type TryLimits } from './try-limits.ts'

const newStore = () => createMemoryStore()
const newKeys = (store = newStore()) => createKeys({ store, rotationMs: 30 * 86_400_000, nowMs: () => 0 })
const newLimits = (triesPerMinute: number): TryLimits =>
	createTryLimits(
		triesPerMinute,
		createSharedLimits({ bus: createMemoryBroker(() => 0).connect(), keys: newKeys(), nowMs: () => 0 }),
	)

const take = async (limits: TryLimits, tries: number, address: string): Promise<number[]> => {
	const waits: number[] = []
	for (let n = 0; n < tries; n++) waits.push(await limits.take('alice', address, 0))
	return waits
}

it('[AU4] counts tries of one username from everywhere together', async () => {
	const limits = newLimits(5)
	expect(await take(limits, 3, '192.0.2.1')).toEqual([0, 0, 0])
	expect(await take(limits, 3, '192.0.2.2')).toEqual([0, 0, 12_000])
	expect(await limits.take('bob', '192.0.2.2', 0)).toBe(0)
})

it('[AU4] the budget refills: nobody is locked out for long', async () => {
	const limits = newLimits(5)
	await take(limits, 5, '192.0.2.1')
	expect(await limits.take('alice', '192.0.2.1', 11_999)).toBeGreaterThan(0)
	expect(await limits.take('alice', '192.0.2.1', 12_001)).toBe(0)
})

it('[AU4] strangers who use up the budget do not keep an address waiting that was right before', async () => {
	const limits = newLimits(5)
	await limits.take('alice', '192.0.2.1', 0)
	await limits.wasRight('alice', '192.0.2.1', 0)
	expect((await take(limits, 6, '203.0.113.9')).at(-1)).toBeGreaterThan(0)
	expect(await take(limits, 5, '192.0.2.1')).toEqual([0, 0, 0, 0, 0])
	expect(await limits.take('alice', '192.0.2.1', 0)).toBeGreaterThan(0)
})

it('[AU4] tries that were right, or could not be judged, do not count', async () => {
	const limits = newLimits(1)
	await limits.take('alice', '192.0.2.1', 0)
	await limits.giveBack('alice', '192.0.2.1', 0)
	await limits.take('alice', '192.0.2.1', 0)
	await limits.wasRight('alice', '192.0.2.1', 0)
	expect(await limits.take('alice', '192.0.2.2', 0)).toBe(0)
})

describe('of two processes', () => {
	const newPair = () => {
		const broker = createMemoryBroker(() => 0, true)
		const store = newStore()
		const [one, two] = [0, 1].map(() =>
			createTryLimits(5, createSharedLimits({ bus: broker.connect(), keys: newKeys(store), nowMs: () => 0 })),
		) as [TryLimits, TryLimits]
		return { broker, one, two }
	}

	it('[BU9] tries count together, and who was right at one is known at the other', async () => {
		const { one, two } = newPair()
		await one.take('alice', '192.0.2.1', 0)
		await one.wasRight('alice', '192.0.2.1', 0)
		expect(await take(one, 3, '203.0.113.9')).toEqual([0, 0, 0])
		expect(await take(two, 3, '203.0.113.9')).toEqual([0, 0, 12_000])
		expect(await two.take('alice', '192.0.2.1', 0)).toBe(0)
	})

	it('[BU9] while the bus is away each counts for itself', async () => {
		const { broker, one, two } = newPair()
		expect((await take(one, 6, '203.0.113.9')).at(-1)).toBeGreaterThan(0)
		broker.setState('away')
		for (const limits of [one, two])
			expect(await take(limits, 6, '203.0.113.9')).toEqual([0, 0, 0, 0, 0, 12_000])
		broker.setState('up')
		expect(await two.take('alice', '203.0.113.9', 0)).toBeGreaterThan(0)
	})
})
