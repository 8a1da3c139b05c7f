/**
 * Outside providers as the operator names them. What is wrong is told by entry and key, never by value: secrets stand
 * beside it.
 */
import { isPlainObject } from '#lib/protocol/schema.ts'

export interface OidcIssuer {
	/** In addresses of this server: `/api/auth/oidc/ID/…`. */
	readonly id: string
	/** For people to read. */
	readonly name: string
	/** The issuer's URL, exactly as it calls itself. */
	readonly url: string
	readonly clientId: string
	/** Null for a public client, which has PKCE alone. */
	readonly clientSecret: string | null
	readonly scope: string
}

export type IssuerList =
	| { readonly type: 'issuers'; readonly issuers: readonly OidcIssuer[] }
	| { readonly type: 'problem'; readonly problem: string }

export const GOOGLE = {
	id: 'google',
	name: 'Google',
	url: 'https://accounts.google.com',
	scope: 'openid profile',
} as const
const ISSUERS_MAX = 16
const ID = /^[a-z0-9-]{1,32}$/
const KEYS = ['id', 'name', 'issuer', 'clientId', 'clientSecret', 'scope', 'allowHttp']

export const isLoopback = (hostname: string): boolean =>
	/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** Why `url` cannot be an issuer, or null. */
const urlProblem = (url: string, allowHttp: boolean): string | null => {
	const parsed = URL.canParse(url) ? new URL(url) : null
	if (parsed === null || !/^https?:$/.test(parsed.protocol)) return 'is no https address'
	if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '')
		return 'has more in it than host, port and path'
	if (parsed.protocol === 'http:' && !allowHttp && !isLoopback(parsed.hostname))
		return 'is http: use https, or set "allowHttp": true where nobody can listen in'
	return null
}

const entryOf = (input: unknown): OidcIssuer | string => {
	if (!isPlainObject(input)) return 'is no object'
	const unknown = Object.keys(input).find((key) => !KEYS.includes(key))
	if (unknown !== undefined) return `has an unknown key; known are ${KEYS.join(', ')}`
	const words = (key: string): string | null => {
		const value = input[key]
		return typeof value === 'string' && value !== '' && value.length <= 500 && value.isWellFormed()
			? value
			: null
	}
	const { allowHttp = false } = input
	const [id, name, url, clientId] = [words('id'), words('name'), words('issuer'), words('clientId')]
	if (id === null || !ID.test(id)) return 'needs an "id" of a-z, 0-9 and -, at most 32 characters'
	if (name === null || name.length > 64) return 'needs a "name", at most 64 characters'
	if (url === null) return 'needs an "issuer"'
	if (clientId === null) return 'needs a "clientId"'
	if (input['clientSecret'] !== undefined && words('clientSecret') === null)
		return 'has a "clientSecret" that is no text'
	if (input['scope'] !== undefined && !words('scope')?.split(' ').includes('openid'))
		return 'has a "scope" without openid'
	if (typeof allowHttp !== 'boolean') return 'has an "allowHttp" that is neither true nor false'
	const problem = urlProblem(url, allowHttp)
	if (problem !== null) return `has an "issuer" that ${problem}`
	return {
		id,
		name,
		url,
		clientId,
		clientSecret: words('clientSecret'),
		scope: words('scope') ?? 'openid profile',
	}
}

/** `text`: JSON, a list of `{id, name, issuer, clientId, clientSecret?, scope?, allowHttp?}`. */
export const parseIssuers = (text: string): IssuerList => {
	const problem = (words: string): IssuerList => ({ type: 'problem', problem: words })
	let list: unknown
	try {
		list = JSON.parse(text)
	} catch {
		return problem('it is no JSON') // where exactly would quote what stands there
	}
	if (!Array.isArray(list)) return problem('it is no list')
	if (list.length > ISSUERS_MAX) return problem(`it has more than ${String(ISSUERS_MAX)} entries`)
	const issuers: OidcIssuer[] = []
	for (const [index, input] of (list as unknown[]).entries()) {
		const entry = entryOf(input)
		if (typeof entry === 'string') {
			const id = isPlainObject(input) && typeof input['id'] === 'string' && ID.test(input['id'])
			const label = id ? ` (${String(input['id'])})` : ''
			return problem(`entry ${String(index + 1)}${label} ${entry}`)
		}
		if (issuers.some(({ id }) => id === entry.id))
			return problem(`there are two entries with the id ${entry.id}`)
		issuers.push(entry)
	}
	return { type: 'issuers', issuers }
}
