/**
 * What the room needs of a browser, and which of it is missing here. There is no weaker mode.
 */
export type MissingPart = 'secure-context' | 'webrtc' | 'ed25519' | 'indexeddb'

/** Where a part is to be had, in words for people. */
export const PART_WORDS: Readonly<Record<MissingPart, { readonly name: string; readonly since: string }>> = {
	'secure-context': {
		name: 'a secure connection',
		since: 'Open this page over https, or on the computer it runs on as http://localhost.',
	},
	webrtc: {
		name: 'WebRTC, which connects you to the others',
		since: 'Every current browser has it; a setting or an extension may have switched it off.',
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

export interface BrowserGlobals {
	readonly isSecureContext: boolean
	readonly RTCPeerConnection: unknown
	readonly indexedDB: unknown
	readonly subtle: SubtleCrypto | undefined
}

/** Tries each part rather than asking for the browser's name. Empty when nothing is missing. */
export const findMissingParts = async (globals: BrowserGlobals): Promise<MissingPart[]> => {
	const missing: MissingPart[] = []
	if (!globals.isSecureContext || globals.subtle === undefined) missing.push('secure-context')
	if (globals.RTCPeerConnection === undefined) missing.push('webrtc')
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
		RTCPeerConnection: (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection,
		indexedDB: (globalThis as { indexedDB?: unknown }).indexedDB,
		subtle: (globalThis.crypto as { subtle?: SubtleCrypto }).subtle,
	})

/** One sentence or two for the place where a room was to be started; null when nothing is missing. */
export const describeMissing = (missing: readonly MissingPart[]): string | null => {
	const [first] = missing
	if (first === undefined) return null
	const { name, since } = PART_WORDS[first]
	return `A room needs ${name}. ${since}`
}
