import { describe, expect, it } from 'vitest'
import { createBucket, createKeyedBuckets, perMinute } from './buckets.ts'

describe('a bucket', () => {
	it('[SG21] gives its burst at once, then its rate', () => {
		const bucket = createBucket({ perSecond: 50, burst: 100 }, 0)
		const takenAt = (nowMs: number, tries: number) =>
			Array.from({ length: tries }, () => bucket.take(nowMs)).filter(Boolean).length
		expect(takenAt(0, 500)).toBe(100)
		expect(takenAt(1_000, 500)).toBe(50)
		expect(takenAt(60_000, 500)).toBe(100)
	})

	it('says how long to wait, and that is long enough', () => {
		const bucket = createBucket({ perSecond: 3, burst: 1 }, 0)
		bucket.take(0)
		const waitMs = bucket.waitMs(0)
		expect(bucket.take(waitMs - 1)).toBe(false)
		expect(bucket.take(waitMs)).toBe(true)
	})

	it('takes nothing when there is not enough', () => {
		const bucket = createBucket({ perSecond: 1, burst: 10 }, 0)
		expect(bucket.take(0, 11)).toBe(false)
		expect(bucket.take(0, 10)).toBe(true)
	})

	it('what is given back can be taken again, and never more than the bucket holds', () => {
		const bucket = createBucket({ perSecond: 1, burst: 2 }, 0)
		bucket.take(0)
		bucket.take(0)
		bucket.giveBack(0)
		expect([bucket.take(0), bucket.take(0)]).toEqual([true, false])
		for (let times = 0; times < 5; times++) bucket.giveBack(0)
		expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, false])
	})

	it('a clock that steps back gives nothing for free', () => {
		const bucket = createBucket({ perSecond: 1, burst: 1 }, 10_000)
		expect(bucket.take(10_000)).toBe(true)
		expect(bucket.take(0)).toBe(false)
		expect(bucket.take(500)).toBe(false)
	})
})

describe('buckets by key', () => {
	it('[SG25] count each key apart', () => {
		const buckets = createKeyedBuckets(perMinute(2))
		expect([buckets.take('a', 0), buckets.take('a', 0)]).toEqual([0, 0])
		expect(buckets.take('a', 0)).toBe(30_000)
		expect(buckets.take('b', 0)).toBe(0)
		expect(buckets.take('a', 30_000)).toBe(0)
	})

	it('forget whom there is nothing to hold against', () => {
		const buckets = createKeyedBuckets(perMinute(2))
		buckets.take('a', 0)
		buckets.prune(1_000)
		expect(buckets.size()).toBe(1)
		buckets.prune(60_000)
		expect(buckets.size()).toBe(0)
	})

	it('stay bounded however many keys come', () => {
		const buckets = createKeyedBuckets(perMinute(1))
		for (let key = 0; key < 60_000; key++) buckets.take(String(key), 0)
		expect(buckets.size()).toBeLessThanOrEqual(50_001)
		expect(buckets.take('one more', 0)).toBeGreaterThan(0)
	})
})
