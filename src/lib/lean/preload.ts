/**
 * What stands around each `import()` of the built app, in place of Vite's own: the styles of a part are there before
 * its script runs. Scripts are not preloaded (scripts/first-screens.ts), so nothing here is about them.
 */
const waiting = new Map<string, Promise<void>>()

const isThere = (href: string): boolean =>
	[...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].some((link) => link.href === href)

const fetchStyle = (href: string): Promise<void> =>
	new Promise<void>((resolve, reject) => {
		const link = document.createElement('link')
		link.rel = 'stylesheet'
		link.crossOrigin = ''
		link.href = href
		link.onload = () => resolve()
		link.onerror = () => {
			link.remove() // the next one who wants it tries again
			reject(new Error(`Unable to preload CSS for ${href}`))
		}
		document.head.append(link)
	}).finally(() => waiting.delete(href))

const style = async (href: string): Promise<void> => {
	const pending = waiting.get(href)
	if (pending !== undefined) return pending
	if (isThere(href)) return
	const fetching = fetchStyle(href)
	waiting.set(href, fetching)
	return fetching
}

/**
 * @param styles addresses, seen from `base`, the importer's own.
 * @throws what kept the part from coming, unless somebody who hears `vite:preloadError` has seen to it.
 */
export const preload = async <T>(
	load: () => Promise<T>,
	styles: readonly string[] = [],
	base = location.href,
): Promise<T | undefined> => {
	try {
		await Promise.all(styles.map((path) => style(new URL(path, base).href)))
		return await load()
	} catch (error) {
		const event = Object.assign(new Event('vite:preloadError', { cancelable: true }), { payload: error })
		dispatchEvent(event)
		if (!event.defaultPrevented) throw error
		return undefined
	}
}
