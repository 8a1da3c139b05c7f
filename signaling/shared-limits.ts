/**
 * Limits that protect accounts, counted over all processes: whoever guesses must not gain by being sent from one to
 * the next. While the bus is away each process counts for itself. Names and addresses are kept only as hashes: here
 * under a key of this process, on the bus under one that the processes have in common.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { createKeyedBuckets, type KeyedBuckets, type Rate } from './buckets.ts'
import type { Bus } from './bus/bus.ts'
import type { Keys } from './keys.ts'

export interface SharedBuckets extends Pick<KeyedBuckets, 'giveBack' | 'prune'> {
	/** 0 when `key` may go on, else the milliseconds to wait. */
	take(key: string, nowMs: number): Promise<number>
}

export interface SharedLimits {
	/** `name` stands for one kind of limit, the same in every process. */
	buckets(name: string, rate: Rate): SharedBuckets
	/** Notes `key` for all processes. */
	mark(name: string, key: string, forMs: number): void
	isMarked(name: string, key: string): Promise<boolean>
}

export const createSharedLimits = (deps: {
	readonly bus: Pick<Bus, 'isShared' | 'take' | 'giveBack' | 'mark' | 'isMarked'>
	readonly keys: Pick<Keys, 'ring'>
	readonly nowMs: () => number
}): SharedLimits => {
	const { bus } = deps
	const ownSecret = randomBytes(32)
	const ownKey = (key: string): string => createHmac('sha256', ownSecret).update(key).digest('base64url')

	/** Null where there is nobody to share with, or no common key because the store was never reached. */
	const sharedKey = async (name: string, key: string): Promise<string | null> => {
		if (!bus.isShared) return null
		try {
			const secret = (await deps.keys.ring()).signing(deps.nowMs()).secret('limits')
			if (secret === null) return null
			return `limit:${name}:${createHmac('sha256', secret).update(key).digest('base64url')}`
		} catch {
			return null // the store is away, and has said so: counting alone goes on
		}
	}

	return {
		buckets(name, rate) {
			const own = createKeyedBuckets(rate)
			return {
				async take(key, nowMs) {
					const shared = await sharedKey(name, key)
					const waitMs = shared === null ? null : await bus.take(shared, rate)
					return waitMs ?? own.take(ownKey(key), nowMs)
				},
				giveBack(key, nowMs) {
					own.giveBack(ownKey(key), nowMs)
					void sharedKey(name, key).then((shared) =>
						shared === null ? undefined : bus.giveBack(shared, rate),
					)
				},
				prune: own.prune,
			}
		},
		mark(name, key, forMs) {
			void sharedKey(name, key).then((shared) => (shared === null ? undefined : bus.mark(shared, forMs)))
		},
		async isMarked(name, key) {
			const shared = await sharedKey(name, key)
			return shared !== null && bus.isMarked(shared)
		},
	}
}
