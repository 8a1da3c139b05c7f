/**
 * Puts accounts together: sessions, passwords, the list, the door, and their routes.
 */
import type { FastifyInstance } from 'fastify'
import type { AuthOffer } from '#lib/protocol/http.ts'
import { addressOf } from '../address.ts'
import type { Config } from '../config.ts'
import type { RequestLimits } from '../http-rules.ts'
import type { Keys } from '../keys.ts'
import type { SharedLimits } from '../shared-limits.ts'
import { addAccountRoutes } from './account-routes.ts'
import type { AuthDeps } from './auth-deps.ts'
import { createSessionGuard } from './current.ts'
import { createDoorPassword } from './door-password.ts'
import { addDoorRoutes } from './door-routes.ts'
import { createPasswordAccounts, hashListed } from './password-accounts.ts'
import { createPasswords } from './passwords.ts'
import { addOidcRoutes } from './oidc.ts'
import { addPictureRoutes } from './picture-routes.ts'
import { addRequestRules } from './request-rules.ts'
import { createSessions } from './sessions.ts'
import { addSignInRoutes } from './sign-in-routes.ts'
import { createTryLimits } from './try-limits.ts'

const REMOVE_EXPIRED_EVERY_MS = 3_600_000

export type Auth = Awaited<ReturnType<typeof createAuth>>

/**
 * Hashes what is plain in the configuration, and sets the rules for requests: call it before routes are added, and
 * `addRoutes` after.
 */
export const createAuth = async (
	app: FastifyInstance,
	deps: Pick<AuthDeps, 'store' | 'counters' | 'checks' | 'audit' | 'nowMs'> & {
		readonly config: Config
		readonly keys: Pick<Keys, 'ring'>
		/** How long an outside provider may take for one answer. */
		readonly providerTimeoutMs: number
		readonly requestLimits: RequestLimits
		readonly sharedLimits: SharedLimits
		readonly onFault: (error: unknown) => void
	},
) => {
	const { config, store, counters, checks, audit, nowMs } = deps
	const isSecure = config.publicOrigin?.startsWith('https:') ?? config.tls !== null
	const passwords = await createPasswords()
	const limits = createTryLimits(config.limits.signInsPerAccountPerMinute, deps.sharedLimits)
	const accounts = createPasswordAccounts({
		store,
		passwords,
		listed: await hashListed(config.users, passwords),
		hasLocal: config.accounts !== 'off',
		limits,
		nowMs,
	})
	const sessions = createSessions({ store, nowMs, isSecure })
	const guard = createSessionGuard({
		sessions,
		origins: config,
		counters,
		maySignIn: (account) => {
			switch (account.kind) {
				case 'local':
					return config.accounts !== 'off'
				case 'list':
					return accounts.isListed(account)
				case 'oidc':
					return config.issuers.some(({ id }) => id === account.issuer)
			}
		},
		providerName: (id) => config.issuers.find((issuer) => issuer.id === id)?.name ?? null,
	})
	const door =
		config.doorPassword === null
			? null
			: await createDoorPassword({ password: config.doorPassword, origins: config, isSecure, nowMs })
	addRequestRules(app, {
		origins: config,
		counters,
		cookieNames: [sessions.cookieName, ...(door === null ? [] : [door.cookieName])],
		door,
	})

	const offer: AuthOffer = {
		guests: config.hasGuests,
		passwords: config.accounts !== 'off' || config.users.length > 0,
		signUp: config.accounts === 'on',
		door: door !== null,
		issuers: config.issuers.map(({ id, name }) => ({ id, name })),
	}
	let removedExpiredAtMs = -Infinity
	let pruneOidc: (atMs: number) => void = () => undefined

	return {
		guard,
		sessions,
		offer,
		/** Null where everybody may come in. */
		door,
		async addRoutes(): Promise<void> {
			const client = (request: Parameters<AuthDeps['addressOf']>[0]): string =>
				addressOf(request.raw, config.trustedProxies)
			const routes: AuthDeps = {
				config,
				store,
				counters,
				checks,
				sessions,
				guard,
				accounts,
				audit,
				hasDoor: door !== null,
				addressOf: client,
				nowMs,
			}
			addDoorRoutes(app, {
				...routes,
				origins: config,
				door,
				giveBackTry: (request) => deps.requestLimits.doorTries.giveBack(client(request), nowMs()),
			})
			addSignInRoutes(app, routes)
			addAccountRoutes(app, routes)
			await addPictureRoutes(app, routes)
			pruneOidc = addOidcRoutes(app, {
				...routes,
				issuers: config.issuers,
				origins: config,
				keys: deps.keys,
				door,
				isSecure,
				timeoutMs: deps.providerTimeoutMs,
			})
		},
		sweep(atMs: number): void {
			limits.prune(atMs)
			pruneOidc(atMs)
			if (atMs - removedExpiredAtMs < REMOVE_EXPIRED_EVERY_MS) return
			removedExpiredAtMs = atMs
			sessions.removeExpired().catch(deps.onFault)
		},
	}
}
