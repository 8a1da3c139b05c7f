/**
 * Which agreement on room time a member keeps to when two groups meet whose clocks differ: the one with more members,
 * then the older one. Counts come from one's own links; what a neighbour claims beyond them is believed only as far
 * as there are members whom nobody vouches for. docs/decisions/0010-room-clock.md says why.
 */

/**
 * Names an agreement by its birth, in tenths of a second since 2026 by the founder's room time, so that names order
 * by age: lower is older. 32 bits last until 2039, then start again.
 */
export type Epoch = number

/** Of somebody who has not joined an agreement yet, and of the server. */
export const NO_EPOCH: Epoch = 0

const SINCE_MS = Date.UTC(2026, 0, 1)
const UNIT_MS = 100

export const epochBornAt = (roomMs: number): Epoch =>
	Math.max(1, Math.floor((roomMs - SINCE_MS) / UNIT_MS) >>> 0)

/** What a neighbour last said of the agreement that it keeps to. */
export interface EpochWord {
	readonly epoch: Epoch
	readonly members: number
	/** Another tab of this browser: its claims need no witness. */
	readonly isTrusted: boolean
}

/** A member has at most 14 links (protocol, Overlay), so nobody can see more than so many. */
const CLAIM_MAX = 15
/** One neighbour in three of one's own group must have gone over: a single one does not move a crowd. */
const WITNESSES = 3

interface Sizes {
	/** Seen: neighbours who say it, and oneself. */
	readonly seen: ReadonlyMap<Epoch, number>
	/** `hops`: taken off what neighbours claim, so that the memory of a group that shrank dies out. */
	sizeOf(epoch: Epoch, hops: 0 | 1): number
}

const sizesOf = (own: Epoch, words: readonly EpochWord[], present: number): Sizes => {
	const seen = new Map<Epoch, number>(own === NO_EPOCH ? [] : [[own, 1]])
	for (const { epoch } of words) seen.set(epoch, (seen.get(epoch) ?? 0) + 1)
	const all = [...seen.values()].reduce((sum, count) => sum + count, 0)
	return {
		seen,
		sizeOf(epoch, hops) {
			const here = seen.get(epoch) ?? 0
			const unseen = Math.max(0, present - (all - here))
			const claims = words.flatMap((word) => {
				if (word.epoch !== epoch) return []
				const claimed = word.members - hops
				return [word.isTrusted ? claimed : Math.min(claimed, CLAIM_MAX, unseen)]
			})
			return Math.max(here, ...claims)
		},
	}
}

/** What to tell others: how many keep to `own`, oneself among them. `present`: members known to be in the room. */
export const membersToTell = (own: Epoch, words: readonly EpochWord[], present: number): number =>
	own === NO_EPOCH ? 0 : Math.min(0xffff, Math.max(1, sizesOf(own, words, present).sizeOf(own, 1)))

/** The agreement to keep to from now on; `own` where no neighbour has a better one. */
export const chooseEpoch = (own: Epoch, words: readonly EpochWord[], present: number): Epoch => {
	const { seen, sizeOf } = sizesOf(own, words, present)
	let best = own
	for (const epoch of seen.keys()) {
		if (epoch === best || epoch === NO_EPOCH) continue
		const isWitnessed =
			(seen.get(epoch) ?? 0) * WITNESSES >= (seen.get(own) ?? 0) ||
			words.some((word) => word.epoch === epoch && word.isTrusted)
		if (!isWitnessed) continue
		const [size, bestSize] = [sizeOf(epoch, 0), best === NO_EPOCH ? 0 : sizeOf(best, 0)]
		if (size > bestSize || (size === bestSize && epoch < best)) best = epoch
	}
	return best
}
