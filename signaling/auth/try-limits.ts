/**
 * How often a password may be tried for one username, by whomever. The budget refills, so nobody is locked out for
 * long; and an address that got the password right before has a budget of its own, so that strangers who use up the
 * common one do not keep the owner waiting. Usernames and addresses are kept only as keyed hashes.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { createKeyedBuckets, perMinute } from '../buckets.ts'

/** Pairs of username and address that were right once; the oldest is forgotten. */
const GOOD_PAIRS_MAX = 10_000

export type TryLimits = ReturnType<typeof createTryLimits>

export const createTryLimits = (triesPerMinute: number) => {
	const buckets = createKeyedBuckets(perMinute(triesPerMinute))
	const secret = randomBytes(32)
	const goodPairs = new Set<string>()
	const hashOf = (...parts: string[]): string =>
		createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')
	const keyOf = (folded: string, address: string): string => {
		const pair = hashOf(folded, address)
		return goodPairs.has(pair) ? pair : hashOf(folded)
	}

	return {
		/** 0 when a try may be made, else the milliseconds to wait. */
		take: (folded: string, address: string, nowMs: number): number =>
			buckets.take(keyOf(folded, address), nowMs),
		/** The try could not be judged: it does not count. */
		giveBack: (folded: string, address: string, nowMs: number): void =>
			buckets.giveBack(keyOf(folded, address), nowMs),
		/** The password was right: the try does not count, and this address is known from now on. */
		wasRight(folded: string, address: string, nowMs: number): void {
			buckets.giveBack(keyOf(folded, address), nowMs)
			const pair = hashOf(folded, address)
			goodPairs.delete(pair)
			goodPairs.add(pair)
			for (const oldest of goodPairs) {
				if (goodPairs.size <= GOOD_PAIRS_MAX) break
				goodPairs.delete(oldest)
			}
		},
		prune: (nowMs: number): void => buckets.prune(nowMs),
	}
}
