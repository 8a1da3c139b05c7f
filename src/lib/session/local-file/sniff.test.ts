import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sniff } from './sniff.ts'

const bytes = (...parts: (string | number[] | Uint8Array)[]): Uint8Array =>
	new Uint8Array(
		Buffer.concat(
			parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
		),
	)
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)
const ROOT = join(import.meta.dirname, '../../../..')
const fileHead = (path: string): Uint8Array =>
	new Uint8Array(readFileSync(join(ROOT, path)).subarray(0, 65_536))

/** MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes a frame. */
const mp3Frame = bytes([0xff, 0xfb, 0x90, 0x00], zeros(413))
/** ADTS of 32 bytes. */
const aacFrame = bytes([0xff, 0xf1, 0x50, 0x80, 0x04, 0x1f, 0xfc], zeros(25))
const packet = bytes([0x47, 0x40, 0x00, 0x10], zeros(184))
const id3 = bytes('ID3', [4, 0, 0, 0, 0, 0, 20], zeros(20))
const ebml = (docType: string) =>
	bytes(
		[0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x80 + docType.length],
		docType,
		zeros(20),
	)
const ftyp = (brand: string) => bytes([0, 0, 0, 0x18], 'ftyp', brand, zeros(4), brand, zeros(40))

describe('what a file is, by its bytes', () => {
	it.each([
		['our film in MP4', fileHead('static/film/saltmarsh.mp4'), 'mp4'],
		['our film in WebM', fileHead('static/film/saltmarsh.webm'), 'webm'],
		['a sound file in Ogg', fileHead('tests/support/upstreams/media-film/sound.ogg'), 'ogg'],
		['MP4', ftyp('isom'), 'mp4'],
		['MP4 in pieces', ftyp('iso5'), 'mp4'],
		['M4A', ftyp('M4A '), 'm4a'],
		['an audio book', ftyp('M4B '), 'm4a'],
		['QuickTime', ftyp('qt  '), 'mov'],
		['old QuickTime', bytes([0, 0, 0, 8], 'wide', [0, 0, 0, 0], 'mdat'), 'mov'],
		['WebM', ebml('webm'), 'webm'],
		['Matroska', ebml('matroska'), 'mkv'],
		['MP3 without a tag', bytes(mp3Frame, mp3Frame, mp3Frame, mp3Frame), 'mp3'],
		['MP3 of two frames', bytes(mp3Frame, mp3Frame), 'mp3'],
		['MP3 with a tag', bytes(id3, mp3Frame, mp3Frame, mp3Frame), 'mp3'],
		['MP3 with a picture in its tag', bytes('ID3', [4, 0, 0, 0, 9, 9, 9], zeros(100)), 'mp3'],
		['AAC', bytes(aacFrame, aacFrame, aacFrame), 'aac'],
		['AAC with a tag', bytes(id3, aacFrame, aacFrame, aacFrame), 'aac'],
		['FLAC', bytes('fLaC', [0, 0, 0, 34], zeros(34)), 'flac'],
		['FLAC with a tag', bytes(id3, 'fLaC', zeros(38)), 'flac'],
		['WAV', bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt ', zeros(24)), 'wav'],
		['a long WAV', bytes('RF64', [255, 255, 255, 255], 'WAVEds64', zeros(24)), 'wav'],
		['AVI', bytes('RIFF', [36, 0, 0, 0], 'AVI LIST', zeros(24)), 'avi'],
		['Windows Media', bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], zeros(30)), 'wmv'],
		['Flash', bytes('FLV', [1, 5, 0, 0, 0, 9], zeros(30)), 'flv'],
		['a transport stream', bytes(packet, packet, packet, packet, packet), 'mpeg-ts'],
		['one from a camera', bytes(...[0, 1, 2, 3, 4].flatMap(() => [zeros(4), packet])), 'mpeg-ts'],
		['an MPEG film', bytes([0, 0, 1, 0xba, 0x44], zeros(60)), 'mpeg-ps'],
		['AIFF', bytes('FORM', [0, 0, 1, 0], 'AIFFCOMM', zeros(30)), 'aiff'],
	])('[LF4] %s', (_what, head, format) => {
		expect(sniff(head)).toEqual({ type: 'media', format })
	})

	it.each([
		['picture', 'JPEG', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', zeros(40))],
		['picture', 'JPEG', fileHead('static/film/saltmarsh.jpg')],
		['picture', 'PNG', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a], zeros(40))],
		['picture', 'GIF', bytes('GIF89a', zeros(40))],
		['picture', 'WebP', bytes('RIFF', [36, 0, 0, 0], 'WEBPVP8 ', zeros(24))],
		['picture', 'HEIC', ftyp('heic')],
		['picture', 'AVIF', ftyp('avif')],
		['picture', 'BMP', bytes('BM', [0x36, 0x10, 0, 0, 0, 0, 0, 0], zeros(40))],
		['picture', 'SVG', bytes('<?xml version="1.0"?>\n<svg xmlns="x"/>')],
		['document', 'PDF', bytes('%PDF-1.7\n', zeros(40))],
		['zip', null, bytes('PK\x03\x04', zeros(40))],
		['archive', 'RAR', bytes('Rar!\x1a\x07\x01\x00', zeros(40))],
		['archive', '7z', bytes('7z\xbc\xaf\x27\x1c', zeros(40))],
		['archive', 'gzip', bytes([0x1f, 0x8b, 8], zeros(40))],
		['archive', 'tar', bytes('film/', zeros(252), 'ustar\x0000', zeros(200))],
		['program', null, bytes('MZ', [0x90, 0], zeros(60))],
		['program', null, bytes('\x7fELF', zeros(60))],
		['torrent', null, bytes('d8:announce35:udp://tracker.example:1', [0xff, 0x00])],
		['subtitles', null, bytes('1\r\n00:00:01,000 --> 00:00:02,000\r\nHello')],
		['subtitles', null, bytes([0xef, 0xbb, 0xbf], 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello')],
		['playlist', null, bytes('#EXTM3U\n#EXT-X-VERSION:3\n')],
		['page', null, bytes('\n<!DOCTYPE html><html><body>Not found</body></html>')],
		['text', null, bytes('The four-ten to Saltmarsh, act one.')],
		['text', null, new TextEncoder().encode('映画'.repeat(9_000)).subarray(0, 40_001)],
		['text', null, bytes([0xff, 0xfe], 'T\x00h\x00e\x00')],
	])('[LF4] %s %s is no film', (what, format, head) => {
		expect(sniff(head)).toEqual({ type: 'not-media', what, format })
	})

	it('[LF4] zeros, and bytes that mean nothing, are told apart', () => {
		expect(sniff(new Uint8Array(65_536))).toEqual({ type: 'zeros' })
		const noise = Uint8Array.from({ length: 4_096 }, (_, i) => (i * 7_919 + 13) % 251)
		expect(sniff(noise)).toEqual({ type: 'unknown' })
		// Eleven bits that look like MP3, and nothing after them.
		expect(sniff(bytes([0xff, 0xfb, 0x90, 0], noise))).toEqual({ type: 'unknown' })
		expect(sniff(bytes('RIFF', [1, 2, 3, 4], 'ACON', noise))).toEqual({ type: 'unknown' })
	})

	it('[LF4] however a file is cut off, an answer comes', () => {
		const whole = fileHead('static/film/saltmarsh.webm').subarray(0, 300)
		for (let length = 1; length <= whole.length; length++)
			expect(sniff(whole.subarray(0, length)).type).toBeTypeOf('string')
		for (const head of [id3, mp3Frame, aacFrame, ftyp('isom')])
			for (let length = 1; length < head.length; length++)
				expect(sniff(head.subarray(0, length)).type).toBeTypeOf('string')
	})
})
