/**
 * The sites that a person has let the extension into for good, as the options list them, and the script that speaks to
 * the web app on the server's own pages.
 */
import { covers, hostOfPattern, patternOf } from './site-pattern.ts'

export interface Site {
	/** As the browser has it, and gives it back. */
	readonly pattern: string
	/** Null: every site. */
	readonly host: string | null
}

/** The server's own is none of them: it has a switch to itself. */
export const listSites = (origins: readonly string[], server: string): readonly Site[] => {
	const own = patternOf(server)
	return origins
		.filter((pattern) => pattern !== own)
		.map((pattern) => ({ pattern, host: hostOfPattern(pattern) }))
		.sort((a, b) => (a.host ?? '').localeCompare(b.host ?? ''))
}

export const APP_SCRIPT = 'app-page'

/** What `scripting.registerContentScripts` is given. */
export interface AppScript {
	readonly id: typeof APP_SCRIPT
	readonly matches: string[]
	readonly js: string[]
	readonly runAt: 'document_idle'
}

/** The script for the server's pages, where the person has let the extension into them; null otherwise. */
export const appScriptFor = (server: string, origins: readonly string[]): AppScript | null => {
	const own = patternOf(server)
	if (own === null || !origins.some((pattern) => covers(pattern, server))) return null
	return { id: APP_SCRIPT, matches: [own], js: ['/app-page.js'], runAt: 'document_idle' }
}
