/**
 * Orders about a room, signed by the device of whoever gives them (`protocol/orders.ts`): who may give which is a
 * table; carrying them out is the store's, and for removals the hub's.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { RoomId, SubjectId } from '#lib/core/units.ts'
import { ORDER_MAX_CHARS, roomOrder, roomOrderRequest, type RoomOrder } from '#lib/protocol/orders.ts'
import { addressOf } from './address.ts'
import { sendApiError } from './api-errors.ts'
import { createKeyedBuckets, perMinute } from './buckets.ts'
import type { Bus } from './bus/bus.ts'
import type { Config } from './config.ts'
import type { Counters } from './counters.ts'
import type { Claims } from './identity.ts'
import { orderProofText, PROOF_WINDOW_MS } from './proof.ts'
import type { Removals } from './removals.ts'
import type { RequestChecks } from './requests.ts'
import type { RoomOwner, Store, StoredRoom } from './store/store.ts'

/** The order's text, escaped once more as a string in JSON, with its token and proof. */
const ORDER_BODY_MAX_BYTES = ORDER_MAX_CHARS + 64 * 1024
/** A lock is changed now and then; its notes are the biggest thing that anybody can have kept here. */
const MOVES_PER_MINUTE = 6
/** Orders of the last minutes, remembered so that none counts twice. */
const SEEN_MAX = 100_000

type Giver = Pick<Claims, 'subject' | 'device'>
type Judgement = { readonly type: 'allowed' } | { readonly type: 'refused'; readonly message: string }

const isPerson = (person: RoomOwner | null, by: Giver): boolean =>
	person !== null && (person.device === by.device || person.subject === by.subject)

const allowed: Judgement = { type: 'allowed' }
const refused = (message: string): Judgement => ({ type: 'refused', message })
const NOT_OWNER = refused('Only the owner of the room may do that.')
const MOVED = refused('This room has moved: its history is kept where it went.')
const NOT_OPERATOR = refused('Only the owner and operators of the room may do that.')

/** Whether `by` may give `order` about `room`. Whoever was removed from it has been refused before. */
export const judgeOrder = (
	order: RoomOrder,
	room: Pick<StoredRoom, 'owner' | 'heir' | 'operators' | 'moved'>,
	by: Giver,
): Judgement => {
	const isOwner = isPerson(room.owner, by)
	switch (order.type) {
		case 'operators':
		case 'hand-over':
		case 'moved':
			return isOwner ? allowed : NOT_OWNER
		case 'keep-history':
		case 'drop-history':
			if (!isOwner && !room.operators.includes(by.subject)) return NOT_OPERATOR
			return order.type === 'keep-history' && room.moved !== null ? MOVED : allowed
		case 'take-over':
			// Again after an answer that was lost: nothing is left to be done.
			return isOwner || room.heir?.subject === by.subject
				? allowed
				: refused('The room has not been handed to you.')
		case 'remove':
		case 'let-in': {
			const isOperator = room.operators.includes(by.subject)
			if (!isOwner && !isOperator) return NOT_OPERATOR
			if (order.subject === room.owner?.subject) return refused('The owner of a room stays in it.')
			if (order.subject === by.subject)
				return refused('Nobody removes themselves, or lets themselves in; leave the room instead.')
			if (!isOwner && room.operators.includes(order.subject))
				return refused('Only the owner may remove an operator, or let one in.')
			return allowed
		}
	}
}

const jsonOf = (text: string): unknown => {
	try {
		return JSON.parse(text)
	} catch {
		return undefined // not JSON is one of the ways not to be an order
	}
}

export interface OrderDeps {
	readonly config: Pick<Config, 'trustedProxies' | 'history'>
	readonly audience: () => Promise<string>
	readonly checks: RequestChecks
	readonly store: Pick<Store, 'rooms' | 'history'>
	readonly removals: Removals
	/** Where other processes see that an order was carried out. */
	readonly bus: Pick<Bus, 'mark' | 'isMarked'>
	/** Closes what `subject` has open in `room`. */
	readonly expel: (room: RoomId, subject: SubjectId) => void
	readonly counters: Counters
	readonly nowMs: () => number
	/** Told of each order that was carried out. */
	readonly onOrder: (room: RoomId, by: SubjectId, order: RoomOrder) => void
}

/** Returns what is to be called now and then, to forget what need not be remembered any more. */
export const addOrders = (app: FastifyInstance, deps: OrderDeps): ((nowMs: number) => void) => {
	const { checks, counters, removals } = deps
	const { rooms, history } = deps.store
	const moves = createKeyedBuckets(perMinute(MOVES_PER_MINUTE))
	/** Hashes of orders carried out, until they are too old to be taken anyway; in the order in which they came. */
	const seenUntilMs = new Map<string, number>()

	const carryOut = async (order: RoomOrder, id: RoomId, room: StoredRoom, by: Claims): Promise<boolean> => {
		switch (order.type) {
			case 'operators':
				// An older list than the one that is kept has been overtaken: nothing to do, and no fault.
				await rooms.setOperators(id, order.subjects, order.version)
				return true
			case 'remove':
				await rooms.addRemoval(id, order.subject, by.subject, deps.nowMs())
				removals.note(id, order.subject, true)
				deps.expel(id, order.subject)
				return true
			case 'let-in':
				await rooms.dropRemoval(id, order.subject)
				removals.note(id, order.subject, false)
				return true
			case 'hand-over': {
				const heir = { device: order.device, subject: order.subject }
				// Handed to its owner: taken back.
				await rooms.setHeir(id, isPerson(room.owner, heir) ? null : heir)
				return true
			}
			case 'take-over':
				return room.heir?.subject === by.subject ? rooms.takeOver(id, room.heir) : isPerson(room.owner, by)
			case 'moved':
				await rooms.setMoved(id, order.notes)
				await history.drop(id)
				return true
			case 'keep-history':
				// Never a number that an earlier history of this room had.
				await history.allow(id, order.verifier, deps.nowMs(), deps.nowMs())
				return true
			case 'drop-history':
				await history.drop(id)
				return true
		}
	}

	app.post<{ Params: { roomId: string } }>(
		'/api/rooms/:roomId/orders',
		{ config: { limit: 'orders' }, bodyLimit: ORDER_BODY_MAX_BYTES },
		async (request, reply) => {
			const id = checks.roomOf(request.params, reply)
			if (id === null) return reply
			const body = checks.parseBody(roomOrderRequest, request.body, reply)
			if (body === null || !checks.isInTime(body.atMs, reply)) return reply
			const claims = await checks.checkToken(body.token, reply)
			if (claims === null) return reply
			const text = orderProofText(await deps.audience(), id, body.atMs, body.order)
			if (!checks.isProven(claims, text, body.proof, reply)) return reply
			const order = checks.parseBody(roomOrder, jsonOf(body.order), reply)
			if (order === null) return reply
			if (order.type === 'keep-history' && deps.config.history === null) {
				counters.refused('not-offered')
				return sendApiError(reply, 'not-offered', 'This server keeps no histories of rooms.')
			}

			const room = await rooms.get(id)
			if (room === null) {
				counters.refused('http-not-found')
				return sendApiError(reply, 'no-such-room', 'There is no room under this code.')
			}
			const isOut = !isPerson(room.owner, claims) && (await rooms.isRemoved(id, claims.subject))
			const judgement = isOut
				? refused('You have been removed from this room.')
				: judgeOrder(order, room, claims)
			if (judgement.type === 'refused') {
				counters.refused('order-not-allowed')
				return sendApiError(reply, isOut ? 'removed' : 'not-allowed', judgement.message)
			}

			const seen = createHash('sha256').update(`${claims.device}|${text}`).digest('base64')
			if (seenUntilMs.has(seen) || (await deps.bus.isMarked(`order:${seen}`))) {
				counters.refused('order-replayed')
				return sendApiError(reply, 'bad-proof', 'This very order was given before; sign it anew.')
			}
			const isTooMany = seenUntilMs.size >= SEEN_MAX
			const moveWaitMs =
				order.type === 'moved'
					? moves.take(addressOf(request.raw, deps.config.trustedProxies), deps.nowMs())
					: 0
			if (isTooMany || moveWaitMs > 0) {
				counters.refused('http-rate')
				return sendApiError(reply, 'too-many-requests', 'Too many orders at once; wait a moment.', {
					retryAfterMs: Math.max(moveWaitMs, isTooMany ? 60_000 : 0),
				})
			}
			seenUntilMs.set(seen, body.atMs + PROOF_WINDOW_MS)
			let isDone = false
			try {
				isDone = await carryOut(order, id, room, claims)
			} finally {
				// What failed may be tried again with the same signature.
				if (!isDone) seenUntilMs.delete(seen)
			}
			if (isDone) await deps.bus.mark(`order:${seen}`, 2 * PROOF_WINDOW_MS)
			if (!isDone) {
				counters.refused('order-not-allowed')
				return sendApiError(reply, 'not-allowed', 'The room has been handed to somebody else since.')
			}
			deps.onOrder(id, claims.subject, order)
			return reply.header('cache-control', 'no-store').send({})
		},
	)

	return (nowMs) => {
		moves.prune(nowMs)
		for (const [seen, untilMs] of seenUntilMs) if (untilMs < nowMs) seenUntilMs.delete(seen)
	}
}
