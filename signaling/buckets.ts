/**
 * Token buckets: so much at once, so much a second after that. Pure; time comes in.
 */
export interface Rate {
	/** Tokens that come back each second. */
	readonly perSecond: number
	/** Tokens a full bucket holds. */
	readonly burst: number
}

export interface Bucket {
	/** Takes `cost` tokens, or none at all. */
	take(nowMs: number, cost?: number): boolean
	/** Milliseconds until `cost` tokens are there. */
	waitMs(nowMs: number, cost?: number): number
	isFull(nowMs: number): boolean
	/** Puts one back, up to the brim. */
	giveBack(nowMs: number): void
}

/** A class, because there are several for each of ten thousand sockets: as closures they were a quarter of its memory. */
class TokenBucket implements Bucket {
	private readonly rate: Rate
	private tokens: number
	private atMs: number

	constructor(rate: Rate, startMs: number) {
		this.rate = rate
		this.tokens = rate.burst
		this.atMs = startMs
	}

	private refill(nowMs: number): void {
		const { perSecond, burst } = this.rate
		// A clock that steps back gives nothing and takes nothing.
		this.tokens = Math.min(burst, this.tokens + (Math.max(0, nowMs - this.atMs) * perSecond) / 1000)
		this.atMs = nowMs
	}

	take(nowMs: number, cost = 1): boolean {
		this.refill(nowMs)
		if (this.tokens < cost) return false
		this.tokens -= cost
		return true
	}

	waitMs(nowMs: number, cost = 1): number {
		this.refill(nowMs)
		return Math.ceil((Math.max(0, cost - this.tokens) * 1000) / this.rate.perSecond)
	}

	isFull(nowMs: number): boolean {
		this.refill(nowMs)
		return this.tokens >= this.rate.burst
	}

	giveBack(nowMs: number): void {
		this.refill(nowMs)
		this.tokens = Math.min(this.rate.burst, this.tokens + 1)
	}
}

export const createBucket = (rate: Rate, startMs: number): Bucket => new TokenBucket(rate, startMs)

export interface KeyedBuckets {
	/** 0 when `key` may go on, else the milliseconds to wait. */
	take(key: string, nowMs: number): number
	/** What `key` took last was well used and does not count. */
	giveBack(key: string, nowMs: number): void
	/** Forgets keys that have waited long enough to start anew. Call it now and then. */
	prune(nowMs: number): void
	size(): number
}

/** Keys kept at most; beyond it all newcomers share one bucket, so that memory is bounded under attack. */
const KEYS_MAX = 50_000
const SHARED_KEY = '*'

export const createKeyedBuckets = (rate: Rate): KeyedBuckets => {
	const buckets = new Map<string, Bucket>()
	return {
		take(key, nowMs) {
			const own = buckets.get(key) !== undefined || buckets.size < KEYS_MAX ? key : SHARED_KEY
			const bucket = buckets.get(own) ?? createBucket(rate, nowMs)
			buckets.set(own, bucket)
			return bucket.take(nowMs) ? 0 : Math.max(1, bucket.waitMs(nowMs))
		},
		giveBack: (key, nowMs) => (buckets.get(key) ?? buckets.get(SHARED_KEY))?.giveBack(nowMs),
		prune(nowMs) {
			for (const [key, bucket] of buckets) if (bucket.isFull(nowMs)) buckets.delete(key)
		},
		size: () => buckets.size,
	}
}

/** `count` a minute, all of them at once if they have been saved up. */
export const perMinute = (count: number): Rate => ({ perSecond: count / 60, burst: count })
