/**
 * How well members keep step, added up: what a person who agreed to it sends to the server once a minute.
 */
import type { Millis } from '#lib/core/units.ts'
import { jwt } from './http.ts'
import { integer, list, object, optional, type Parsed, type Schema } from './schema.ts'

export interface Scale {
	/** Upper bounds of the buckets, inclusive, rising; what is larger counts in one more. */
	readonly boundsMs: readonly Millis[]
	/** Of one report. */
	readonly readingsMax: number
}

/** Sizes of the drift, twenty a second while a film plays. */
export const DRIFT: Scale = {
	boundsMs: [1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1_280],
	readingsMax: 20 * 60,
}
/** To each neighbour, once. */
export const ROUND_TRIP: Scale = { boundsMs: [5, 10, 20, 40, 80, 160, 320, 640, 1_280], readingsMax: 256 }

/** Acts of others, each once. */
export const APPLY: Scale = {
	boundsMs: [20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120],
	readingsMax: 1_000,
}
const LINKS_MAX = 256

/** A larger reading is added to the sum as this: one that is hours off must not hide all others in a mean. */
export const READING_MAX_MS: Millis = 60_000

const shapeOf = ({ boundsMs, readingsMax }: Scale) =>
	object({
		counts: list(integer(0, readingsMax), boundsMs.length + 1),
		sumMs: integer(0, readingsMax * READING_MAX_MS),
	})
export type Tally = Parsed<ReturnType<typeof shapeOf>>

/** The sum must be one that readings in these buckets can have: it is the only figure a liar could make huge. */
const isPossible = ({ counts, sumMs }: Tally, { boundsMs, readingsMax }: Scale): boolean => {
	const edges = [0, ...boundsMs, READING_MAX_MS]
	const sumWith = (offset: 0 | 1) =>
		counts.reduce((sum, count, bucket) => sum + count * (edges[bucket + offset] ?? 0), 0)
	return (
		counts.length === boundsMs.length + 1 &&
		counts.reduce((sum, count) => sum + count, 0) <= readingsMax &&
		sumMs >= sumWith(0) &&
		sumMs <= sumWith(1)
	)
}

/** One count for each bucket, and the sum of all readings in whole milliseconds. */
const tallyOn = (scale: Scale): Schema<Tally> => {
	const shape = shapeOf(scale)
	return {
		parse: (input) => {
			const tally = shape.parse(input)
			return tally !== undefined && isPossible(tally, scale) ? tally : undefined
		},
		describe: `tally(${scale.boundsMs.join(',')};${String(scale.readingsMax)};${String(READING_MAX_MS)})${shape.describe}`,
	}
}

/**
 * POST /api/figures → 200 {}. Readings since the last report. Nothing names a room or a film; the token only limits how
 * many reports one person sends.
 */
export const figuresReport = object({
	token: jwt,
	drift: tallyOn(DRIFT),
	roundTrip: tallyOn(ROUND_TRIP),
	/** Links open now, by their way; `turn`: not direct, and not through this server. */
	links: optional(
		object({
			direct: integer(0, LINKS_MAX),
			relayed: integer(0, LINKS_MAX),
			turn: optional(integer(0, LINKS_MAX)),
		}),
	),
	/** From an act of somebody else until it was carried out here. */
	apply: optional(tallyOn(APPLY)),
})
export type FiguresReport = Parsed<typeof figuresReport>

/** Adds up the last of `values` (ms, not negative), as many as fit in a report. */
export const tally = (values: readonly Millis[], { boundsMs, readingsMax }: Scale): Tally => {
	const counts = new Array<number>(boundsMs.length + 1).fill(0)
	let sumMs = 0
	for (const value of values.filter(Number.isFinite).slice(-readingsMax)) {
		const at = boundsMs.findIndex((bound) => value <= bound)
		const bucket = at === -1 ? boundsMs.length : at
		counts[bucket] = (counts[bucket] ?? 0) + 1
		sumMs += Math.min(value, READING_MAX_MS)
	}
	return { counts, sumMs: Math.round(sumMs) }
}
