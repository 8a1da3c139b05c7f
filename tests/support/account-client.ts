/**
 * A browser as far as accounts see it: a jar of cookies, the Origin of the page it shows, and a User-Agent.
 */
import type { Answer } from './ws-client.ts'

export const GOOD_PASSWORD = 'nine lives of a cat'

export interface AccountClient {
	/** By name; a test may put anything in. */
	readonly cookies: Map<string, string>
	/** Headers beside what a browser sends by itself; undefined takes one away. */
	ask(
		method: string,
		path: string,
		body?: unknown,
		headers?: Record<string, string | undefined>,
	): Promise<Answer>
	signUp(username: string, password?: string): Promise<Answer>
	signIn(username: string, password?: string): Promise<Answer>
}

export const createAccountClient = (
	url: string,
	page: { readonly origin?: string; readonly userAgent?: string } = {},
): AccountClient => {
	const cookies = new Map<string, string>()
	const origin = page.origin ?? url
	const isSameOrigin = origin === url

	const ask: AccountClient['ask'] = async (method, path, body, extra = {}) => {
		const isChange = method !== 'GET' && method !== 'HEAD'
		const headers = new Headers()
		const all: Record<string, string | undefined> = {
			...(isChange || !isSameOrigin ? { origin } : {}),
			...(isSameOrigin && cookies.size > 0
				? { cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ') }
				: {}),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...(page.userAgent === undefined ? {} : { 'user-agent': page.userAgent }),
			...extra,
		}
		for (const [name, value] of Object.entries(all)) if (value !== undefined) headers.set(name, value)
		const response = await fetch(url + path, {
			method,
			headers,
			redirect: 'manual',
			...(body === undefined
				? {}
				: { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
		})
		for (const line of response.headers.getSetCookie()) {
			const [pair = ''] = line.split(';')
			const name = pair.slice(0, pair.indexOf('='))
			if (/Max-Age=0/i.test(line)) cookies.delete(name)
			else cookies.set(name, pair.slice(name.length + 1))
		}
		const text = await response.text()
		const isJson = response.headers.get('content-type')?.includes('json') ?? false
		return {
			status: response.status,
			headers: response.headers,
			body: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
		}
	}

	return {
		cookies,
		ask,
		signUp: (username, password = GOOD_PASSWORD) => ask('POST', '/api/auth/sign-up', { username, password }),
		signIn: (username, password = GOOD_PASSWORD) => ask('POST', '/api/auth/sign-in', { username, password }),
	}
}
