/**
 * What is answered where a password was not taken, in the same words wherever it is asked for.
 */
import type { FastifyReply } from 'fastify'
import { sendApiError } from '../api-errors.ts'
import type { SignInFailure } from '../audit-events.ts'
import type { AccountKind } from '../store/store.ts'
import { waitWords } from '../wait-words.ts'
import type { AuthDeps } from './auth-deps.ts'
import type { PasswordCheck } from './password-accounts.ts'
import { BUSY_RETRY_MS } from './passwords.ts'
import { foldUsername } from './usernames.ts'

export const sendBusy = (reply: FastifyReply, { counters }: Pick<AuthDeps, 'counters'>): FastifyReply => {
	counters.refused('hashing-busy')
	return sendApiError(
		reply,
		'unavailable',
		`The server has very much to do just now; try again ${waitWords(BUSY_RETRY_MS)}.`,
		{ retryAfterMs: BUSY_RETRY_MS },
	)
}

/** Sends, counts and notes the refusal. `wrong`: what to say of a wrong password. */
export const refusePassword = (
	reply: FastifyReply,
	deps: Pick<AuthDeps, 'counters' | 'audit'>,
	check: Exclude<PasswordCheck, { type: 'right' }>,
	tried: { readonly username: string; readonly kind: AccountKind; readonly wrong: string },
): FastifyReply => {
	const note = (why: SignInFailure): void =>
		deps.audit.note({
			type: 'sign-in-failed',
			kind: tried.kind,
			why,
			username: deps.audit.pseudonym(foldUsername(tried.username)),
		})
	switch (check.type) {
		case 'busy':
			return sendBusy(reply, deps)
		case 'too-often':
			deps.counters.refused('sign-in-rate')
			sendApiError(
				reply,
				'too-many-requests',
				`Too many tries with this username; try again ${waitWords(check.waitMs)}.`,
				{ retryAfterMs: check.waitMs },
			)
			note('limited')
			return reply
		case 'wrong':
			deps.counters.refused('wrong-password')
			sendApiError(reply, 'wrong-password', tried.wrong)
			note(check.known === null ? 'unknown-user' : 'wrong-password')
			return reply
	}
}
