/**
 * How often a password may be tried for one username, by whomever. The budget refills, so nobody is locked out for
 * long; and an address that got the password right before has a budget of its own, so that strangers who use up the
 * common one do not keep the owner waiting. Usernames and addresses are kept only as keyed hashes.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { perMinute } from '../buckets.ts'
import type { SharedLimits } from '../shared-limits.ts'

/** Pairs of username and address that were right once; the oldest is forgotten. */
const GOOD_PAIRS_MAX = 10_000
const GOOD_PAIR_KEEP_MS = 30 * 86_400_000
const TRIES = 'tries'
const GOOD = 'good'

export type TryLimits = ReturnType<typeof createTryLimits>

export const createTryLimits = (triesPerMinute: number, shared: SharedLimits) => {
	const buckets = shared.buckets(TRIES, perMinute(triesPerMinute))
	const secret = randomBytes(32)
	const goodPairs = new Set<string>()
	const hashOf = (pair: string): string => createHmac('sha256', secret).update(pair).digest('base64url')
	const pairOf = (folded: string, address: string): string => JSON.stringify([folded, address])
	const keyOf = async (folded: string, address: string): Promise<string> => {
		const pair = pairOf(folded, address)
		const isGood = goodPairs.has(hashOf(pair)) || (await shared.isMarked(GOOD, pair))
		return isGood ? pair : JSON.stringify([folded])
	}

	return {
		/** 0 when a try may be made, else the milliseconds to wait. */
		take: async (folded: string, address: string, nowMs: number): Promise<number> =>
			buckets.take(await keyOf(folded, address), nowMs),
		/** The try could not be judged: it does not count. */
		giveBack: async (folded: string, address: string, nowMs: number): Promise<void> =>
			buckets.giveBack(await keyOf(folded, address), nowMs),
		/** The password was right: the try does not count, and this address is known from now on. */
		async wasRight(folded: string, address: string, nowMs: number): Promise<void> {
			buckets.giveBack(await keyOf(folded, address), nowMs)
			const pair = pairOf(folded, address)
			shared.mark(GOOD, pair, GOOD_PAIR_KEEP_MS)
			goodPairs.delete(hashOf(pair))
			goodPairs.add(hashOf(pair))
			for (const oldest of goodPairs) {
				if (goodPairs.size <= GOOD_PAIRS_MAX) break
				goodPairs.delete(oldest)
			}
		},
		prune: (nowMs: number): void => buckets.prune(nowMs),
	}
}
