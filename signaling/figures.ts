/**
 * POST /api/figures: how well members keep step, from those who agreed to tell. It is added up for all of them together
 * in the memory of this process, and nothing else of a report is kept.
 */
import type { FastifyInstance } from 'fastify'
import {
	APPLY,
	DRIFT,
	figuresReport,
	ROUND_TRIP,
	type FiguresReport,
	type Tally,
} from '#lib/protocol/figures.ts'
import { sendApiError } from './api-errors.ts'
import { createKeyedBuckets } from './buckets.ts'
import type { Counters } from './counters.ts'
import type { RequestChecks } from './requests.ts'
import { waitWords } from './wait-words.ts'

/** One report a minute a person; two that were sent a minute apart may come less than that apart. */
export const REPORT_GAP_MS = 60_000 - 5_000

export type Figures = ReturnType<typeof createFigures>

const emptyTally = (buckets: number): Tally => ({ counts: new Array<number>(buckets).fill(0), sumMs: 0 })
const plus = (a: Tally, b: Tally): Tally => ({
	counts: a.counts.map((count, bucket) => count + (b.counts[bucket] ?? 0)),
	sumMs: a.sumMs + b.sumMs,
})

export const createFigures = () => {
	let reports = 0
	let drift = emptyTally(DRIFT.boundsMs.length + 1)
	let roundTrip = emptyTally(ROUND_TRIP.boundsMs.length + 1)
	let apply = emptyTally(APPLY.boundsMs.length + 1)
	const links = { direct: 0, relayed: 0, turn: 0 }
	return {
		add(report: Omit<FiguresReport, 'token'>): void {
			reports++
			if (report.apply !== undefined) apply = plus(apply, report.apply)
			links.direct += report.links?.direct ?? 0
			links.relayed += report.links?.relayed ?? 0
			links.turn += report.links?.turn ?? 0
			drift = plus(drift, report.drift)
			roundTrip = plus(roundTrip, report.roundTrip)
		},
		/** Everything since the process started. */
		all: () => ({ reports, drift, roundTrip, apply, links: { ...links } }),
	}
}

/** Answers what forgets who has reported. */
export const addFiguresRoute = (
	app: FastifyInstance,
	deps: {
		readonly figures: Figures
		readonly checks: RequestChecks
		readonly counters: Counters
		readonly nowMs: () => number
	},
): ((atMs: number) => void) => {
	const { checks, counters, nowMs } = deps
	const gaps = createKeyedBuckets({ perSecond: 1_000 / REPORT_GAP_MS, burst: 1 })

	app.post('/api/figures', { config: { limit: 'figures' } }, async (request, reply) => {
		const report = checks.parseBody(figuresReport, request.body, reply)
		if (report === null) return reply
		const claims = await checks.checkToken(report.token, reply)
		if (claims === null) return reply
		const retryAfterMs = gaps.take(claims.subject, nowMs())
		if (retryAfterMs > 0) {
			counters.refused('figures-rate')
			const message = `Figures are taken once a minute; try again ${waitWords(retryAfterMs)}.`
			return sendApiError(reply, 'too-many-requests', message, { retryAfterMs })
		}
		deps.figures.add(report)
		return reply.header('cache-control', 'no-store').send({})
	})

	return (atMs) => gaps.prune(atMs)
}
