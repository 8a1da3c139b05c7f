/**
 * The way back from signing in: from the fragment of the page's address or, while a provider had the tab, from this
 * tab's storage.
 */
import { BACK } from './sign-in-way.ts'

const KEPT_BACK = 'matinee.sign-in.back'
const KEPT_VERIFIER = 'matinee.sign-in.verifier'

/**
 * The path in `hash` if it leads to a page of the app at `appUrl` and not to the sign-in page again; null otherwise.
 * Other apps may live on the same host.
 */
export const readBack = (hash: string, appUrl: URL): string | null => {
	const back = new URLSearchParams(hash.replace(/^#/, '')).get(BACK)
	return back === null ? null : checkBack(back, appUrl)
}

const checkBack = (back: string, appUrl: URL): string | null => {
	// Resolved as a browser would, so that `//evil`, `/\evil` and tabs in between are seen for what they are.
	const url = URL.canParse(back, appUrl) ? new URL(back, appUrl) : null
	if (!back.startsWith('/') || url?.origin !== appUrl.origin) return null
	if (!url.pathname.startsWith(appUrl.pathname) || url.pathname === `${appUrl.pathname}login`) return null
	return url.pathname + url.search + url.hash
}

export interface WayBack {
	readonly back: string | null
	/** Of PKCE, for a server of another origin. */
	readonly verifier: string | null
}

/** Kept while a provider has the tab. */
export const keepWay = (storage: Storage, { back, verifier }: WayBack): void => {
	for (const [key, value] of [
		[KEPT_BACK, back],
		[KEPT_VERIFIER, verifier],
	] as const)
		if (value === null) storage.removeItem(key)
		else storage.setItem(key, value)
}

/** Taken once: a later sign-in starts anew. */
export const takeWay = (storage: Storage, appUrl: URL): WayBack => {
	const back = storage.getItem(KEPT_BACK)
	const verifier = storage.getItem(KEPT_VERIFIER)
	keepWay(storage, { back: null, verifier: null })
	return { back: back === null ? null : checkBack(back, appUrl), verifier }
}
