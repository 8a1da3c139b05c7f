/**
 * Whose request this is: the session of a cookie, or for pages of ALLOWED_ORIGINS of a bearer header. Other pages'
 * requests belong to nobody, whatever cookies a browser sends along.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountView } from '#lib/protocol/accounts.ts'
import { sendApiError } from '../api-errors.ts'
import type { Counters } from '../counters.ts'
import { pageOf, type OriginRules } from '../origins.ts'
import type { AccountRecord } from '../store/store.ts'
import { accountViewOf } from './account-view.ts'
import { agentWords } from './agent.ts'
import { cookieOf } from './cookies.ts'
import type { CheckedSession, Sessions } from './sessions.ts'

export interface SessionGuardDeps {
	readonly sessions: Sessions
	readonly origins: OriginRules
	readonly counters: Counters
	/** Whether this way in is still open to the account: a name taken off the list, a provider no longer configured. */
	readonly maySignIn: (account: AccountRecord) => boolean
	/** The name of an outside provider, by its id in the configuration. */
	readonly providerName: (issuer: string) => string | null
}

export interface SessionAnswer {
	readonly account: AccountView
	/** Only for pages of another origin, which get no cookie. */
	readonly session?: string
}

export type SessionGuard = ReturnType<typeof createSessionGuard>

export const createSessionGuard = (deps: SessionGuardDeps) => {
	const { sessions, counters } = deps

	const bearerOf = ({ headers }: FastifyRequest): string | null =>
		/^Bearer ([a-z2-7]{40})$/i.exec(headers.authorization ?? '')?.[1] ?? null
	const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'
	const idOf = (request: FastifyRequest): string | null => {
		switch (pageOf(request.headers, deps.origins)) {
			case 'allowed':
				return bearerOf(request)
			case 'own':
				return cookieOf(request.headers, sessions.cookieName)
			case 'unnamed':
				// An extension that the person let into this site reads without an Origin. No page could send the header so.
				return (isRead(request) ? bearerOf(request) : null) ?? cookieOf(request.headers, sessions.cookieName)
			case 'other':
				return null
		}
	}

	/** The session, lengthened where it was due; null without an answer being sent. */
	const current = async (request: FastifyRequest, reply: FastifyReply): Promise<CheckedSession | null> => {
		const id = idOf(request)
		const checked = id === null ? null : await sessions.check(id)
		if (id === null || checked === null) return null
		if (!deps.maySignIn(checked.account)) {
			await sessions.end(id)
			return null
		}
		if (checked.isRenewed && bearerOf(request) === null) reply.header('set-cookie', sessions.cookie(id))
		return checked
	}

	const viewOf = (account: AccountRecord): AccountView =>
		accountViewOf(account, account.issuer === null ? null : deps.providerName(account.issuer))

	return {
		idOf,
		current,
		viewOf,

		/** The account of the request's session, or null for a guest. Rejects while the store is away. */
		account: async (request: FastifyRequest, reply: FastifyReply): Promise<AccountRecord | null> =>
			(await current(request, reply))?.account ?? null,

		/** As `current`, but null after the refusal was sent. */
		async required(request: FastifyRequest, reply: FastifyReply): Promise<CheckedSession | null> {
			const checked = await current(request, reply)
			if (checked === null) {
				counters.refused('signed-out')
				void sendApiError(reply, 'signed-out', 'Nobody is signed in on this device; sign in first.')
			}
			return checked
		},

		/** Whether a page may sign anybody in; false after the refusal was sent. */
		mayBegin(request: FastifyRequest, reply: FastifyReply): boolean {
			if (pageOf(request.headers, deps.origins) !== 'other') return true
			counters.refused('http-origin')
			void sendApiError(reply, 'not-allowed', 'Pages of that origin may not sign anybody in here.')
			return false
		},

		/**
		 * Signs `account` in: what session the request brought is ended, a new id goes out, by cookie or for pages of
		 * another origin in the answer. Ask `mayBegin` first.
		 */
		async begin(
			request: FastifyRequest,
			reply: FastifyReply,
			account: AccountRecord,
		): Promise<SessionAnswer> {
			const page = pageOf(request.headers, deps.origins)
			if (page === 'other') throw new Error('mayBegin was not asked')
			const old = idOf(request)
			if (old !== null) await sessions.end(old)
			const id = await sessions.begin(account.id, agentWords(request.headers['user-agent']))
			if (page === 'allowed') return { account: viewOf(account), session: id }
			reply.header('set-cookie', sessions.cookie(id))
			return { account: viewOf(account) }
		},

		/** Takes the cookie away. */
		forget: (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
			pageOf(request.headers, deps.origins) === 'allowed'
				? reply
				: reply.header('set-cookie', sessions.blankCookie()),
	}
}
