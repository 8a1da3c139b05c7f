/**
 * What requests have in common: a body by a schema, a clock that is right, a token of ours, a room's id. Each check
 * answers null (or false) after the refusal was sent and counted.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { ID_PATTERN, type RoomId } from '#lib/core/units.ts'
import type { Schema } from '#lib/protocol/schema.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'
import type { Claims, IdentityIssuer } from './identity.ts'
import { isSignedBy, PROOF_WINDOW_MS } from './proof.ts'

/** Enough to follow one room through a log, too little to find it. */
export const hashForLog = (room: string): string =>
	createHash('sha256').update(room).digest('hex').slice(0, 8)

export type RequestChecks = ReturnType<typeof createRequestChecks>

export const createRequestChecks = (deps: {
	readonly issuer: Pick<IdentityIssuer, 'check'>
	readonly counters: Counters
	readonly nowMs: () => number
}) => {
	const { counters } = deps
	return {
		parseBody<T>(schema: Schema<T>, body: unknown, reply: FastifyReply): T | null {
			const parsed = schema.parse(body)
			if (parsed !== undefined) return parsed
			counters.refused('http-bad-request')
			void sendApiError(reply, 'bad-request', 'The request does not have the fields it should have.')
			return null
		},

		isInTime(atMs: number, reply: FastifyReply): boolean {
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
		},

		/** Rejects while the server has no keys because its store is away. */
		async checkToken(token: string, reply: FastifyReply): Promise<Claims | null> {
			const check = await deps.issuer.check(token)
			if (check.type === 'good') return check.claims
			counters.refused('bad-token')
			void (check.type === 'expired'
				? sendApiError(reply, 'expired-token', 'The identity has expired; ask for a new one.')
				: sendApiError(reply, 'bad-token', 'This is no identity of this server; ask for a new one.'))
			return null
		},

		isProven(claims: Pick<Claims, 'jwk'>, text: string, proof: string, reply: FastifyReply): boolean {
			if (isSignedBy(claims.jwk, text, proof)) return true
			counters.refused('bad-proof')
			void sendApiError(reply, 'bad-proof', 'The signature does not fit the request and the device key.')
			return false
		},

		roomOf(params: { readonly roomId: string }, reply: FastifyReply): RoomId | null {
			if (ID_PATTERN.test(params.roomId)) return params.roomId as RoomId
			// The same answer as for a room nobody made: an id that cannot be is one more that is not.
			counters.refused('http-not-found')
			void sendApiError(reply, 'no-such-room', 'There is no room under this code.')
			return null
		},
	}
}
