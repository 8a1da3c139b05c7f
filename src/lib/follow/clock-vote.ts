/**
 * What a member makes of its neighbours' clocks: the mean, near ones weighing more, of those who do not stand out. A
 * neighbour that lies, or has slept, loses its say as it goes away from the middle; the server keeps a bounded one,
 * because it alone moves with nobody, unless it has another time. Compared with plain mean, medians and trimming in bench/clock.ts.
 */
export interface ClockVote {
	/** Room time as the neighbour has it, minus room time as we have it. */
	readonly offMs: number
	/** By our own clock alone, so that nobody seems nearer than they are. */
	readonly rttMs: number
	readonly isServer: boolean
}

/** How far to go; `doesOwnCount` is false for one who joins. Null without votes. */
export type CombineVotes = (votes: readonly ClockVote[], doesOwnCount: boolean) => number | null

/** Beyond so far from the middle, or 3 ms and half a usual round trip where that is less, nobody has a say. */
const WINDOW_MAX_MS = 20
const WINDOW_MIN_MS = 3
/** A server further away than any drift explains has another time, not a better one. */
const SERVER_MAX_MS = 1_000
/** A near neighbour weighs at most so many usual ones. */
const NEAR_MAX = 8

export const medianOf = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b)
	const half = sorted.length / 2
	return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

export const voteWeight = (rttMs: number): number => 1 / (rttMs / 2 + 0.5) ** 2

export const combineVotes: CombineVotes = (votes, doesOwnCount) => {
	const [only] = votes
	if (only === undefined) return null
	const usualRttMs = medianOf(votes.map(({ rttMs }) => rttMs))
	const windowMs = Math.min(WINDOW_MAX_MS, WINDOW_MIN_MS + usualRttMs / 2)
	const offs = votes.map(({ offMs }) => offMs)
	const own = doesOwnCount ? [0] : []
	// Of two nobody knows who is wrong; between the server and oneself it is one's own film.
	const middleMs =
		votes.length > 1 ? medianOf([...own, ...offs]) : only.isServer && doesOwnCount ? 0 : only.offMs
	const weightMax = NEAR_MAX * voteWeight(usualRttMs)
	let sum = 0
	let weights = 0
	for (const { offMs, rttMs, isServer } of votes) {
		const apart = (offMs - middleMs) / windowMs
		// Tukey's biweight: full at the middle, nothing at the edge, no step between.
		const isFar = Math.abs(offMs - middleMs) > SERVER_MAX_MS
		const trust = isServer ? (isFar ? 0 : 1) : Math.max(0, 1 - apart ** 2) ** 2
		const weight = trust * Math.min(weightMax, voteWeight(rttMs))
		sum += weight * Math.max(middleMs - windowMs, Math.min(middleMs + windowMs, offMs))
		weights += weight
	}
	return weights === 0 ? middleMs : sum / weights
}
