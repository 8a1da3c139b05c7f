/**
 * The one address of a page whose video only its own site plays: the same for everybody who has the page open, with
 * nothing in it of the person who gave it.
 */
import { isMediaUrl, type PageRef } from './media.ts'

/** How somebody came to the page, as the large networks and shops of advertisements write it. */
const TRACKING =
	/^(?:utm_\w+|(?:fbcl|gcl|dcl|msclk|ycl|twcl|ttcl|igsh)id|ysclid|li_fat_id|gclsrc|[gw]braid|gad_\w+|igsh|mc_[ce]id|_ga|_gl|_hsenc|_hsmi|_openstat|mkt_tok|spm|spm_id_from|vd_source|share_(?:source|medium|plat|session_id|tag|from|times)|ref_src|ref_url)$/i
/** What a site knows the person by: no part of what is watched, and nobody else's business. */
const PERSONAL =
	/^(?:php|j|asp)?sess(?:ion)?_?id$|^(?:(?:access|auth|id|session|refresh)_?token|jwt|sessionkey)$/i

const isDropped = (pair: string): boolean => {
	const name = pair.split('=', 1)[0] ?? ''
	return pair === '' || TRACKING.test(name) || PERSONAL.test(name)
}
/** `#/watch/5` and `#!watch/5` are where a page of its own making is; any other fragment is a place on the page. */
const isRoute = (hash: string): boolean => /^#!?\//.test(hash) || hash.startsWith('#!')

/**
 * The page's canonical address: without its fragment where that is no route, without what tells of the person. The
 * rest of the query stays as the site wrote it, in its order: to some sites it is what is watched. Null for anything
 * but an http(s) page without credentials, and where it is longer than a record carries. Idempotent.
 */
export const pageAddress = (address: string): string | null => {
	const url = URL.parse(address)
	if (url === null || url.username !== '' || url.password !== '') return null
	url.pathname = url.pathname.replace(/;jsessionid=[^/;]*/gi, '')
	url.search = url.search
		.slice(1)
		.split('&')
		.filter((pair) => !isDropped(pair))
		.join('&')
	if (!isRoute(url.hash)) url.hash = ''
	return isMediaUrl(url.href) ? url.href : null
}

/** The page as something to watch; null where `pageAddress` has none. */
export const pageRef = (address: string): PageRef | null => {
	const url = pageAddress(address)
	return url === null ? null : { kind: 'page', url }
}
