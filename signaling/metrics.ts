/**
 * GET /metrics for whoever has METRICS_TOKEN: what this process counts, as Prometheus reads it (text exposition format
 * 0.0.4). No line names a person, a room or an address. Another process counts for itself.
 */
import type { FastifyInstance } from 'fastify'
import { createHash, timingSafeEqual } from 'node:crypto'
import { APPLY, DRIFT, ROUND_TRIP } from '#lib/protocol/figures.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'
import type { Figures } from './figures.ts'
import { histogram, labelled, single } from './metrics-text.ts'

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export interface MetricsInputs {
	readonly counters: Pick<Counters, 'all'>
	readonly figures: Pick<Figures, 'all'>
	readonly stats: () => {
		readonly sockets: number
		readonly rooms: number
		readonly joined: number
		readonly relayed: { readonly frames: number; readonly bytes: number }
	}
	/** Lines about the process itself. */
	readonly server: () => readonly string[]
}

export const metricsText = ({ counters, figures, stats, server }: MetricsInputs): string => {
	const { sockets, rooms, joined, relayed } = stats()
	const { reports, drift, roundTrip, apply, links } = figures.all()
	return [
		...single('matinee_sockets', 'gauge', 'Open WebSockets, joined or not.', sockets),
		...single('matinee_rooms', 'gauge', 'Rooms with somebody in them.', rooms),
		...single('matinee_members', 'gauge', 'Members connected, over all rooms.', joined),
		...single(
			'matinee_relayed_frames_total',
			'counter',
			'Sealed frames brought from member to member, each recipient counted.',
			relayed.frames,
		),
		...single('matinee_relayed_bytes_total', 'counter', 'Bytes of those frames.', relayed.bytes),
		...labelled(
			'matinee_refused_total',
			'counter',
			'What was refused, by reason.',
			'why',
			Object.entries(counters.all()),
		),
		...server(),
		...single(
			'matinee_member_reports_total',
			'counter',
			'Reports of members who share figures, one a minute each.',
			reports,
		),
		...histogram(
			'matinee_member_drift_seconds',
			'How far members were off the time of their room, as they reported it.',
			DRIFT,
			drift,
		),
		...labelled(
			'matinee_member_links_total',
			'counter',
			'Links that members had, by their way, counted once in each report.',
			'kind',
			Object.entries(links),
		),
		...histogram(
			'matinee_member_apply_seconds',
			'From an act of somebody else until it was carried out, as members reported it.',
			APPLY,
			apply,
		),
		...histogram(
			'matinee_member_round_trip_seconds',
			'Round trips between members, as they reported them.',
			ROUND_TRIP,
			roundTrip,
		),
		'',
	].join('\n')
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** `token` null: there is nothing at this address. */
export const addMetrics = (
	app: FastifyInstance,
	deps: Omit<MetricsInputs, 'counters'> & { readonly counters: Counters; readonly token: string | null },
): void => {
	const { counters, token } = deps
	const expected = token === null ? null : digest(token)

	app.get('/metrics', (request, reply) => {
		if (expected === null) {
			counters.refused('http-not-found')
			return sendApiError(reply, 'not-found', 'There is nothing at this address.')
		}
		const given = /^Bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1]
		// Hashes are of one length and say nothing of where they differ.
		if (given === undefined || !timingSafeEqual(digest(given), expected)) {
			counters.refused('metrics-token')
			reply.header('www-authenticate', 'Bearer')
			return sendApiError(reply, 'bad-token', 'The metrics are for holders of METRICS_TOKEN.')
		}
		return reply.header('cache-control', 'no-store').type(METRICS_TYPE).send(metricsText(deps))
	})
}
