import { expect, it } from 'vitest'
import { createTryLimits } from './try-limits.ts'

const take = (
	limits: ReturnType<typeof createTryLimits>,
	tries: number,
	address: string,
	nowMs = 0,
): number[] => Array.from({ length: tries }, () => limits.take('alice', address, nowMs))

it('[AU4] counts tries of one username from everywhere together', () => {
	const limits = createTryLimits(5)
	expect(take(limits, 3, '192.0.2.1')).toEqual([0, 0, 0])
	expect(take(limits, 3, '192.0.2.2')).toEqual([0, 0, 12_000])
	expect(limits.take('bob', '192.0.2.2', 0)).toBe(0)
})

it('[AU4] the budget refills: nobody is locked out for long', () => {
	const limits = createTryLimits(5)
	take(limits, 5, '192.0.2.1')
	expect(limits.take('alice', '192.0.2.1', 11_999)).toBeGreaterThan(0)
	expect(limits.take('alice', '192.0.2.1', 12_001)).toBe(0)
})

it('[AU4] strangers who use up the budget do not keep an address waiting that was right before', () => {
	const limits = createTryLimits(5)
	limits.take('alice', '192.0.2.1', 0)
	limits.wasRight('alice', '192.0.2.1', 0)
	expect(take(limits, 6, '203.0.113.9').at(-1)).toBeGreaterThan(0)
	expect(take(limits, 5, '192.0.2.1')).toEqual([0, 0, 0, 0, 0])
	expect(limits.take('alice', '192.0.2.1', 0)).toBeGreaterThan(0)
})

it('[AU4] tries that were right, or could not be judged, do not count', () => {
	const limits = createTryLimits(1)
	limits.take('alice', '192.0.2.1', 0)
	limits.giveBack('alice', '192.0.2.1', 0)
	limits.take('alice', '192.0.2.1', 0)
	limits.wasRight('alice', '192.0.2.1', 0)
	expect(limits.take('alice', '192.0.2.2', 0)).toBe(0)
})
