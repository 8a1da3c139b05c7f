/**
 * What the room needs of a browser, and which of it is missing here. There is no weaker mode. WebRTC is not among it:
 * without it links go through the server.
 */
export type MissingPart = 'secure-context' | 'ed25519' | 'indexeddb'

export interface BrowserGlobals {
	readonly isSecureContext: boolean
	readonly indexedDB: unknown
	readonly subtle: SubtleCrypto | undefined
}

/** Tries each part rather than asking for the browser's name. Empty when nothing is missing. */
export const findMissingParts = async (globals: BrowserGlobals): Promise<MissingPart[]> => {
	const missing: MissingPart[] = []
	if (!globals.isSecureContext || globals.subtle === undefined) missing.push('secure-context')
	if (globals.indexedDB === undefined || globals.indexedDB === null) missing.push('indexeddb')
	if (globals.subtle !== undefined && !(await hasEd25519(globals.subtle))) missing.push('ed25519')
	return missing
}

const hasEd25519 = async (subtle: SubtleCrypto): Promise<boolean> => {
	try {
		await subtle.generateKey('Ed25519', false, ['sign', 'verify'])
		return true
	} catch {
		return false // the only question here is whether it can be done
	}
}

/** What this page's browser lacks. */
export const findMissingHere = (): Promise<MissingPart[]> =>
	findMissingParts({
		isSecureContext: globalThis.isSecureContext,
		indexedDB: (globalThis as { indexedDB?: unknown }).indexedDB,
		subtle: (globalThis.crypto as { subtle?: SubtleCrypto }).subtle,
	})
