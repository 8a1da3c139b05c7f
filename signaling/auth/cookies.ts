/**
 * Cookies as they arrive and leave. Values are ours (ids, numbers, base64url), so nothing is ever decoded; a cookie
 * that somebody else has put there under our name is at worst a value that nothing answers to.
 */
import type { IncomingHttpHeaders } from 'node:http'

/**
 * With `Secure`, `__Host-`: a browser then takes the cookie only from this very host, so that no neighbouring
 * subdomain can plant one.
 */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name)

/** The value, or null where the cookie is missing or there are several of that name: which is whose is not said. */
export const cookieOf = (headers: IncomingHttpHeaders, name: string): string | null => {
	const values = (headers.cookie ?? '')
		.split(';')
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(`${name}=`))
		.map((pair) => pair.slice(name.length + 1))
	return values.length === 1 ? (values[0] ?? null) : null
}

/** `maxAgeS` 0 takes the cookie away. */
export const cookieText = (
	name: string,
	value: string,
	rules: { readonly maxAgeS: number; readonly isSecure: boolean },
): string =>
	`${name}=${value}; HttpOnly; Max-Age=${String(rules.maxAgeS)}; Path=/; SameSite=Lax${rules.isSecure ? '; Secure' : ''}`
