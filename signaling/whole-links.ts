/**
 * The links of a page that have to be whole, for messengers that show a preview of it: where the build did not know
 * the server's address (PUBLIC_ORIGIN), the request says it. Pure.
 */

/** A host and perhaps a port, as browsers write them: nothing that could leave an attribute of a page. */
const HOST = /^[a-z0-9._-]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/
const HOST_MAX_CHARS = 255

/** Where a request came to; null where its Host header is none that a browser would send. */
export const originOfRequest = (protocol: string, hostHeader: string | undefined): string | null => {
	const host = hostHeader?.toLowerCase() ?? ''
	if (host.length > HOST_MAX_CHARS || !HOST.test(host)) return null
	const url = URL.parse(`${protocol}://${host}`)
	if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
	return HOST.test(url.host) ? url.origin : null
}

/** What a page's build left out; null where it knew the address itself, or the page has nothing to be completed. */
export const lacksWholeLinks = (page: string): boolean =>
	page.includes('property="og:title"') && !page.includes('property="og:image"') && page.includes('</head>')

/** `root`: origin and the path below which the client lies, without a slash at its end. */
export const addWholeLinks = (page: string, root: string, isFrontPage: boolean): string => {
	const links = [`<meta property="og:image" content="${root}/icons/512.png" />`]
	if (isFrontPage) links.push(`<meta property="og:url" content="${root}/" />`)
	return page.replace('</head>', () => `\t${links.join('\n\t\t')}\n\t</head>`)
}

/** The path that the fallback page was built for, as its own scripts name it: '' or '/watch'. */
export const basePathIn = (fallback: string): string =>
	/(?:href|src)="((?:\/[A-Za-z0-9._~-]+)*)\/_app\/immutable\//.exec(fallback)?.[1] ?? ''
