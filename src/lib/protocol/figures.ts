/**
 * How well members keep step, added up: what a person who agreed to it sends to the server once a minute.
 */
import { jwt } from './http.ts'
import { integer, list, object, type Parsed } from './schema.ts'

/** Upper bounds of the buckets, inclusive; what is larger counts in one more. */
export const DRIFT_BOUNDS_MS = [1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1_280] as const
export const ROUND_TRIP_BOUNDS_MS = [5, 10, 20, 40, 80, 160, 320, 640, 1_280] as const

const COUNT_MAX = 100_000
const counts = (bounds: readonly number[]) => list(integer(0, COUNT_MAX), bounds.length + 1)

/**
 * POST /api/figures → 200 {}. Readings in each bucket since the last report: sizes of the drift (twenty a second while a
 * film plays), round trips to neighbours. Nothing names a room, a person or a film; the token only limits how many.
 */
export const figuresReport = object({
	token: jwt,
	driftMs: counts(DRIFT_BOUNDS_MS),
	roundTripMs: counts(ROUND_TRIP_BOUNDS_MS),
})
export type FiguresReport = Parsed<typeof figuresReport>

/** How many of `values` fall into each bucket. */
export const countInBuckets = (values: readonly number[], bounds: readonly number[]): number[] => {
	const out = new Array<number>(bounds.length + 1).fill(0)
	for (const value of values) {
		const at = bounds.findIndex((bound) => value <= bound)
		const bucket = at === -1 ? bounds.length : at
		out[bucket] = Math.min(COUNT_MAX, (out[bucket] ?? 0) + 1)
	}
	return out
}
