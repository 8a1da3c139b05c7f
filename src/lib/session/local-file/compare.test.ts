import { describe, expect, it } from 'vitest'
import type { LocalFileRef, MediaRef } from '#lib/core/media.ts'
import { compareFile } from './compare.ts'

const REF: LocalFileRef = {
	kind: 'local-file',
	size: 4_700_000_000,
	hash: 'dD-zrseH9Km1rfJA4ArKNs0EhVnSOvTRiKodseQZ7tk',
	name: 'saltmarsh.mkv',
	durationS: 6_490,
}
const OTHER_HASH = 'ComzIu65nJciR2JXbfLy0HpAChOXlwUIPNwB-Ef_hr0'
const LINK: MediaRef = { kind: 'youtube', id: 'dQw4w9WgXcQ' }
const own = { size: REF.size, hash: REF.hash, durationS: 6_490 }

describe('the own file beside the one that the room watches', () => {
	it('[LF9] size and hash alike are the same file, whatever a browser makes of its length', () => {
		expect(compareFile(own, REF, null)).toEqual({ type: 'same' })
		expect(compareFile({ ...own, durationS: null }, REF, null)).toEqual({ type: 'same' })
		expect(compareFile({ ...own, durationS: 1 }, REF, null)).toEqual({ type: 'same' })
	})

	it('[LF9] another size and other content are each told, with by how much', () => {
		expect(compareFile({ ...own, size: 4_688_000_000, hash: OTHER_HASH }, REF, null)).toEqual({
			type: 'differs',
			difference: { sizeBytes: -12_000_000, durationS: 0 },
			mayUseAnyway: true,
		})
		expect(compareFile({ ...own, hash: OTHER_HASH }, REF, null)).toMatchObject({
			difference: { sizeBytes: 0, durationS: 0 },
		})
	})

	it.each([
		[1.99, true],
		[-1.99, true],
		[2, false],
		[-94, false],
	])('[LF11] %d s longer may be watched by anyway: %s', (longerS, mayUseAnyway) => {
		const mine = { ...own, hash: OTHER_HASH, durationS: 6_490 + longerS }
		expect(compareFile(mine, REF, null)).toMatchObject({ type: 'differs', mayUseAnyway })
	})

	it('[LF11] where a length is not known, nothing speaks against it', () => {
		const mine = { ...own, hash: OTHER_HASH }
		const { durationS: _, ...unmeasured } = REF
		expect(compareFile(mine, unmeasured, null)).toMatchObject({
			difference: { durationS: null },
			mayUseAnyway: true,
		})
		// What the room found out since counts.
		expect(compareFile(mine, unmeasured, 6_000)).toMatchObject({
			difference: { durationS: 490 },
			mayUseAnyway: false,
		})
	})

	it('[LF12] for a link a file of the same length stands in, another cut does not', () => {
		expect(compareFile(own, LINK, 6_491)).toEqual({ type: 'stands-in' })
		expect(compareFile(own, LINK, null)).toEqual({ type: 'stands-in' })
		expect(compareFile(own, LINK, 6_300)).toEqual({
			type: 'differs',
			difference: { sizeBytes: null, durationS: 190 },
			mayUseAnyway: false,
		})
	})
})
