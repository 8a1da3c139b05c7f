/**
 * Signing up, in and out with username and password.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { signInRequest, signOutRequest, signUpRequest } from '#lib/protocol/accounts.ts'
import { nameProblem } from '#lib/protocol/names.ts'
import { NAME_MESSAGES } from '../api.ts'
import { sendApiError } from '../api-errors.ts'
import { sendPrivate, type AuthDeps } from './auth-deps.ts'
import { refusePassword, sendBusy } from './password-answers.ts'
import { foldUsername, tidyUsername, usernameProblem } from './usernames.ts'
import { passwordProblem } from './weak-passwords.ts'

const WRONG = 'Username and password do not fit together.'

export const addSignInRoutes = (app: FastifyInstance, deps: AuthDeps): void => {
	const { config, counters, checks, guard, accounts, audit } = deps
	const hasPasswords = config.accounts !== 'off' || config.users.length > 0

	const refuse = (
		reply: FastifyReply,
		error: 'bad-request' | 'not-offered' | 'weak-password' | 'username-taken',
		message: string,
	): FastifyReply => {
		counters.refused(error === 'bad-request' ? 'http-bad-request' : error)
		return sendApiError(reply, error, message)
	}
	const taken = (reply: FastifyReply): FastifyReply =>
		refuse(reply, 'username-taken', 'Somebody has this username already; choose another.')

	app.post('/api/auth/sign-up', { config: { limit: 'signUps' } }, async (request, reply) => {
		if (config.accounts !== 'on')
			return refuse(reply, 'not-offered', 'New accounts are not to be had on this server.')
		const body = checks.parseBody(signUpRequest, request.body, reply)
		if (body === null) return reply
		const username = tidyUsername(body.username)
		const problem = usernameProblem(username)
		if (problem !== null) return refuse(reply, 'bad-request', problem)
		const name = body.name ?? username.normalize('NFC')
		const nameTrouble = nameProblem(name)
		if (nameTrouble !== null) return refuse(reply, 'bad-request', NAME_MESSAGES[nameTrouble])
		const weak = passwordProblem(body.password, username)
		if (weak !== null) return refuse(reply, 'weak-password', weak)
		if (!guard.mayBegin(request, reply)) return reply
		if (await accounts.isTaken(foldUsername(username))) return taken(reply)

		const outcome = await accounts.create(username, name, body.password)
		if (outcome.type === 'busy') return sendBusy(reply, deps)
		if (outcome.type === 'taken') return taken(reply)
		const answer = await guard.begin(request, reply, outcome.account)
		sendPrivate(reply.code(201), answer)
		audit.note({ type: 'signed-up', account: outcome.account.id })
		return reply
	})

	app.post('/api/auth/sign-in', { config: { limit: 'signIns' } }, async (request, reply) => {
		if (!hasPasswords)
			return refuse(reply, 'not-offered', 'This server does not sign in with username and password.')
		const body = checks.parseBody(signInRequest, request.body, reply)
		if (body === null || !guard.mayBegin(request, reply)) return reply
		const check = await accounts.signIn(body.username, body.password, deps.addressOf(request))
		if (check.type !== 'right')
			return refusePassword(reply, deps, check, { username: body.username, kind: 'local', wrong: WRONG })
		const answer = await guard.begin(request, reply, check.account)
		sendPrivate(reply, answer)
		// After the answer: SQLite writes at once, and to disk.
		audit.note({ type: 'signed-in', kind: check.account.kind, account: check.account.id })
		return reply
	})

	// 200 also for somebody who is signed out already: what was wanted is so.
	app.post('/api/auth/sign-out', { config: { limit: 'accountChanges' } }, async (request, reply) => {
		const body = checks.parseBody(signOutRequest, request.body, reply)
		if (body === null) return reply
		const checked = await guard.current(request, reply)
		const everywhere = body.everywhere
		if (checked !== null) {
			if (everywhere) await deps.sessions.endAll(checked.account.id)
			else await deps.sessions.endByHash(checked.hash)
			audit.note({ type: 'signed-out', account: checked.account.id, everywhere })
		}
		return sendPrivate(guard.forget(request, reply), {})
	})
}
