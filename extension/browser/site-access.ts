/**
 * Permissions for sites, as the extension's own pages ask for them and give them back. Whatever comes of it the
 * background hears by itself: the popup may be gone when the browser's question is answered.
 */
import { browser } from 'wxt/browser'
import { listSites, type Site } from '../src/sites/sites.ts'

/** Has to be called in a click, before anything is awaited. False where the person says no. */
export const letInto = (pattern: string): Promise<boolean> =>
	browser.permissions.request({ origins: [pattern] })

export const isLetInto = (pattern: string): Promise<boolean> =>
	browser.permissions.contains({ origins: [pattern] })

/** False where the browser keeps it. */
export const giveBack = async (pattern: string): Promise<boolean> => {
	try {
		await browser.permissions.remove({ origins: [pattern] })
	} catch (error) {
		console.warn(error) // a permission that the browser's administrator gave, say
	}
	return !(await isLetInto(pattern))
}

export const readSites = async (server: string): Promise<readonly Site[]> =>
	listSites((await browser.permissions.getAll()).origins ?? [], server)

/** Called after each change, whoever made it. Returns the function that ends it. */
export const onSites = (fn: () => void): (() => void) => {
	browser.permissions.onAdded.addListener(fn)
	browser.permissions.onRemoved.addListener(fn)
	return () => {
		browser.permissions.onAdded.removeListener(fn)
		browser.permissions.onRemoved.removeListener(fn)
	}
}
