/**
 * `/api`: identities, rooms, tickets. Schemas in, schemas out (`protocol/http.ts`).
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ID_PATTERN, type RoomId } from '#lib/core/units.ts'
import { identityRequest, roomRegistration, ticketRequest } from '#lib/protocol/http.ts'
import { nameProblem, type NameProblem } from '#lib/protocol/names.ts'
import type { Schema } from '#lib/protocol/schema.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'
import type { Claims, IdentityIssuer } from './identity.ts'
import { deviceOf, identityProofText, isSignedBy, PROOF_WINDOW_MS, ticketProofText } from './proof.ts'
import type { Store } from './store/store.ts'
import type { Tickets } from './tickets.ts'

export const BODY_MAX_BYTES = 16 * 1024

export interface ApiDeps {
	readonly audience: string
	readonly hasGuests: boolean
	readonly issuer: IdentityIssuer
	readonly tickets: Tickets
	readonly store: Store
	readonly counters: Counters
	readonly nowMs: () => number
}

const NAME_MESSAGES: Readonly<Record<NameProblem, string>> = {
	empty: 'A name needs at least one character that can be seen.',
	'too-long': 'A name has at most 32 characters.',
	'not-normal': 'The name is not in normal form (NFC), or has spaces around it.',
	'hidden-characters': 'A name cannot hold hidden characters.',
}

const UNAVAILABLE = Symbol('unavailable')

/** A store that fails is an answer, not a fault of the request. */
const orUnavailable = <T>(work: Promise<T>, request: FastifyRequest): Promise<T | typeof UNAVAILABLE> =>
	work.catch((error: unknown) => {
		request.log.error({ err: error }, 'the store failed')
		return UNAVAILABLE
	})
const unavailable = (reply: FastifyReply): FastifyReply =>
	sendApiError(reply, 'unavailable', 'The server cannot reach its rooms just now; try again later.')

/** Enough to follow one room through a log, too little to find it. */
const hashForLog = (room: string): string => createHash('sha256').update(room).digest('hex').slice(0, 8)

export const addApi = (app: FastifyInstance, deps: ApiDeps): void => {
	const { counters } = deps

	/** The parsed body, or null after the refusal was sent. */
	const parseBody = <T>(schema: Schema<T>, body: unknown, reply: FastifyReply): T | null => {
		const parsed = schema.parse(body)
		if (parsed !== undefined) return parsed
		counters.refused('http-bad-request')
		void sendApiError(reply, 'bad-request', 'The request does not have the fields it should have.')
		return null
	}

	const isInTime = (atMs: number, reply: FastifyReply): boolean => {
		const offMs = atMs - deps.nowMs()
		if (Math.abs(offMs) <= PROOF_WINDOW_MS) return true
		counters.refused('clock-off')
		const minutes = Math.round(Math.abs(offMs) / 60_000)
		const direction = offMs > 0 ? 'ahead' : 'behind'
		void sendApiError(
			reply,
			'clock-off',
			`The clock of this device is ${String(minutes)} minutes ${direction}; set it and try again.`,
		)
		return false
	}

	const checkToken = async (token: string, reply: FastifyReply): Promise<Claims | null> => {
		const check = await deps.issuer.check(token)
		if (check.type === 'good') return check.claims
		counters.refused('bad-token')
		void (check.type === 'expired'
			? sendApiError(reply, 'expired-token', 'The identity has expired; ask for a new one.')
			: sendApiError(reply, 'bad-token', 'This is no identity of this server; ask for a new one.'))
		return null
	}

	const badProof = (reply: FastifyReply): FastifyReply => {
		counters.refused('bad-proof')
		return sendApiError(reply, 'bad-proof', 'The signature does not fit the request and the device key.')
	}

	app.post('/api/identity', { config: { limit: 'identities' } }, async (request, reply) => {
		const body = parseBody(identityRequest, request.body, reply)
		if (body === null) return reply
		if (!deps.hasGuests) {
			counters.refused('guests-off')
			return sendApiError(reply, 'guests-off', 'This server takes no guests; sign in.')
		}
		const problem = nameProblem(body.name)
		if (problem !== null) {
			counters.refused('http-bad-request')
			return sendApiError(reply, 'bad-request', NAME_MESSAGES[problem])
		}
		if (!isInTime(body.atMs, reply)) return reply
		const { jwk } = body
		const text = identityProofText(deps.audience, body.atMs, body.name)
		if (deviceOf(jwk) === null || !isSignedBy(jwk, text, body.proof)) return badProof(reply)
		const subject = deps.issuer.guestSubject(jwk)
		const { token, expiresAtMs } = await deps.issuer.issue({
			subject,
			name: body.name,
			isAccount: false,
			jwk,
		})
		return reply
			.header('cache-control', 'no-store')
			.send({ token, subject, name: body.name, isAccount: false, picture: null, expiresAtMs })
	})

	app.post('/api/tickets', { config: { limit: 'tickets' } }, async (request, reply) => {
		const body = parseBody(ticketRequest, request.body, reply)
		if (body === null || !isInTime(body.atMs, reply)) return reply
		const claims = await checkToken(body.token, reply)
		if (claims === null) return reply
		const text = ticketProofText(deps.audience, body.room, body.peer, body.atMs)
		if (!isSignedBy(claims.jwk, text, body.proof)) return badProof(reply)
		const answer = await deps.tickets.issue(claims, body.room, body.peer)
		return reply.header('cache-control', 'no-store').send(answer)
	})

	const roomOf = (params: { roomId: string }, reply: FastifyReply): RoomId | null => {
		if (ID_PATTERN.test(params.roomId)) return params.roomId as RoomId
		// The same answer as for a room nobody made: an id that cannot be is one more that is not.
		counters.refused('http-not-found')
		void sendApiError(reply, 'no-such-room', 'There is no room under this code.')
		return null
	}

	app.put<{ Params: { roomId: string } }>(
		'/api/rooms/:roomId',
		{ config: { limit: 'rooms' } },
		async (request, reply) => {
			const room = roomOf(request.params, reply)
			if (room === null) return reply
			const body = parseBody(roomRegistration, request.body, reply)
			if (body === null || (await checkToken(body.token, reply)) === null) return reply
			const outcome = await orUnavailable(deps.store.rooms.put(room, body.root, null, deps.nowMs()), request)
			request.log.info({ room: hashForLog(room), outcome: String(outcome) }, 'room registration')
			if (outcome === UNAVAILABLE) return unavailable(reply)
			if (outcome === 'taken') {
				counters.refused('room-taken')
				return sendApiError(reply, 'room-taken', 'This room has been made already, by somebody else.')
			}
			return reply
				.code(outcome === 'created' ? 201 : 200)
				.header('cache-control', 'no-store')
				.send({ root: body.root, moved: null })
		},
	)

	app.get<{ Params: { roomId: string } }>('/api/rooms/:roomId', async (request, reply) => {
		const room = roomOf(request.params, reply)
		if (room === null) return reply
		const kept = await orUnavailable(deps.store.rooms.get(room), request)
		if (kept === UNAVAILABLE) return unavailable(reply)
		if (kept === null) {
			counters.refused('http-not-found')
			return sendApiError(reply, 'no-such-room', 'There is no room under this code.')
		}
		return reply.header('cache-control', 'no-store').send({ root: kept.root, moved: kept.moved })
	})
}
