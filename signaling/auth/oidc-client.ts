/**
 * One outside provider, by openid-client: discovery when it is first needed, the address to send people to, and what
 * came of their coming back. Whatever the provider does is an outcome; nothing it says is logged or shown.
 */
import * as client from 'openid-client'
import { tidyName } from '#lib/protocol/names.ts'
import type { OidcIssuer } from './oidc-issuers.ts'

/** Why nobody was signed in. The page at /login has a sentence for each; `?problem=` carries it there. */
export const OIDC_PROBLEMS = [
	/** Begun elsewhere, more than ten minutes ago, or not at all. */
	'expired',
	/** Used before: the back button, a link that was copied. */
	'reused',
	/** The person said no at the provider. */
	'refused',
	/** The provider does not answer. */
	'provider-down',
	/** The provider answers what it must not. */
	'provider-nonsense',
	/** No such provider here. */
	'not-offered',
	/** This server cannot reach its own store. */
	'unavailable',
] as const
export type OidcProblem = (typeof OIDC_PROBLEMS)[number]

export const PROVIDER_TIMEOUT_MS = 8_000
/** Metadata, keys and tokens are some kilobytes. */
const ANSWER_MAX_BYTES = 256 * 1024
const METADATA_MAX_AGE_MS = 12 * 3_600_000
const CLOCK_TOLERANCE_S = 60
/** Errors that the provider sends back for a person who would not, or could not, be signed in (OpenID Connect, 3.1.2.6). */
const PERSONS_NO = [
	'access_denied',
	'login_required',
	'interaction_required',
	'consent_required',
	'account_selection_required',
]

/** What is told to the log: the kind of failure, and of what the provider said only a listed error code. */
export interface OidcFailure {
	readonly type: 'failed'
	readonly problem: OidcProblem
	readonly detail: string
}
export interface OidcPerson {
	readonly type: 'person'
	/** The issuer as it calls itself: with `subject` who somebody is, for ever. */
	readonly issuerUrl: string
	readonly subject: string
	/** What to call them; null where nothing usable was told. */
	readonly name: string | null
}

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const problemOf = (error: unknown): OidcProblem => {
	if (error instanceof client.AuthorizationResponseError) {
		if (PERSONS_NO.includes(error.error)) return 'refused'
		const isDown = error.error === 'temporarily_unavailable' || error.error === 'server_error'
		return isDown ? 'provider-down' : 'provider-nonsense'
	}
	if (error instanceof client.ResponseBodyError) {
		// The code is used up, too old, or was given to somebody else.
		if (error.error === 'invalid_grant') return 'expired'
		return error.status >= 500 ? 'provider-down' : 'provider-nonsense'
	}
	if (error instanceof client.ClientError) {
		if (error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT') return 'provider-down'
		return error.cause instanceof Response && error.cause.status >= 500
			? 'provider-down'
			: 'provider-nonsense'
	}
	// fetch says no more than that; openid-client's own TypeErrors have a code.
	return error instanceof TypeError && codeOf(error) === '' ? 'provider-down' : 'provider-nonsense'
}

const failureOf = (error: unknown): OidcFailure => ({
	type: 'failed',
	problem: problemOf(error),
	detail: [
		error instanceof Error ? error.name : 'unknown',
		codeOf(error),
		error instanceof client.ResponseBodyError && /^[a-z_]{1,40}$/.test(error.error) ? error.error : '',
	]
		.filter((word) => word !== '')
		.join(' '),
})

/** A provider that never stops talking is cut off. */
const boundedFetch: client.CustomFetch = async (url, options) => {
	const response = await fetch(url, options as RequestInit)
	const parts: Uint8Array[] = []
	let size = 0
	for await (const part of response.body ?? []) {
		const bytes = part as Uint8Array
		size += bytes.byteLength
		if (size > ANSWER_MAX_BYTES) throw new client.ClientError('the answer is too big')
		parts.push(bytes)
	}
	const { status, headers } = response
	return new Response(size === 0 ? null : Buffer.concat(parts), { status, headers })
}

/** As the provider prefers it; by header where it does not say (OpenID Connect Discovery, 3). */
const authentication = (secret: string | null): client.ClientAuth => {
	if (secret === null) return client.None()
	const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]
	return (server, ...rest) => {
		const methods = server.token_endpoint_auth_methods_supported
		const isPost = Array.isArray(methods) && !methods.includes('client_secret_basic')
		return (isPost ? post : basic)(server, ...rest)
	}
}

/** The first thing one can be called by. Of an address only what stands before the @. */
const nameIn = (claims: Readonly<Record<string, unknown>>): string | null => {
	const { name, preferred_username: username, email } = claims
	for (const candidate of [name, username, typeof email === 'string' ? email.split('@')[0] : null]) {
		const tidy = typeof candidate === 'string' ? tidyName(candidate.slice(0, 200)) : null
		if (tidy !== null) return tidy
	}
	return null
}

export interface OidcChecks {
	readonly state: string
	readonly nonce: string
	/** PKCE. */
	readonly verifier: string
}

/** 256 random bits each. `mark` stands before the state, to find what belongs to it again. */
export const newChecks = (mark: string): OidcChecks => ({
	state: `${mark}${client.randomState()}`,
	nonce: client.randomNonce(),
	verifier: client.randomPKCECodeVerifier(),
})

export type OidcClient = ReturnType<typeof createOidcClient>

export const createOidcClient = (
	issuer: OidcIssuer,
	deps: { readonly nowMs: () => number; readonly timeoutMs: number },
) => {
	let known: { readonly configuration: client.Configuration; readonly atMs: number } | null = null
	let pending: Promise<client.Configuration> | null = null

	const discover = async (): Promise<client.Configuration> => {
		const configuration = await client.discovery(
			new URL(issuer.url),
			issuer.clientId,
			{ [client.clockTolerance]: CLOCK_TOLERANCE_S },
			authentication(issuer.clientSecret),
			{
				timeout: deps.timeoutMs / 1000,
				[client.customFetch]: boundedFetch,
				execute: [
					// Not only what TLS vouches for: the id token's signature too.
					client.enableNonRepudiationChecks,
					...(issuer.url.startsWith('http:') ? [client.allowInsecureRequests] : []),
				],
			},
		)
		known = { configuration, atMs: deps.nowMs() }
		return configuration
	}
	/** Metadata as known, asked for anew after half a day; old metadata serve on where that fails. */
	const configured = async (): Promise<client.Configuration> => {
		if (known !== null && deps.nowMs() - known.atMs < METADATA_MAX_AGE_MS) return known.configuration
		try {
			return await (pending ??= discover().finally(() => (pending = null)))
		} catch (error) {
			if (known !== null) return known.configuration
			throw error
		}
	}

	/** The id token mostly says; some providers tell names only when asked for them. */
	const nameOf = async (
		configuration: client.Configuration,
		claims: client.IDToken,
		accessToken: string,
	): Promise<string | null> => {
		const name = nameIn(claims)
		if (name !== null || configuration.serverMetadata().userinfo_endpoint === undefined) return name
		try {
			return nameIn(await client.fetchUserInfo(configuration, accessToken, claims.sub))
		} catch {
			return null // a name is not worth failing for: it can be changed here
		}
	}

	return {
		issuer,

		/** Where to send somebody who wants to sign in. */
		async addressFor(
			checks: OidcChecks,
			redirectUri: string,
		): Promise<{ readonly type: 'address'; readonly url: string } | OidcFailure> {
			try {
				const url = client.buildAuthorizationUrl(await configured(), {
					redirect_uri: redirectUri,
					scope: issuer.scope,
					state: checks.state,
					nonce: checks.nonce,
					code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
					code_challenge_method: 'S256',
				})
				// Metadata could name anything, javascript: too.
				if (url.protocol !== 'https:' && url.protocol !== new URL(issuer.url).protocol)
					return { type: 'failed', problem: 'provider-nonsense', detail: 'authorization endpoint' }
				return { type: 'address', url: url.href }
			} catch (error) {
				return failureOf(error)
			}
		},

		/** `callback`: the redirect URI with what the provider has put behind it. */
		async personOf(callback: URL, checks: OidcChecks): Promise<OidcPerson | OidcFailure> {
			try {
				const configuration = await configured()
				const tokens = await client.authorizationCodeGrant(configuration, callback, {
					expectedState: checks.state,
					expectedNonce: checks.nonce,
					pkceCodeVerifier: checks.verifier,
					idTokenExpected: true,
				})
				const claims = tokens.claims()
				if (claims === undefined || claims.sub.length > 255)
					return { type: 'failed', problem: 'provider-nonsense', detail: 'subject' }
				return {
					type: 'person',
					issuerUrl: claims.iss,
					subject: claims.sub,
					name: await nameOf(configuration, claims, tokens.access_token),
				}
			} catch (error) {
				return failureOf(error)
			}
		},
	}
}
