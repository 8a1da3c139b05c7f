/**
 * How fast one author's records travel on through us, and how much one neighbour may press on us. Token buckets: a
 * burst, then so many a second. What is over it is not lost: digests and state vectors bring it later.
 */
import type { Millis } from '#lib/core/units.ts'

export interface Bucket {
	/** Takes `count`, or refuses where less than that is left. */
	take(count: number): boolean
}

export const createBucket = (burst: number, perS: number, nowMs: () => Millis): Bucket => {
	let tokens = burst
	let atMs = nowMs()
	return {
		take: (count) => {
			const now = nowMs()
			tokens = Math.min(burst, tokens + ((now - atMs) * perS) / 1_000)
			atMs = now
			if (tokens < count) return false
			tokens -= count
			return true
		},
	}
}

/** One for each key, the least used forgotten. */
export const createBuckets = <Key>(
	burst: number,
	perS: number,
	nowMs: () => Millis,
	maxKeys = 2_048,
): ((key: Key, count: number) => boolean) => {
	const buckets = new Map<Key, Bucket>()
	return (key, count) => {
		const bucket = buckets.get(key) ?? createBucket(burst, perS, nowMs)
		buckets.delete(key)
		buckets.set(key, bucket)
		const [oldest] = buckets.keys()
		if (buckets.size > maxKeys && oldest !== undefined) buckets.delete(oldest)
		return bucket.take(count)
	}
}
