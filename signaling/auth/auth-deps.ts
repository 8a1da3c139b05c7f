/**
 * What the routes of accounts share.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditEvent, Pseudonym } from '../audit-events.ts'
import type { Config } from '../config.ts'
import type { Counters } from '../counters.ts'
import type { RequestChecks } from '../requests.ts'
import type { Store } from '../store/store.ts'
import type { SessionGuard } from './current.ts'
import type { PasswordAccounts } from './password-accounts.ts'
import type { Sessions } from './sessions.ts'

export interface AuthDeps {
	readonly config: Pick<Config, 'accounts' | 'users' | 'publicOrigin' | 'allowedOrigins' | 'trustedProxies'>
	readonly store: Store
	readonly counters: Counters
	readonly checks: Pick<RequestChecks, 'parseBody'>
	readonly sessions: Sessions
	readonly guard: SessionGuard
	readonly accounts: PasswordAccounts
	readonly audit: {
		note(event: AuditEvent): void
		pseudonym(foldedUsername: string): Pseudonym
	}
	/** Whether pictures are only for those whom the door was opened. */
	readonly hasDoor: boolean
	/** Whom limits count a request for. */
	readonly addressOf: (request: FastifyRequest) => string
	readonly nowMs: () => number
}

/** An answer that is nobody else's. */
export const sendPrivate = (reply: FastifyReply, body: unknown): FastifyReply =>
	reply.header('cache-control', 'no-store').send(body)
