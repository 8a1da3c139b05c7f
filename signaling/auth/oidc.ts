/**
 * Signing in with an outside provider: out to it, back from it, and for pages of other origins the exchange of the
 * code they come back with. Whatever goes wrong ends at /login with one of `OIDC_PROBLEMS`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { tidyName } from '#lib/protocol/names.ts'
import { exchangeRequest } from '#lib/protocol/accounts.ts'
import { sendApiError } from '../api-errors.ts'
import type { SignInFailure } from '../audit-events.ts'
import type { Keys } from '../keys.ts'
import type { OriginRules } from '../origins.ts'
import { StoreUnavailable } from '../store/sql.ts'
import type { AccountKey, AccountRecord } from '../store/store.ts'
import { newAccountId } from './account-id.ts'
import { sendPrivate, type AuthDeps } from './auth-deps.ts'
import { cookieName, cookieOf, cookieText } from './cookies.ts'
import type { DoorPassword } from './door-password.ts'
import {
	createOidcClient,
	newChecks,
	type OidcClient,
	type OidcPerson,
	type OidcProblem,
} from './oidc-client.ts'
import { appPath, createFlows, FLOW_LIFETIME_MS, returnPathOf, type Flow } from './oidc-flows.ts'
import { isLoopback, type OidcIssuer } from './oidc-issuers.ts'

declare module 'fastify' {
	interface FastifyContextConfig {
		/** The route itself looks after the door password. */
		hasOwnDoor?: boolean
	}
}

/** Sign-ins that one browser may have under way at once, each in a cookie. */
const SLOTS = ['0', '1', '2', '3'] as const

export interface OidcDeps extends Pick<
	AuthDeps,
	'store' | 'counters' | 'checks' | 'guard' | 'audit' | 'nowMs'
> {
	readonly issuers: readonly OidcIssuer[]
	readonly origins: OriginRules
	readonly keys: Pick<Keys, 'ring'>
	readonly door: Pick<DoorPassword, 'isOpenTo'> | null
	readonly isSecure: boolean
	/** How long a provider may take for one answer. */
	readonly timeoutMs: number
}

const words = (input: unknown): string | null => (typeof input === 'string' ? input : null)

/** Returns what is to be called now and then, to forget what need not be remembered any more. */
export const addOidcRoutes = (app: FastifyInstance, deps: OidcDeps): ((nowMs: number) => void) => {
	const { counters, guard, audit, origins, isSecure, nowMs } = deps
	const flows = createFlows({ keys: deps.keys, nowMs })
	const clients = new Map<string, OidcClient>(
		deps.issuers.map((issuer) => [issuer.id, createOidcClient(issuer, { nowMs, timeoutMs: deps.timeoutMs })]),
	)

	/** This server as the browser reaches it; null where the operator has not said and it is not this machine. */
	const ownOrigin = (request: FastifyRequest): string | null => {
		if (origins.publicOrigin !== null) return origins.publicOrigin
		const origin = `${request.protocol}://${request.headers.host ?? ''}`
		return URL.canParse(origin) && new URL(origin).origin === origin && isLoopback(new URL(origin).hostname)
			? origin
			: null
	}

	const redirect = (reply: FastifyReply, url: string): FastifyReply =>
		reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(url, 302)

	const loginPageOf = (client: Flow['client']): string =>
		client === null ? '/login' : `${client.origin}${client.path}/login`

	/** Back to the page where one signs in, on the origin that it was begun from. */
	const fail = (reply: FastifyReply, problem: OidcProblem, client: Flow['client'] = null): FastifyReply => {
		counters.refused(`oidc-${problem}`)
		return redirect(reply, `${loginPageOf(client)}?problem=${problem}`)
	}
	const noteFailure = (why: SignInFailure): void =>
		audit.note({ type: 'sign-in-failed', kind: 'oidc', why, username: null })

	const flowCookie = (slot: string): string => cookieName(`oidc-${slot}`, isSecure)
	const setFlow = (reply: FastifyReply, slot: string, value: string): FastifyReply =>
		reply.header(
			'set-cookie',
			cookieText(flowCookie(slot), value, {
				maxAgeS: value === '' ? 0 : FLOW_LIFETIME_MS / 1000,
				isSecure,
			}),
		)

	/** A page of another origin that asks for a code instead of a cookie; `bad` where it may not. */
	const clientOf = (query: Readonly<Record<string, unknown>>): Flow['client'] | 'bad' => {
		if (query['client'] === undefined) return null
		const [origin, challenge] = [words(query['client']), words(query['challenge'])]
		const isKnown = origin !== null && origins.allowedOrigins.includes(origin)
		const path = appPath.parse(query['path'] ?? '')
		return isKnown && path !== undefined && challenge !== null && /^[A-Za-z0-9_-]{43}$/.test(challenge)
			? { origin, path, challenge }
			: 'bad'
	}

	/** A store that is away ends at the sign-in page too: what asks here is a person's browser, not a program. */
	const orUnavailable = async (
		reply: FastifyReply,
		work: () => Promise<FastifyReply>,
	): Promise<FastifyReply> => {
		try {
			return await work()
		} catch (error) {
			if (!(error instanceof StoreUnavailable)) throw error
			reply.log.error({ err: error }, 'the store failed')
			return fail(reply, 'unavailable')
		}
	}

	const start = async (
		request: FastifyRequest<{ Params: { issuer: string }; Querystring: Record<string, unknown> }>,
		reply: FastifyReply,
	): Promise<FastifyReply> => {
		const client = clientOf(request.query)
		if (client === 'bad') {
			counters.refused('http-bad-request')
			return sendApiError(reply, 'bad-request', 'Pages of that origin cannot sign anybody in here.')
		}
		// A page of another origin shows its pass in a header, which no link has: it is asked for at the exchange.
		if (client === null && deps.door?.isOpenTo(request.headers) === false) {
			counters.refused('door-closed')
			return sendApiError(reply, 'door-closed', 'Give the door password first.')
		}
		const provider = clients.get(request.params.issuer)
		if (provider === undefined) return fail(reply, 'not-offered', client)
		const origin = ownOrigin(request)
		if (origin === null) {
			request.log.error('PUBLIC_ORIGIN has to be set for people to sign in with a provider from elsewhere')
			return fail(reply, 'not-offered', client)
		}

		const headers = request.headers
		const slot =
			SLOTS.find((free) => cookieOf(headers, flowCookie(free)) === null) ??
			SLOTS[Math.floor(nowMs()) % SLOTS.length] ??
			SLOTS[0]
		const flow: Flow = {
			issuer: provider.issuer.id,
			...newChecks(slot),
			returnPath: returnPathOf(request.query['return']),
			redirectUri: `${origin}/api/auth/oidc/${provider.issuer.id}/callback`,
			client,
			atMs: Math.floor(nowMs()),
		}
		const address = await provider.addressFor(flow, flow.redirectUri)
		if (address.type === 'failed') {
			request.log.warn({ issuer: provider.issuer.id, detail: address.detail }, 'a provider failed')
			noteFailure('provider')
			return fail(reply, address.problem, client)
		}
		return redirect(setFlow(reply, slot, await flows.sealFlow(flow)), address.url)
	}

	const accountOf = async (person: OidcPerson, issuer: OidcIssuer): Promise<AccountRecord> => {
		const { accounts } = deps.store
		const key: AccountKey = { type: 'issuer', issuerUrl: person.issuerUrl, subject: person.subject }
		const known = await accounts.byKey(key)
		if (known !== null) return known
		const account: AccountRecord = {
			id: newAccountId(),
			kind: 'oidc',
			username: null,
			name: person.name ?? tidyName(`${issuer.name} account`) ?? 'Account',
			// Not the provider's: fetching what a stranger names would let them reach into this server's network.
			pictureId: null,
			issuer: issuer.id,
			createdAtMs: Math.floor(nowMs()),
			passwordHash: null,
		}
		if ((await accounts.create(account, key)) === 'created') {
			audit.note({ type: 'signed-up', account: account.id })
			return account
		}
		const made = await accounts.byKey(key) // by another tab, a moment ago
		if (made === null) throw new StoreUnavailable('an account came and went')
		return made
	}

	const callback = async (
		request: FastifyRequest<{ Params: { issuer: string }; Querystring: Record<string, unknown> }>,
		reply: FastifyReply,
	): Promise<FastifyReply> => {
		const state = words(request.query['state']) ?? ''
		const slot = SLOTS.find((known) => known === state[0])
		const cookie = slot === undefined ? null : cookieOf(request.headers, flowCookie(slot))
		const flow = await flows.openFlow(cookie)
		if (flow === null || slot === undefined || flow.state !== state || flow.issuer !== request.params.issuer)
			return fail(reply, flows.isUsed(state) ? 'reused' : 'expired')
		setFlow(reply, slot, '')
		// Before anything is waited for: of two at once one goes on.
		if (!flows.useState(flow)) {
			noteFailure('stale')
			return fail(reply, 'reused', flow.client)
		}
		const provider = clients.get(flow.issuer)
		if (provider === undefined) return fail(reply, 'not-offered', flow.client)

		const address = new URL(flow.redirectUri)
		const at = request.url.indexOf('?')
		address.search = at < 0 ? '' : request.url.slice(at)
		const person = await provider.personOf(address, flow)
		if (person.type === 'failed') {
			request.log.warn({ issuer: flow.issuer, detail: person.detail }, 'a sign-in with a provider failed')
			noteFailure(person.problem === 'expired' ? 'stale' : 'provider')
			return fail(reply, person.problem, flow.client)
		}
		const account = await accountOf(person, provider.issuer)
		if (flow.client !== null) {
			const code = await flows.newCode(account.id, flow.client.origin, flow.client.challenge)
			return redirect(reply, `${loginPageOf(flow.client)}#code=${code}`)
		}
		if (!guard.mayBegin(request, reply)) return reply
		await guard.begin(request, reply, account)
		audit.note({ type: 'signed-in', kind: 'oidc', account: account.id })
		return redirect(reply, flow.returnPath)
	}

	// No HEAD: asking about a callback must not use it up.
	const rules = { config: { limit: 'identities', hasOwnDoor: true }, exposeHeadRoute: false } as const
	app.get<{ Params: { issuer: string }; Querystring: Record<string, unknown> }>(
		'/api/auth/oidc/:issuer/start',
		rules,
		(request, reply) => orUnavailable(reply, () => start(request, reply)),
	)
	app.get<{ Params: { issuer: string }; Querystring: Record<string, unknown> }>(
		'/api/auth/oidc/:issuer/callback',
		rules,
		(request, reply) => orUnavailable(reply, () => callback(request, reply)),
	)

	app.post('/api/auth/exchange', { config: { limit: 'signIns' } }, async (request, reply) => {
		const body = deps.checks.parseBody(exchangeRequest, request.body, reply)
		if (body === null || !guard.mayBegin(request, reply)) return reply
		const id = await flows.redeemCode(body.code, body.verifier, request.headers.origin ?? '')
		const account = id === null ? null : await deps.store.accounts.byId(id)
		if (account === null) {
			counters.refused('oidc-code')
			noteFailure('stale')
			return sendApiError(
				reply,
				'bad-proof',
				'This sign-in has been used, has run out, or was begun by another page; sign in again.',
			)
		}
		const answer = await guard.begin(request, reply, account)
		audit.note({ type: 'signed-in', kind: 'oidc', account: account.id })
		return sendPrivate(reply, answer)
	})

	return (atMs) => flows.prune(atMs)
}
