/** The folder of the extension's own pages, with its '/'; and their origin, as a server is told it. */
import { browser } from 'wxt/browser'

// WXT types it by files that it writes; this is the folder of them all.
export const ownUrl = (): string =>
	(browser.runtime as unknown as { getURL(path: string): string }).getURL('')

/** As it stands in `Origin`. Not every browser has a word for the origin of such an address. */
export const ownOrigin = (): string => {
	const { origin } = new URL(ownUrl())
	return origin === 'null' ? ownUrl().replace(/\/$/, '') : origin
}
