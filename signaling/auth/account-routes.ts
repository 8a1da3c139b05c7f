/**
 * The account page: what is kept of somebody, and what they may do with it.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { accountChange, accountDeletion, passwordChange, type AccountView } from '#lib/protocol/accounts.ts'
import { nameProblem } from '#lib/protocol/names.ts'
import { NAME_MESSAGES } from '../api.ts'
import { sendApiError } from '../api-errors.ts'
import { sendPrivate, type AuthDeps } from './auth-deps.ts'
import type { CheckedSession } from './sessions.ts'
import { refusePassword, sendBusy } from './password-answers.ts'
import { passwordProblem } from './weak-passwords.ts'

/** Of a session's hash, so that its owner can name it: no way back to the id. */
const DEVICE_ID_CHARS = 32

export const addAccountRoutes = (app: FastifyInstance, deps: AuthDeps): void => {
	const { counters, checks, guard, accounts, sessions, store, audit } = deps
	const change = { config: { limit: 'accountChanges' } } as const

	const viewNow = async (checked: CheckedSession, reply: FastifyReply): Promise<FastifyReply> => {
		const account = await store.accounts.byId(checked.account.id)
		if (account !== null) return sendPrivate(reply, guard.viewOf(account))
		counters.refused('signed-out')
		return sendApiError(reply, 'signed-out', 'This account is gone.')
	}

	app.get('/api/account', async (request, reply) => {
		const checked = await guard.required(request, reply)
		if (checked === null) return reply
		const view: AccountView = guard.viewOf(checked.account)
		return sendPrivate(reply, view)
	})

	app.post('/api/account', change, async (request, reply) => {
		const checked = await guard.required(request, reply)
		const body = checked === null ? null : checks.parseBody(accountChange, request.body, reply)
		if (checked === null || body === null) return reply
		const problem = nameProblem(body.name)
		if (problem !== null) {
			counters.refused('http-bad-request')
			return sendApiError(reply, 'bad-request', NAME_MESSAGES[problem])
		}
		await store.accounts.change(checked.account.id, { name: body.name })
		return viewNow(checked, reply)
	})

	app.post('/api/account/password', change, async (request, reply) => {
		const checked = await guard.required(request, reply)
		const body = checked === null ? null : checks.parseBody(passwordChange, request.body, reply)
		if (checked === null || body === null) return reply
		const { account } = checked
		if (account.kind !== 'local') {
			counters.refused('not-offered')
			const where = account.kind === 'list' ? 'by whoever runs this server' : 'where you sign in'
			return sendApiError(reply, 'not-offered', `The password of this account is changed ${where}.`)
		}
		const username = account.username ?? ''
		const weak = passwordProblem(body.next, username)
		if (weak !== null) {
			counters.refused('weak-password')
			return sendApiError(reply, 'weak-password', weak)
		}
		const check = await accounts.confirm(account, body.current, deps.addressOf(request))
		if (check.type !== 'right')
			return refusePassword(reply, deps, check, {
				username,
				kind: account.kind,
				wrong: 'The password so far is another one.',
			})
		if ((await accounts.changePassword(account, body.next)) === 'busy') return sendBusy(reply, deps)
		// Whoever had the old password is out.
		await sessions.endOthers(account.id, checked.hash)
		audit.note({ type: 'password-changed', account: account.id })
		return sendPrivate(reply, {})
	})

	app.get('/api/account/devices', async (request, reply) => {
		const checked = await guard.required(request, reply)
		if (checked === null) return reply
		const devices = (await sessions.ofAccount(checked.account.id)).slice(0, 100).map((session) => ({
			id: session.hash.slice(0, DEVICE_ID_CHARS),
			agent: session.agent,
			createdAtMs: session.createdAtMs,
			lastSeenAtMs: session.lastSeenAtMs,
			isThis: session.hash === checked.hash,
		}))
		return sendPrivate(reply, { devices })
	})

	app.delete<{ Params: { id: string } }>('/api/account/devices/:id', change, async (request, reply) => {
		const checked = await guard.required(request, reply)
		if (checked === null) return reply
		const { id } = request.params
		const session = (await sessions.ofAccount(checked.account.id)).find(
			({ hash }) => hash.slice(0, DEVICE_ID_CHARS) === id,
		)
		if (session === undefined) {
			counters.refused('http-not-found')
			return sendApiError(reply, 'not-found', 'This device is signed out already.')
		}
		await sessions.endByHash(session.hash)
		audit.note({ type: 'signed-out', account: checked.account.id, everywhere: false })
		return sendPrivate(session.hash === checked.hash ? guard.forget(request, reply) : reply, {})
	})

	app.post('/api/account/delete', change, async (request, reply) => {
		const checked = await guard.required(request, reply)
		const body = checked === null ? null : checks.parseBody(accountDeletion, request.body, reply)
		if (checked === null || body === null) return reply
		const { account } = checked
		if (account.kind !== 'oidc') {
			const check = await accounts.confirm(account, body.password ?? '', deps.addressOf(request))
			if (check.type !== 'right')
				return refusePassword(reply, deps, check, {
					username: account.username ?? '',
					kind: account.kind,
					wrong: 'This is not the password of this account.',
				})
		}
		await store.accounts.remove(account.id)
		audit.note({ type: 'account-deleted', account: account.id })
		return sendPrivate(guard.forget(request, reply), {})
	})

	/**
	 * All that the server keeps about the account itself. Not the audit log: its rows are one chain about everybody,
	 * kept for those who run the server, and a piece of it proves nothing without the rest.
	 */
	app.get('/api/account/export', { config: { limit: 'accountChanges' } }, async (request, reply) => {
		const checked = await guard.required(request, reply)
		if (checked === null) return reply
		const { account } = checked
		const picture = account.pictureId === null ? null : await store.pictures.get(account.pictureId)
		return sendPrivate(reply.header('content-disposition', 'attachment; filename="matinee-account.json"'), {
			exportedAtMs: Math.round(deps.nowMs()),
			account: guard.viewOf(account),
			sessions: (await sessions.ofAccount(account.id)).map((session) => ({
				agent: session.agent,
				createdAtMs: session.createdAtMs,
				lastSeenAtMs: session.lastSeenAtMs,
				expiresAtMs: session.expiresAtMs,
			})),
			pictures:
				picture === null
					? []
					: [{ id: picture.id, type: picture.type, base64: Buffer.from(picture.bytes).toString('base64') }],
		})
	})
}
