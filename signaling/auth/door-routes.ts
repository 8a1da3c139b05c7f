/**
 * POST /api/door: the one thing that can be asked before the door is open.
 */
import type { FastifyInstance } from 'fastify'
import { doorRequest } from '#lib/protocol/accounts.ts'
import { sendApiError } from '../api-errors.ts'
import { pageOf, type OriginRules } from '../origins.ts'
import { sendPrivate, type AuthDeps } from './auth-deps.ts'
import type { DoorPassword } from './door-password.ts'

export const addDoorRoutes = (
	app: FastifyInstance,
	deps: Pick<AuthDeps, 'counters' | 'checks' | 'audit'> & {
		readonly origins: OriginRules
		readonly door: DoorPassword | null
		/** A right answer does not count as a try. */
		readonly giveBackTry: (request: Parameters<AuthDeps['addressOf']>[0]) => void
	},
): void => {
	const { counters, door } = deps
	app.post('/api/door', { config: { limit: 'doorTries' } }, async (request, reply) => {
		const body = deps.checks.parseBody(doorRequest, request.body, reply)
		if (body === null) return reply
		if (door === null) {
			counters.refused('not-offered')
			return sendApiError(reply, 'not-offered', 'This server has no door password.')
		}
		const page = pageOf(request.headers, deps.origins)
		if (page === 'other') {
			counters.refused('http-origin')
			return sendApiError(reply, 'not-allowed', 'Pages of that origin may not use this server.')
		}
		if (!door.isRight(body.password)) {
			counters.refused('wrong-password')
			deps.audit.note({ type: 'door-refused' })
			return sendApiError(reply, 'wrong-password', 'This is not the door password.')
		}
		deps.giveBackTry(request)
		deps.audit.note({ type: 'door-opened' })
		const pass = door.newPass()
		if (page === 'allowed') return sendPrivate(reply, { door: pass })
		return sendPrivate(reply.header('set-cookie', door.cookie(pass)), {})
	})
}
