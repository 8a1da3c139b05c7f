import { describe, expect, it } from 'vitest'
import { findMissingParts } from './browser-needs.ts'
import { describeMissing, partWords } from './missing-words.ts'

const whole = { isSecureContext: true, indexedDB: {}, subtle: crypto.subtle }
const withoutEd25519 = {
	generateKey: () => Promise.reject(new Error('unrecognised name')),
} as unknown as SubtleCrypto

describe('what a room needs of a browser', () => {
	it('[SS16] nothing is missing in a current browser; each missing part is found by trying it', async () => {
		expect(await findMissingParts(whole)).toEqual([])
		expect(await findMissingParts({ ...whole, indexedDB: null })).toEqual(['indexeddb'])
		expect(await findMissingParts({ ...whole, subtle: withoutEd25519 })).toEqual(['ed25519'])
		expect(await findMissingParts({ ...whole, isSecureContext: false, subtle: undefined })).toEqual([
			'secure-context',
		])
	})

	it('[SS16] every part has words for people', () => {
		for (const part of ['secure-context', 'ed25519', 'indexeddb'] as const) {
			const { name, since } = partWords(part)
			expect(name.length).toBeGreaterThan(5)
			expect(since).toMatch(/\.$/)
		}
	})

	it('[SS16] where a room is started, the first missing part is named with where it is to be had', () => {
		expect(describeMissing([])).toBeNull()
		expect(describeMissing(['secure-context', 'indexeddb'])).toMatch(
			/a secure connection\. Open this page over https/,
		)
	})
})
