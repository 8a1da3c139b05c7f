/**
 * A real OpenID Connect provider on a free port of this machine: whoever types a login is that person, with its own
 * pages for signing in (any password) and for consent. Also a browser's part of it, by fetch and a cookie jar.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface TestProvider {
	/** Its issuer: `http://127.0.0.1:PORT`. */
	readonly url: string
	readonly clientId: string
	readonly clientSecret: string
	/** For `OIDC_ISSUERS`. */
	issuerEntry(id: string, name: string): Record<string, unknown>
	close(): Promise<void>
}

export interface TestProviderOptions {
	/** Where people may be sent back to. */
	readonly redirectUris: readonly string[]
	/** Of whoever signs in as `login`; their `sub` is the login itself. */
	readonly claims?: (login: string) => Record<string, unknown>
	/** Names in the id token itself, or only at the userinfo endpoint, as the specification has it. */
	readonly hasNamesInIdToken?: boolean
	readonly authMethod?: 'client_secret_basic' | 'client_secret_post'
}

const CLIENT_ID = 'matinee'
const CLIENT_SECRET = 'a-secret-of-the-provider-0123456789'

export const startProvider = async (options: TestProviderOptions): Promise<TestProvider> => {
	const server = createServer()
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
	const claims = options.claims ?? ((login) => ({ name: login }))
	// It warns of its development keys and pages, which are just what is wanted here.
	const warn = console.warn
	const info = console.info
	console.warn = () => undefined
	console.info = () => undefined
	let provider: Provider
	try {
		provider = new Provider(url, {
			clients: [
				{
					client_id: CLIENT_ID,
					client_secret: CLIENT_SECRET,
					redirect_uris: [...options.redirectUris],
					token_endpoint_auth_method: options.authMethod ?? 'client_secret_basic',
				},
			],
			...(options.authMethod === undefined ? {} : { clientAuthMethods: [options.authMethod] }),
			claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
			conformIdTokenClaims: options.hasNamesInIdToken !== true,
			pkce: { required: () => true },
			cookies: { keys: ['only-for-tests'] },
			ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
			renderError: (context, out) => {
				context.type = 'text/plain'
				context.body = JSON.stringify(out)
			},
			findAccount: (_context, login) => ({
				accountId: login,
				claims: () => Promise.resolve({ sub: login, ...claims(login) }),
			}),
		})
	} finally {
		console.warn = warn
		console.info = info
	}
	const handle = provider.callback()
	server.on('request', (request, response) => void handle(request, response))
	return {
		url,
		clientId: CLIENT_ID,
		clientSecret: CLIENT_SECRET,
		issuerEntry: (id, name) => ({
			id,
			name,
			issuer: url,
			clientId: CLIENT_ID,
			clientSecret: CLIENT_SECRET,
		}),
		close: async () => {
			server.closeAllConnections()
			server.close()
			await once(server, 'close')
		},
	}
}

export type Jar = ReturnType<typeof createJar>

/** Cookies by host, with their paths, as far as these servers need it. */
export const createJar = () => {
	const cookies = new Map<string, { readonly value: string; readonly path: string; readonly host: string }>()
	return {
		headerFor(url: string): Record<string, string> {
			const { host, pathname } = new URL(url)
			const own = [...cookies.entries()].filter(
				([, cookie]) => cookie.host === host && pathname.startsWith(cookie.path),
			)
			const text = own.map(([key, { value }]) => `${key.slice(key.indexOf(' ') + 1)}=${value}`).join('; ')
			return text === '' ? {} : { cookie: text }
		},
		take(url: string, response: Response): void {
			const { host } = new URL(url)
			for (const line of response.headers.getSetCookie()) {
				const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
				const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
				const attribute = (key: string) =>
					attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
				const path = attribute('path') ?? '/'
				const isGone =
					attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now() || value === ''
				const key = `${host}${path} ${name}`
				if (isGone) cookies.delete(key)
				else cookies.set(key, { value, path, host })
			}
		},
		names: (): string[] => [...cookies.keys()].map((key) => key.slice(key.indexOf(' ') + 1)),
		forget: (name: string): void => {
			for (const key of cookies.keys()) if (key.endsWith(` ${name}`)) cookies.delete(key)
		},
	}
}

export interface Page {
	readonly url: string
	readonly status: number
	readonly location: string | null
	readonly text: string
}

/** One request of a browser: cookies out and in, no redirect followed. */
export const visit = async (jar: Jar, url: string, form?: Record<string, string>): Promise<Page> => {
	const response = await fetch(url, {
		redirect: 'manual',
		headers: jar.headerFor(url),
		...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
	})
	jar.take(url, response)
	const location = response.headers.get('location')
	return {
		url,
		status: response.status,
		location: location === null ? null : new URL(location, url).href,
		text: await response.text(),
	}
}

const STEPS_MAX = 20

/**
 * From `url` (the start of a sign-in) through the provider's pages as `login`, up to the first address that
 * `isThere` says is the aim; that one is not asked for.
 */
export const walk = async (
	jar: Jar,
	url: string,
	login: string,
	isThere: (url: string) => boolean,
	answer: 'yes' | 'no' = 'yes',
): Promise<string> => {
	let page = await visit(jar, url)
	for (let step = 0; step < STEPS_MAX; step++) {
		if (page.location !== null) {
			if (isThere(page.location)) return page.location
			page = await visit(jar, page.location)
			continue
		}
		if (page.status !== 200) break
		if (answer === 'no') {
			const abort = /href="([^"]*\/abort)"/.exec(page.text)?.[1]
			if (abort === undefined) throw new Error(`no way to say no:\n${page.text}`)
			page = await visit(jar, new URL(abort, page.url).href)
			continue
		}
		const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1]
		const prompt = /name="prompt" value="(login|consent)"/.exec(page.text)?.[1]
		if (action === undefined || prompt === undefined) break
		page = await visit(jar, new URL(action, page.url).href, {
			prompt,
			...(prompt === 'login' ? { login, password: 'anything' } : {}),
		})
	}
	throw new Error(`stuck at ${page.url}: ${String(page.status)}\n${page.text.slice(0, 2_000)}`)
}
