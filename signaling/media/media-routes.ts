/**
 * `/api/media/…`: what the server finds out about links, for holders of an identity. Nothing of a link is logged.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SubjectId } from '#lib/core/units.ts'
import { describeRequest, lookRequest, playlistRequest, searchRequest } from '#lib/protocol/media.ts'
import type { Schema } from '#lib/protocol/schema.ts'
import { sendApiError } from '../api-errors.ts'
import { createKeyedBuckets, perMinute } from '../buckets.ts'
import type { Limits } from '../config.ts'
import type { Counters } from '../counters.ts'
import type { RequestChecks } from '../requests.ts'
import { waitWords } from '../wait-words.ts'
import type { Media } from './media.ts'

export interface MediaRouteDeps {
	/** Null: switched off. */
	readonly media: Media | null
	readonly checks: RequestChecks
	readonly counters: Counters
	readonly limits: Pick<Limits, 'mediaPerSubjectPerMinute' | 'searchesPerSubjectPerMinute'>
	readonly nowMs: () => number
}

/** Answers what forgets people that have not asked for a while. */
export const addMediaRoutes = (app: FastifyInstance, deps: MediaRouteDeps): ((atMs: number) => void) => {
	const { checks, counters } = deps
	const questions = createKeyedBuckets(perMinute(deps.limits.mediaPerSubjectPerMinute))
	const searches = createKeyedBuckets(perMinute(deps.limits.searchesPerSubjectPerMinute))

	const isInRate = (subject: SubjectId, isSearch: boolean, reply: FastifyReply): boolean => {
		const buckets = isSearch ? searches : questions
		const retryAfterMs = buckets.take(subject, deps.nowMs())
		if (retryAfterMs === 0) return true
		counters.refused('media-rate')
		const message = `Too many questions about links; try again ${waitWords(retryAfterMs)}.`
		void sendApiError(reply, 'too-many-requests', message, { retryAfterMs })
		return false
	}

	const route = <Body extends { readonly token: string }>(
		path: string,
		schema: Schema<Body>,
		needsKey: boolean,
		answer: (media: Media, body: Body) => Promise<unknown>,
	): void => {
		const handle = async (request: FastifyRequest, reply: FastifyReply) => {
			const { media } = deps
			if (media === null || (needsKey && !media.hasKey)) {
				counters.refused('not-offered')
				return sendApiError(reply, 'not-offered', 'This server does not look up links of this kind.')
			}
			const body = checks.parseBody(schema, request.body, reply)
			if (body === null) return reply
			const claims = await checks.checkToken(body.token, reply)
			if (claims === null || !isInRate(claims.subject, path === 'search', reply)) return reply
			return reply.header('cache-control', 'no-store').send(await answer(media, body))
		}
		app.post(`/api/media/${path}`, { config: { limit: 'media' } }, handle)
	}

	route('describe', describeRequest, false, (media, body) => media.describe(body.media))
	route('look', lookRequest, false, (media, body) => media.look(body.url))
	route('playlist', playlistRequest, true, (media, body) => media.playlist(body.id))
	route('search', searchRequest, true, (media, body) => media.search(body.text))

	return (atMs) => {
		questions.prune(atMs)
		searches.prune(atMs)
		deps.media?.sweep(atMs)
	}
}
