/**
 * Which pages may use this server. The check is against hostile pages in somebody's browser, which always sends the
 * Origin of a socket truthfully; a program that is no browser can send any, so to refuse it for sending none is
 * only a wish (`REQUIRE_ORIGIN`), never a defence: what admits it is its ticket.
 */
import type { IncomingHttpHeaders } from 'node:http'

export interface OriginRules {
	/** Where the operator says the server is: then the Host header counts for nothing. */
	readonly publicOrigin: string | null
	readonly allowedOrigins: readonly string[]
	readonly isOriginRequired: boolean
}

const hostOf = (origin: string): string | null => {
	if (!URL.canParse(origin)) return null
	const url = new URL(origin)
	// A browser's Origin is scheme, host and port and nothing else, in one spelling.
	const isPlain = (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === origin
	return isPlain ? url.host : null
}

/** The Host header as a browser's Origin would spell it under the same scheme. */
const isHost = (origin: string, hostHeader: string): boolean => {
	const host = hostOf(origin)
	if (host === null || !/^[A-Za-z0-9.:[\]_-]+$/.test(hostHeader)) return false
	const scheme = origin.slice(0, origin.indexOf(':'))
	const asOrigin = `${scheme}://${hostHeader.toLowerCase()}`
	return URL.canParse(asOrigin) && new URL(asOrigin).host === host
}

/** May a page of this Origin open a socket here? */
export const isSocketOriginAllowed = (headers: IncomingHttpHeaders, rules: OriginRules): boolean => {
	const { origin } = headers
	if (origin === undefined) return !rules.isOriginRequired
	if (rules.allowedOrigins.includes(origin)) return true
	if (rules.publicOrigin !== null) return origin === rules.publicOrigin
	return isHost(origin, headers.host ?? '')
}

/**
 * Whose page a request over HTTP comes from: this server's, one of ALLOWED_ORIGINS, another, or one that did not say
 * (a program, or a browser reading from its own origin).
 */
export const pageOf = (
	headers: IncomingHttpHeaders,
	rules: OriginRules,
): 'own' | 'allowed' | 'other' | 'unnamed' => {
	const { origin } = headers
	if (origin === undefined) return 'unnamed'
	const isOwn =
		rules.publicOrigin === null ? isHost(origin, headers.host ?? '') : origin === rules.publicOrigin
	if (isOwn) return 'own'
	return rules.allowedOrigins.includes(origin) ? 'allowed' : 'other'
}
