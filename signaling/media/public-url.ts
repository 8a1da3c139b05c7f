/**
 * Addresses that the server may be asked to fetch: by name, at the usual port, without anything in it that
 * identifies anybody. Where the name leads is looked at later (`public-address.ts`).
 */
import { isIP } from 'node:net'

export const URL_MAX_CHARS = 2_000

/** Ends of names that lead nowhere on the public net (RFC 6761, 6762, 7686, 8375, 9476, and `.internal`). */
const INSIDE_NAMES = new Set([
	'localhost',
	'local',
	'internal',
	'intranet',
	'lan',
	'home',
	'corp',
	'private',
	'arpa',
	'onion',
	'alt',
	'test',
	'invalid',
	'localdomain',
])

/** A host name as DNS has them: labels of letters, digits and inner dashes; the URL parser has made IDN so. */
const NAME = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/

/** True for a name that may lead out. Addresses in digits are none, however they are spelled. */
export const isPublicName = (hostname: string): boolean =>
	NAME.test(hostname) && isIP(hostname) === 0 && !INSIDE_NAMES.has(hostname.split('.').at(-1) ?? '')

/** Null for what must not be fetched. `base`: for a redirect, the address it came from. */
export const publicUrl = (text: string, base?: URL): URL | null => {
	if (text.length > URL_MAX_CHARS) return null
	// Tabs and line ends the parser would take out in silence; a browser's address bar shows none.
	// eslint-disable-next-line no-control-regex -- controls are what it looks for
	if (/[\u0000-\u0020\u007f\\]/.test(text)) return null
	const url = URL.parse(text, base)
	if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
	if (url.username !== '' || url.password !== '' || url.port !== '') return null
	if (!isPublicName(url.hostname)) return null
	url.hash = ''
	return url.href.length > URL_MAX_CHARS ? null : url
}
