/**
 * `/api`: identities, rooms, tickets. Schemas in, schemas out (`protocol/http.ts`).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import { identityRequest, roomRegistration, ticketRequest, type RoomOwner } from '#lib/protocol/http.ts'
import { nameProblem, type NameProblem } from '#lib/protocol/names.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'
import type { Identified, IdentityIssuer } from './identity.ts'
import { deviceOf, identityProofText, isSignedBy, ownerProofText, ticketProofText } from './proof.ts'
import type { Removals } from './removals.ts'
import { hashForLog, type RequestChecks } from './requests.ts'
import type { Account, PutOutcome, RoomOwner as StoredOwner, Store, StoredRoom } from './store/store.ts'
import type { Tickets } from './tickets.ts'
import type { TurnPasses } from './turn.ts'

export const BODY_MAX_BYTES = 16 * 1024

export interface ApiDeps {
	readonly audience: () => Promise<string>
	readonly hasGuests: boolean
	readonly checks: RequestChecks
	readonly issuer: IdentityIssuer
	readonly tickets: Tickets
	/** Null where no TURN server is configured. */
	readonly turn: TurnPasses | null
	readonly store: Pick<Store, 'rooms'>
	readonly removals: Removals
	/** Who is signed in with this request; null for a guest. */
	readonly account: (request: FastifyRequest, reply: FastifyReply) => Promise<Account | null>
	readonly counters: Counters
	readonly nowMs: () => number
	readonly onIdentity: (subject: SubjectId, isAccount: boolean) => void
	/** A room was made; `owner` as it was named, if at all. */
	readonly onRoom: (room: RoomId, owner: SubjectId | null) => void
}

/** What is said of a name that cannot be had. */
export const NAME_MESSAGES: Readonly<Record<NameProblem, string>> = {
	empty: 'A name needs at least one character that can be seen.',
	'too-long': 'A name has at most 32 characters.',
	'not-normal': 'The name is not in normal form (NFC), or has spaces around it.',
	'hidden-characters': 'A name cannot hold hidden characters.',
}

/** Null where the device that is named did not sign for it. */
const ownerOf = (room: RoomId, { jwk, subject, signature }: RoomOwner): StoredOwner | null => {
	const device = deviceOf(jwk)
	return device !== null && isSignedBy(jwk, ownerProofText(room, subject), signature)
		? { device, subject }
		: null
}

export const addApi = (app: FastifyInstance, deps: ApiDeps): void => {
	const { counters, checks } = deps
	const { rooms } = deps.store

	const badProof = (reply: FastifyReply): FastifyReply => {
		counters.refused('bad-proof')
		return sendApiError(reply, 'bad-proof', 'The signature does not fit the request and the device key.')
	}

	app.post('/api/identity', { config: { limit: 'identities' } }, async (request, reply) => {
		const body = checks.parseBody(identityRequest, request.body, reply)
		if (body === null) return reply
		const { jwk } = body
		const account = await deps.account(request, reply)
		if (account === null && !deps.hasGuests) {
			counters.refused('guests-off')
			return sendApiError(reply, 'guests-off', 'This server takes no guests; sign in.')
		}
		const problem = account === null ? nameProblem(body.name) : null
		if (problem !== null) {
			counters.refused('http-bad-request')
			return sendApiError(reply, 'bad-request', NAME_MESSAGES[problem])
		}
		if (!checks.isInTime(body.atMs, reply)) return reply
		const text = identityProofText(await deps.audience(), body.atMs, body.name)
		if (deviceOf(jwk) === null || !isSignedBy(jwk, text, body.proof)) return badProof(reply)
		const person: Identified =
			account === null
				? {
						subject: deps.issuer.guestSubject(jwk),
						name: body.name,
						isAccount: false,
						picture: null,
						jwk,
					}
				: { subject: account.id, name: account.name, isAccount: true, picture: account.pictureId, jwk }
		const { token, expiresAtMs } = await deps.issuer.issue(person)
		const { subject, name, isAccount, picture } = person
		deps.onIdentity(subject, isAccount)
		return reply
			.header('cache-control', 'no-store')
			.send({ token, subject, name, isAccount, picture, expiresAtMs })
	})

	app.post('/api/tickets', { config: { limit: 'tickets' } }, async (request, reply) => {
		const body = checks.parseBody(ticketRequest, request.body, reply)
		if (body === null || !checks.isInTime(body.atMs, reply)) return reply
		const claims = await checks.checkToken(body.token, reply)
		if (claims === null) return reply
		const text = ticketProofText(await deps.audience(), body.room, body.peer, body.atMs)
		if (!checks.isProven(claims, text, body.proof, reply)) return reply
		if (await deps.removals.isRemoved(body.room, claims.subject)) {
			counters.refused('removed')
			return sendApiError(reply, 'removed', 'You have been removed from this room.')
		}
		const ticket = await deps.tickets.issue(claims, body.room, body.peer)
		const answer = deps.turn === null ? ticket : { ...ticket, turn: deps.turn.issue(claims.subject) }
		return reply.header('cache-control', 'no-store').send(answer)
	})

	/**
	 * First come, for ever. Only who comes first names the owner: a room that was made without one must not be
	 * claimed by whoever has its link while the owner is away.
	 */
	const register = async (
		id: RoomId,
		root: string,
		owner: StoredOwner | null,
	): Promise<{ readonly outcome: PutOutcome; readonly known: StoredRoom | null }> => {
		const known = await rooms.get(id)
		if (known !== null) return { outcome: known.root === root ? 'same' : 'taken', known }
		return { outcome: await rooms.put(id, root, owner, deps.nowMs()), known }
	}

	app.put<{ Params: { roomId: string } }>(
		'/api/rooms/:roomId',
		{ config: { limit: 'rooms' } },
		async (request, reply) => {
			const id = checks.roomOf(request.params, reply)
			if (id === null) return reply
			const body = checks.parseBody(roomRegistration, request.body, reply)
			if (body === null) return reply
			if ((await checks.checkToken(body.token, reply)) === null) return reply
			const owner = body.owner === undefined ? null : ownerOf(id, body.owner)
			if (body.owner !== undefined && owner === null) return badProof(reply)
			const { outcome, known } = await register(id, body.root, owner)
			request.log.info({ room: hashForLog(id), outcome }, 'room registration')
			if (outcome === 'taken') {
				counters.refused('room-taken')
				return sendApiError(reply, 'room-taken', 'This room has been made already, by somebody else.')
			}
			if (outcome === 'created') deps.onRoom(id, owner?.subject ?? null)
			return reply
				.code(outcome === 'created' ? 201 : 200)
				.header('cache-control', 'no-store')
				.send({ root: body.root, moved: known?.moved ?? null })
		},
	)

	app.get<{ Params: { roomId: string } }>('/api/rooms/:roomId', async (request, reply) => {
		const id = checks.roomOf(request.params, reply)
		if (id === null) return reply
		const room = await rooms.get(id)
		if (room === null) {
			counters.refused('http-not-found')
			return sendApiError(reply, 'no-such-room', 'There is no room under this code.')
		}
		return reply.header('cache-control', 'no-store').send({ root: room.root, moved: room.moved })
	})
}
