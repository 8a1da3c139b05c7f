/**
 * Which requests the service worker answers, and from what. Everything that is not named here goes to the network
 * untouched: the API, sockets, films, pages of other programs on the same origin.
 */
export type RequestKind =
	/** A page of the app: whatever its query; a room's code stands in the fragment. */
	| 'page'
	/** Where the server is: the network first, so that an operator's change does not wait for the next build. */
	| 'config'
	/** A file of the app: scripts, styles, icons. */
	| 'file'
	| 'network'

export interface ShellRequest {
	readonly method: string
	/** As in `Request.mode`. */
	readonly mode: string
	readonly url: string
	/** Asks for a part of a file, as players do. */
	readonly isRange: boolean
}

export interface ShellPlace {
	readonly origin: string
	/** Where the app lies on its origin: '' or '/watch'. */
	readonly base: string
	/** Paths of this version's files, base included. */
	readonly files: ReadonlySet<string>
	/** Of its pages: the front page, the room's, and so on. */
	readonly pages: ReadonlySet<string>
}

/** Files whose name changes with their content. Also those of other versions, for pages that still run them. */
export const HASHED = '/_app/immutable/'
export const CONFIG_FILE = '/config.json'

export const kindOf = (request: ShellRequest, { origin, base, files, pages }: ShellPlace): RequestKind => {
	const url = new URL(request.url)
	if (request.method !== 'GET' || request.isRange || url.origin !== origin) return 'network'
	if (!url.pathname.startsWith(`${base}/`)) return 'network'
	const path = url.pathname.slice(base.length)
	if (request.mode === 'navigate') return pages.has(url.pathname) ? 'page' : 'network'
	if (path === CONFIG_FILE) return 'config'
	return path.startsWith(HASHED) || files.has(url.pathname) ? 'file' : 'network'
}

const NAMED_FILE = /_app\/immutable\/[\w./-]+\.(?:js|css)/g

/** Files that a page names and that are not among `files`: page and files are of different versions. */
export const strayFiles = (
	html: string,
	{ base, files }: Pick<ShellPlace, 'base' | 'files'>,
): readonly string[] =>
	Array.from(html.matchAll(NAMED_FILE), ([name]) => `${base}/${name}`).filter((path) => !files.has(path))
