import { describe, expect, it } from 'vitest'
import { DRIFT, figuresReport, READING_MAX_MS, ROUND_TRIP, tally } from './figures.ts'

const token = 'a.b.c'
const report = (change: object = {}) => ({
	token,
	drift: tally([0.4, 3, 50], DRIFT),
	roundTrip: tally([7], ROUND_TRIP),
	...change,
})
const none = (buckets: number): number[] => new Array<number>(buckets).fill(0)
const drifts = (counts: Record<number, number>): number[] =>
	none(DRIFT.boundsMs.length + 1).map((_, bucket) => counts[bucket] ?? 0)

describe('adding up', () => {
	it('[FG1] counts a reading in the one bucket of its size, bounds included', () => {
		expect(tally([0, 1, 1.01, 2, 4, 1_280, 1_281, 50_000], DRIFT).counts).toEqual(
			drifts({ 0: 2, 1: 2, 2: 1, 10: 1, 11: 2 }),
		)
		expect(tally([5, 5.1], ROUND_TRIP).counts).toEqual([1, 1, ...none(8)])
	})

	it('[FG1] sums in whole milliseconds, what is hours off as a minute', () => {
		expect(tally([0.25, 0.5, 10], DRIFT).sumMs).toBe(11)
		expect(tally([7_200_000, 1], DRIFT).sumMs).toBe(READING_MAX_MS + 1)
	})

	it('[FG1] takes the last that fit, and nothing that is no number', () => {
		const many = [...new Array<number>(500).fill(9_999), ...new Array<number>(1_200).fill(3)]
		expect(tally(many, DRIFT)).toEqual({ counts: drifts({ 2: 1_200 }), sumMs: 3_600 })
		expect(tally([NaN, Infinity, 3], DRIFT)).toEqual({ counts: drifts({ 2: 1 }), sumMs: 3 })
	})

	it('[FG1] always makes a report that is taken', () => {
		// Mulberry32, so that a failure comes back.
		let state = 7
		const random = (): number => {
			state = (state + 0x6d2b79f5) >>> 0
			let t = Math.imul(state ^ (state >>> 15), state | 1)
			t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
			return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
		}
		for (let round = 0; round < 200; round++) {
			const readings = Array.from({ length: Math.floor(random() * 3_000) }, () => 10 ** (random() * 9 - 3))
			const onTheBounds = [...DRIFT.boundsMs, ...ROUND_TRIP.boundsMs, 0, READING_MAX_MS]
			const values = [...readings, ...onTheBounds]
			const body = report({ drift: tally(values, DRIFT), roundTrip: tally(values, ROUND_TRIP) })
			expect(figuresReport.parse(JSON.parse(JSON.stringify(body)))).toEqual(body)
		}
	})
})

describe('what is no report', () => {
	const one = tally([3], DRIFT)
	it.each<[string, object]>([
		['a bucket too few', { drift: { counts: one.counts.slice(1), sumMs: 3 } }],
		['a bucket too many', { drift: { counts: [...one.counts, 0], sumMs: 3 } }],
		['no buckets', { drift: { counts: [], sumMs: 0 } }],
		['a count below zero', { drift: { counts: drifts({ 0: -1, 2: 1 }), sumMs: 3 } }],
		['a count that is not whole', { drift: { counts: drifts({ 2: 1.5 }), sumMs: 4 } }],
		['a count as text', { drift: { counts: one.counts.map(String), sumMs: 3 } }],
		['more than a minute in one bucket', { drift: { counts: drifts({ 2: 1_201 }), sumMs: 4_000 } }],
		['more than a minute in all', { drift: { counts: drifts({ 1: 600, 2: 601 }), sumMs: 2_000 } }],
		['more neighbours than there are', { roundTrip: { counts: [257, ...none(9)], sumMs: 257 } }],
		['a sum below its buckets', { drift: { counts: drifts({ 2: 2 }), sumMs: 3 } }],
		['a sum above its buckets', { drift: { counts: drifts({ 2: 2 }), sumMs: 11 } }],
		['a sum of nothing', { drift: { counts: drifts({}), sumMs: 1 } }],
		['a sum that is no number', { drift: { counts: one.counts, sumMs: null } }],
		['a sum beyond all', { drift: { counts: drifts({ 11: 1 }), sumMs: READING_MAX_MS + 1 } }],
		['a room beside it', { room: 'AAAAAAAAAAAAAAAAAAAAAA' }],
		['no round trips', { roundTrip: undefined }],
		['no token', { token: undefined }],
	])('[FG2] %s', (_what, change) => {
		expect(figuresReport.parse(report())).toBeDefined()
		expect(figuresReport.parse(report(change))).toBeUndefined()
	})

	it('[FG2] the edges of a sum are possible', () => {
		for (const sumMs of [4, 10])
			expect(figuresReport.parse(report({ drift: { counts: drifts({ 2: 2 }), sumMs } }))?.drift.sumMs).toBe(
				sumMs,
			)
	})
})
