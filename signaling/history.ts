/**
 * `/api/rooms/:roomId/history`: sealed histories of rooms (`protocol/history.ts`). The server reads none of them. Who
 * may come is whoever shows the key that the room's owner or an operator told the hash of; to everybody else a room
 * that keeps one looks like a room that does not.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RoomId } from '#lib/core/units.ts'
import {
	HISTORY_CLAIM_MAX_CHARS,
	HISTORY_HEADER,
	historyClaim,
	historyProofText,
	type HistoryClaim,
} from '#lib/protocol/history.ts'
import { sendApiError } from './api-errors.ts'
import { createKeyedBuckets, perMinute } from './buckets.ts'
import type { Config } from './config.ts'
import type { Counters } from './counters.ts'
import type { Claims } from './identity.ts'
import type { Removals } from './removals.ts'
import type { RequestChecks } from './requests.ts'
import type { Store } from './store/store.ts'
import { waitWords } from './wait-words.ts'

const DAY_MS = 86_400_000
/** Being read counts as being used; noted, and looked at, so often. */
const TOUCH_EVERY_MS = 3_600_000
const SWEEP_EVERY_MS = 3_600_000
/** Compared with where a room keeps none, so that this takes as long. */
const NO_VERIFIER = Buffer.alloc(32)

export interface HistoryDeps {
	readonly config: Pick<Config, 'history' | 'historyKeepDays' | 'limits'>
	readonly audience: () => Promise<string>
	readonly checks: RequestChecks
	readonly store: Pick<Store, 'history'>
	readonly removals: Pick<Removals, 'isRemoved'>
	readonly counters: Counters
	readonly nowMs: () => number
	readonly onFault: (error: unknown) => void
}

interface Admitted {
	readonly room: RoomId
	readonly claim: HistoryClaim
	readonly claims: Claims
}

declare module 'fastify' {
	interface FastifyRequest {
		/** Set before the body is read, so that a whole history is taken only from somebody who may write it. */
		historyOf?: Admitted
	}
}

const claimIn = (request: FastifyRequest): unknown => {
	const text = request.headers[HISTORY_HEADER]
	if (typeof text !== 'string' || text.length > HISTORY_CLAIM_MAX_CHARS) return undefined
	try {
		return JSON.parse(text)
	} catch {
		return undefined // not JSON is refused like JSON of another shape
	}
}

const isKeyOf = (key: string, verifier: string | undefined): boolean => {
	const expected = verifier === undefined ? NO_VERIFIER : Buffer.from(verifier, 'base64url')
	const shown = createHash('sha256').update(Buffer.from(key, 'base64url')).digest()
	return expected.length === shown.length && timingSafeEqual(expected, shown) && verifier !== undefined
}

/** Returns what is to be called now and then: the sweep of what nobody uses any more. */
export const addHistory = async (
	app: FastifyInstance,
	deps: HistoryDeps,
): Promise<(nowMs: number) => void> => {
	const { checks, counters } = deps
	const { history } = deps.store
	const offer = deps.config.history
	const bySubject = createKeyedBuckets(perMinute(deps.config.limits.historyPerSubjectPerMinute))

	const noHistory = (reply: FastifyReply): FastifyReply => {
		counters.refused('history-unknown')
		return sendApiError(reply, 'not-found', 'No history is kept for this room and this key.')
	}

	const admit = async (
		request: FastifyRequest<{ Params: { roomId: string } }>,
		reply: FastifyReply,
	): Promise<FastifyReply | undefined> => {
		if (offer === null) {
			counters.refused('not-offered')
			return sendApiError(reply, 'not-offered', 'This server keeps no histories of rooms.')
		}
		const room = checks.roomOf(request.params, reply)
		if (room === null) return reply
		const claim = checks.parseBody(historyClaim, claimIn(request), reply)
		if (claim === null || !checks.isInTime(claim.atMs, reply)) return reply
		const claims = await checks.checkToken(claim.token, reply)
		if (claims === null) return reply
		const retryAfterMs = bySubject.take(claims.subject, deps.nowMs())
		if (retryAfterMs > 0) {
			counters.refused('history-rate')
			const message = `The history was asked for too often; try again ${waitWords(retryAfterMs)}.`
			return sendApiError(reply, 'too-many-requests', message, { retryAfterMs })
		}
		// Both are always asked for: what is refused takes as long as what is let in.
		const [known, isRemoved] = await Promise.all([
			history.facts(room),
			deps.removals.isRemoved(room, claims.subject),
		])
		if (!isKeyOf(claim.key, known?.verifier)) return noHistory(reply)
		if (isRemoved) {
			counters.refused('removed')
			return sendApiError(reply, 'removed', 'You have been removed from this room.')
		}
		request.historyOf = { room, claim, claims }
		return undefined
	}
	const admittedOf = (request: FastifyRequest): Admitted => {
		if (request.historyOf === undefined) throw new Error('the hook before lets nobody through')
		return request.historyOf
	}
	const isProven = async (
		{ room, claim, claims }: Admitted,
		method: 'GET' | 'PUT',
		body: Buffer | null,
		reply: FastifyReply,
	): Promise<boolean> => {
		const hash = body === null ? '' : createHash('sha256').update(body).digest('base64url')
		const text = historyProofText(await deps.audience(), room, method, claim.version, hash, claim.atMs)
		return checks.isProven(claims, text, claim.proof, reply)
	}

	// In a plugin of its own: nowhere else is anything but JSON read.
	await app.register((histories, _options, done) => {
		histories.removeAllContentTypeParsers()
		histories.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))

		histories.get<{ Params: { roomId: string } }>(
			'/api/rooms/:roomId/history',
			{ config: { limit: 'histories' }, onRequest: admit },
			async (request, reply) => {
				const admitted = admittedOf(request)
				if (!(await isProven(admitted, 'GET', null, reply))) return reply
				const { room, claim } = admitted
				const known = await history.facts(room)
				if (known === null) return noHistory(reply)
				if (deps.nowMs() - known.touchedAtMs > TOUCH_EVERY_MS) await history.touch(room, deps.nowMs())
				reply.headers({ 'cache-control': 'no-store', 'access-control-expose-headers': 'etag' })
				const kept = known.version === claim.version ? null : await history.read(room)
				return kept === null
					? reply
							.header('etag', `"${String(known.version)}"`)
							.code(204)
							.send()
					: reply
							.header('etag', `"${String(kept.version)}"`)
							.type('application/octet-stream')
							.send(Buffer.from(kept.blob.buffer, kept.blob.byteOffset, kept.blob.byteLength))
			},
		)

		histories.put<{ Params: { roomId: string } }>(
			'/api/rooms/:roomId/history',
			{
				config: { limit: 'histories' },
				onRequest: admit,
				bodyLimit: offer?.maxBytes ?? 1,
				errorHandler: (error, request, reply) => {
					if (error.statusCode === 413) counters.refused('history-too-big')
					return app.errorHandler(error, request, reply)
				},
			},
			async (request, reply) => {
				const admitted = admittedOf(request)
				const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
				if (!(await isProven(admitted, 'PUT', body, reply))) return reply
				if (offer === null || body.length === 0) {
					counters.refused('http-bad-request')
					return sendApiError(reply, 'bad-request', 'A history has at least one byte.')
				}
				const { room, claim } = admitted
				const outcome = await history.put(room, claim.version, body, offer, deps.nowMs())
				switch (outcome.type) {
					case 'kept':
						return reply.header('cache-control', 'no-store').send({ version: outcome.version })
					case 'stale':
						counters.refused('history-stale')
						return sendApiError(reply, 'stale-history', 'Somebody else wrote it meanwhile: read it first.', {
							version: outcome.version,
						})
					case 'full':
						counters.refused('history-full')
						return sendApiError(
							reply,
							'history-full',
							'This server has no room for more histories. What it has of this one stays.',
						)
					case 'none':
						return noHistory(reply)
				}
			},
		)
		done()
	})

	let sweptAtMs = 0
	return (nowMs) => {
		bySubject.prune(nowMs)
		if (nowMs - sweptAtMs < SWEEP_EVERY_MS) return
		sweptAtMs = nowMs
		// Also where none are offered any more: what is left of them goes in time.
		history.dropUntouched(nowMs - deps.config.historyKeepDays * DAY_MS).catch(deps.onFault)
	}
}
