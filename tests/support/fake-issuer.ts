/**
 * An OpenID provider that does whatever a test wants: says nonsense, fails, hangs.
 */
import {
	exportJWK,
	generateKeyPair,
	SignJWT,
	UnsecuredJWT,
	type GenerateKeyPairResult,
	type JWTPayload,
} from 'jose'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Route = 'discovery' | 'keys' | 'token' | 'userinfo'
/** Answers instead of what would be right. */
export type Behaviour = (response: ServerResponse) => void

export interface FakeIssuer {
	readonly url: string
	/** How a route answers from now on; null for rightly. */
	behave(route: Route, behaviour: Behaviour | null): void
	/** What the next id tokens say, over what is right. */
	claims: JWTPayload
	/** Who signs them. */
	signer: 'published key' | 'unknown key' | 'nobody'
	/** Requests so far. */
	readonly asked: Route[]
	close(): Promise<void>
}

export const sendJson =
	(body: unknown, status = 200): Behaviour =>
	(response) => {
		response.writeHead(status, { 'content-type': 'application/json' })
		response.end(JSON.stringify(body))
	}
export const sendText =
	(text: string, status = 200, type = 'application/json'): Behaviour =>
	(response) => {
		response.writeHead(status, { 'content-type': type })
		response.end(text)
	}
export const hang: Behaviour = () => undefined
export const reset: Behaviour = (response) => response.socket?.resetAndDestroy()
/** Until the other side has had enough. */
export const pourOut: Behaviour = (response) => {
	response.writeHead(200, { 'content-type': 'application/json' })
	const chunk = `"${'x'.repeat(64 * 1024)}",`
	const pour = (): void => {
		while (!response.destroyed && response.write(chunk));
	}
	response.on('drain', pour)
	response.on('error', () => undefined)
	response.write('[')
	pour()
}

export const FAKE_CLIENT_ID = 'matinee'

/** RSA keys are slow to make, and nothing here depends on fresh ones. */
let pairs: Promise<[GenerateKeyPairResult, GenerateKeyPairResult]> | null = null

/** `nonce`: that of the sign-in under way, for right tokens. */
export const startFakeIssuer = async (nonce: () => string): Promise<FakeIssuer> => {
	const server = createServer()
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
	const [published, unknown] = await (pairs ??= Promise.all([
		generateKeyPair('RS256'),
		generateKeyPair('RS256'),
	]))
	const behaviours = new Map<Route, Behaviour>()

	const idToken = async (): Promise<string> => {
		const nowS = Math.floor(Date.now() / 1000)
		const claims: JWTPayload = {
			iss: url,
			sub: 'fake-person',
			aud: FAKE_CLIENT_ID,
			iat: nowS,
			exp: nowS + 300,
			nonce: nonce(),
			name: 'Fake',
			...fake.claims,
		}
		if (fake.signer === 'nobody') return new UnsecuredJWT(claims).encode()
		const { privateKey } = fake.signer === 'published key' ? published : unknown
		return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey)
	}
	const right: Record<Route, () => Promise<unknown>> = {
		discovery: () =>
			Promise.resolve({
				issuer: url,
				authorization_endpoint: `${url}/authorize`,
				token_endpoint: `${url}/token`,
				jwks_uri: `${url}/keys`,
				userinfo_endpoint: `${url}/userinfo`,
				response_types_supported: ['code'],
				subject_types_supported: ['public'],
				id_token_signing_alg_values_supported: ['RS256'],
			}),
		keys: async () => ({
			keys: [{ ...(await exportJWK(published.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }],
		}),
		token: async () => ({
			access_token: 'access',
			token_type: 'Bearer',
			expires_in: 300,
			id_token: await idToken(),
		}),
		userinfo: () => Promise.resolve({ sub: 'fake-person', name: 'Fake from userinfo' }),
	}
	const routeOf = (path: string): Route | null => {
		if (path === '/.well-known/openid-configuration') return 'discovery'
		return (['keys', 'token', 'userinfo'] as const).find((route) => path === `/${route}`) ?? null
	}

	const fake: FakeIssuer = {
		url,
		claims: {},
		signer: 'published key',
		asked: [],
		behave: (route, behaviour) =>
			void (behaviour === null ? behaviours.delete(route) : behaviours.set(route, behaviour)),
		close: async () => {
			server.closeAllConnections()
			server.close()
			await once(server, 'close')
		},
	}
	server.on('request', (request, response: ServerResponse) => {
		request.resume()
		const route = routeOf(request.url ?? '')
		if (route === null) return sendText('', 404)(response)
		fake.asked.push(route)
		const behaviour = behaviours.get(route)
		if (behaviour !== undefined) return behaviour(response)
		void right[route]().then((body) => sendJson(body)(response))
	})
	return fake
}
