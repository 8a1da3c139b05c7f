/**
 * The vectors were taken with another program (Python's hashlib) from the text of docs/spec.md.
 */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBody } from './body.ts'
import {
	FILE_SIZE_MAX_BYTES,
	fileHashHead,
	SAMPLE_BYTES,
	samplePlaces,
	WHOLE_MAX_BYTES,
} from './file-hash.ts'
import { KINDS } from './kinds.ts'
import { parseMediaRef, type LocalFileRef } from './media.ts'
import { POSITION_MAX_CHARS } from './position.ts'
import { FILE_NAME_MAX_CHARS, ITEM_TITLE_MAX_CHARS } from './text.ts'

/** Byte k of the file is k mod 251. */
const counted = (from: number, to: number): Uint8Array =>
	Uint8Array.from({ length: to - from }, (_, i) => (from + i) % 251)

const hashOf = (size: number, read: (from: number, to: number) => Uint8Array): string => {
	const hash = createHash('sha256').update(fileHashHead(size))
	for (const { from, to } of samplePlaces(size)) hash.update(read(from, to))
	return hash.digest('base64url')
}

const REF: LocalFileRef = {
	kind: 'local-file',
	size: 5_000_000_000,
	hash: 'dD-zrseH9Km1rfJA4ArKNs0EhVnSOvTRiKodseQZ7tk',
	name: 'saltmarsh.mkv',
	durationS: 6_543.2,
}

describe('the hash of a file on disk', () => {
	it('[LF1] a file of up to 1 MiB is hashed whole', () => {
		expect(hashOf(3, (from, to) => new TextEncoder().encode('abc').subarray(from, to))).toBe(
			's_rmxn6JhU4Ix9lZcXacF-otyPpVCdoJkjFMes8OvQc',
		)
		expect(hashOf(1, counted)).toBe('llziR0LGvyxlyqku5AmknhwvtJwf9CV2blq8SwZRJ7c')
		expect(hashOf(65_536, counted)).toBe('YOsXY2FRf-l127odi_yvozodvBgCMxSc3QdxtYQ3QkI')
		expect(hashOf(1_048_576, counted)).toBe('ComzIu65nJciR2JXbfLy0HpAChOXlwUIPNwB-Ef_hr0')
		expect(samplePlaces(100_000)).toEqual([
			{ from: 0, to: 65_536 },
			{ from: 65_536, to: 100_000 },
		])
	})

	it('[LF2] a larger one by 16 samples of 64 KiB at even places, the first and the last bytes among them', () => {
		expect(hashOf(1_048_577, counted)).toBe('0Zknq9D9PzLhD154ZzhGRBQK93H4llttMMw0DWLBCS8')
		expect(hashOf(5_000_000_000, counted)).toBe(REF.hash)
		expect(hashOf(FILE_SIZE_MAX_BYTES, counted)).toBe('DgBA_0ndlzTHEz9BWCmIZ2P-UZoHalMmWbyhNZDYX5c')
		for (const size of [WHOLE_MAX_BYTES + 1, 734_003_201, 5_000_000_000, FILE_SIZE_MAX_BYTES]) {
			const places = samplePlaces(size)
			expect(places.map(({ from, to }) => to - from)).toEqual(Array.from({ length: 16 }, () => SAMPLE_BYTES))
			expect([places[0]?.from, places.at(-1)?.to]).toEqual([0, size])
			places.slice(1).forEach(({ from }, i) => expect(from).toBeGreaterThanOrEqual(places[i]?.to ?? Infinity))
		}
	})

	it('[LF2] what has no size of a file has no places', () => {
		for (const size of [0, -1, 1.5, Number.NaN, FILE_SIZE_MAX_BYTES + 1])
			expect(() => samplePlaces(size)).toThrow('not the size of a file')
	})
})

describe('a file on disk as what a queue item points at', () => {
	it('[LF3] it comes back as it is, with and without its length, and without anything else', () => {
		expect(parseMediaRef({ ...REF, path: '/home/alice' })).toEqual(REF)
		const { durationS: _, ...unmeasured } = REF
		expect(parseMediaRef(unmeasured)).toEqual(unmeasured)
	})

	it.each([
		['no size', { size: undefined }],
		['an empty file', { size: 0 }],
		['half a byte', { size: 10.5 }],
		['a size beyond counting', { size: 2 ** 48 }],
		['a size in words', { size: '5000000000' }],
		['no hash', { hash: undefined }],
		['a hash of 31 bytes', { hash: REF.hash.slice(0, 42) }],
		['a hash that no 32 bytes have', { hash: `${REF.hash.slice(0, 42)}B` }],
		['no name', { name: '' }],
		['a name that turns text around', { name: 'film\u202e4pm.exe' }],
		['a name of two lines', { name: 'a\nb.mp4' }],
		['a name that is too long', { name: 'x'.repeat(FILE_NAME_MAX_CHARS + 1) }],
		['a length of nothing', { durationS: 0 }],
		['a length for ever', { durationS: Infinity }],
		['a length beyond bounds', { durationS: 1e7 + 1 }],
	])('[LF3] %s is none', (_what, change) => {
		expect(parseMediaRef({ ...REF, ...change })).toBeNull()
	})

	it('[LF3] with the longest name and title it fits into a record of the queue', () => {
		const body = encodeBody({
			nonce: 'x'.repeat(16),
			media: { ...REF, size: FILE_SIZE_MAX_BYTES, name: '映'.repeat(FILE_NAME_MAX_CHARS) },
			title: '映'.repeat(ITEM_TITLE_MAX_CHARS),
			dur: 6_543.2,
			pos: 'z'.repeat(POSITION_MAX_CHARS),
		})
		expect(body.length).toBeLessThanOrEqual(KINDS.queue.bodyMaxBytes)
	})
})
