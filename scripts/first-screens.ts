/**
 * Which modules go into one file: what a first screen needs at once, whole. A dozen small chunks weigh 2 KB more than
 * two, and each is another request. Read off the imports, so that it keeps up with the code.
 */
import { fileURLToPath } from 'node:url'

interface Imports {
	getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

const slashed = (path: string) => path.replaceAll('\\', '/')
const SOURCE = slashed(fileURLToPath(new URL('../src/', import.meta.url)))
const ROOM = ['routes/r/+page.svelte']
const FRONT = ['routes/+page.svelte']
/** What a joiner waits for next: each whole, for what hangs on it would be asked for only after it has come. */
const LINKS = ['lib/session/direct-links.ts']
const FILM = ['lib/session/film.ts', 'lib/players/html5.ts']
const OTHERS = ['routes/login/+page.svelte', 'routes/settings/+page.svelte']
/** What every page has. */
const FRAME = /node_modules[\\/](?:svelte|@sveltejs|clsx|esm-env|devalue)[\\/]/

const reach = (pages: readonly string[], imports: Imports): Set<string> => {
	const reached = new Set<string>()
	const open = pages.map((page) => SOURCE + page)
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (reached.has(slashed(id))) continue
		reached.add(slashed(id))
		open.push(...(imports.getModuleInfo(id)?.importedIds ?? []))
	}
	return reached
}

/** For each build: the pages' own parts are looked up when the first module is placed, as all imports are known then. */
const createChunkNames = () => {
	let sets: { room: Set<string>; front: Set<string>; others: Set<string> } | null = null
	return (path: string, imports: Imports): string | null => {
		const id = slashed(path)
		sets ??= { room: reach(ROOM, imports), front: reach(FRONT, imports), others: reach(OTHERS, imports) }
		if (!sets.room.has(id)) return null
		if (sets.front.has(id)) return 'base'
		return sets.others.has(id) ? null : 'room'
	}
}
const createPartNames = () => {
	let sets: { pages: Set<string>; links: Set<string>; film: Set<string> } | null = null
	return (path: string, imports: Imports): string | null => {
		const id = slashed(path)
		sets ??= {
			pages: reach([...ROOM, ...FRONT, ...OTHERS], imports),
			links: reach(LINKS, imports),
			film: reach(FILM, imports),
		}
		if (sets.pages.has(id)) return null
		return sets.links.has(id) ? 'links' : sets.film.has(id) ? 'film' : null
	}
}

/** The first screens take what they share with a part, so they come first. */
export const firstScreens = () => ({
	groups: [{ name: 'frame', test: FRAME }, { name: createChunkNames() }, { name: createPartNames() }],
})

/**
 * Of what a part that is fetched later hangs on, the styles only have to be named beforehand: most of its script is
 * there already, and the names of it all are 2 KB that every room would carry.
 */
export const onlyStyles = (_part: string, dependencies: readonly string[]): string[] =>
	dependencies.filter((file) => file.endsWith('.css'))
