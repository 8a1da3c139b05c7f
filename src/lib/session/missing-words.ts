/**
 * What a browser lacks, in words for people.
 */
import type { MissingPart } from './browser-needs.ts'

/** Where a part is to be had, in words for people. */
export const PART_WORDS: Readonly<Record<MissingPart, { readonly name: string; readonly since: string }>> = {
	'secure-context': {
		name: 'a secure connection',
		since:
			'Open this page over https, or on the computer it runs on as http://localhost. Whoever runs it can start it with npm start -- --lan, which serves https to everybody on the same network.',
	},
	ed25519: {
		name: 'Ed25519 signatures, which prove who did what',
		since: 'Chrome and Edge have them since 137, Firefox since 129, Safari since 17.',
	},
	indexeddb: {
		name: 'IndexedDB, which keeps your key and your rooms',
		since: 'Every current browser has it; some switch it off in private windows.',
	},
}

/** One sentence or two for the place where a room was to be started; null when nothing is missing. */
export const describeMissing = (missing: readonly MissingPart[]): string | null => {
	const [first] = missing
	if (first === undefined) return null
	const { name, since } = PART_WORDS[first]
	return `A room needs ${name}. ${since}`
}
