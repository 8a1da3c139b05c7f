/**
 * A site as the browser's permissions name it: scheme and host, whatever the port and the path. Firefox knows no ports
 * in these, so none are asked for.
 */

/** Plain http is asked for on this computer alone: the manifest names nothing else. */
const isLocal = (host: string): boolean => host === 'localhost' || host === '127.0.0.1'

/** The permission that covers `url`; null where the extension asks for none. */
export const patternOf = (url: string): string | null => {
	const parsed = URL.canParse(url) ? new URL(url) : null
	if (parsed === null || parsed.hostname === '') return null
	const { protocol, hostname } = parsed
	if (protocol !== 'https:' && !(protocol === 'http:' && isLocal(hostname))) return null
	return `${protocol}//${hostname}/*`
}

const PATTERN = /^(https?|\*):\/\/(\*|(?:\*\.)?[^/*]+)\/\*$/

/** The host that a permission names, `*.` before it where it is one for all below; null for one for every site. */
export const hostOfPattern = (pattern: string): string | null => {
	const host = PATTERN.exec(pattern)?.[2]
	return host === undefined || host === '*' ? null : host
}

/** Whether a permission lets the extension into the page at `url`. */
export const covers = (pattern: string, url: string): boolean => {
	const parsed = URL.canParse(url) ? new URL(url) : null
	if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false
	if (pattern === '<all_urls>') return true
	const [, scheme, named] = PATTERN.exec(pattern) ?? []
	if (scheme === undefined || named === undefined) return false
	if (scheme !== '*' && `${scheme}:` !== parsed.protocol) return false
	// A pattern of Chrome's may say a port.
	const host = named.replace(/:(\d+|\*)$/, '')
	if (host === '*' || host === parsed.hostname) return true
	return host.startsWith('*.') && `.${parsed.hostname}`.endsWith(host.slice(1))
}

/** Whether a page stands below the address of the server that is set (`readServer`'s form). */
export const isOfServer = (url: string | undefined, server: string): boolean =>
	url !== undefined && server !== '' && (url === server || url.startsWith(`${server}/`))
