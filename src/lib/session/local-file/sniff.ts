/**
 * What a file is, by its first bytes and never by its name. Pure. Sources: the formats' own specifications (RFC 8794
 * and Matroska's EBML header, ISO/IEC 14496-12 `ftyp`, RFC 3533, RFC 9639, ID3v2, ISO/IEC 11172-3) and the WHATWG MIME
 * Sniffing Standard.
 */
import type { FileFormat, OtherKind } from '#lib/core/own-files.ts'

export type Sniffed =
	| { readonly type: 'media'; readonly format: FileFormat }
	| { readonly type: 'not-media'; readonly what: OtherKind; readonly format: string | null }
	| { readonly type: 'zeros' }
	| { readonly type: 'unknown' }

const media = (format: FileFormat): Sniffed => ({ type: 'media', format })
const not = (what: OtherKind, format: string | null = null): Sniffed => ({
	type: 'not-media',
	what,
	format,
})

/** Bytes as text, one character each. */
const ascii = (bytes: Uint8Array, from: number, to: number): string =>
	String.fromCharCode(...bytes.subarray(from, to))

/** What begins with these characters, at `at`. */
const MAGIC: readonly (readonly [at: number, text: string, is: Sniffed])[] = [
	[0, 'fLaC', media('flac')],
	[0, 'OggS', media('ogg')],
	[0, 'FLV\x01', media('flv')],
	[0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11', media('wmv')],
	[0, '\x00\x00\x01\xba', media('mpeg-ps')],
	[0, '\x00\x00\x01\xb3', media('mpeg-ps')],
	[0, '\xff\xd8\xff', not('picture', 'JPEG')],
	[0, '\x89PNG\r\n\x1a\n', not('picture', 'PNG')],
	[0, 'GIF8', not('picture', 'GIF')],
	[0, 'II*\x00', not('picture', 'TIFF')],
	[0, 'MM\x00*', not('picture', 'TIFF')],
	[0, '8BPS', not('picture', 'Photoshop')],
	[0, '\x00\x00\x01\x00', not('icon')],
	[0, '%PDF-', not('document', 'PDF')],
	[0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', not('office')],
	[0, '{\\rtf', not('document', 'RTF')],
	[0, 'PK\x03\x04', not('zip')],
	[0, 'PK\x05\x06', not('archive', 'ZIP')],
	[0, 'Rar!\x1a\x07', not('archive', 'RAR')],
	[0, '7z\xbc\xaf\x27\x1c', not('archive', '7z')],
	[0, '\x1f\x8b', not('archive', 'gzip')],
	[0, 'BZh', not('archive', 'bzip2')],
	[0, '\xfd7zXZ\x00', not('archive', 'xz')],
	[0, '\x28\xb5\x2f\xfd', not('archive', 'zstd')],
	[257, 'ustar', not('archive', 'tar')],
	[0, 'MZ', not('program')],
	[0, '\x7fELF', not('program')],
	[0, 'SQLite format 3\x00', not('database')],
	[0, 'MThd', not('midi')],
	[0, 'wOF2', not('font')],
	[0, 'wOFF', not('font')],
]

const RIFF: Readonly<Record<string, Sniffed>> = {
	WAVE: media('wav'),
	'AVI ': media('avi'),
	WEBP: not('picture', 'WebP'),
}

const PICTURE_BRANDS = new Set([
	'heic',
	'heix',
	'heim',
	'heis',
	'hevc',
	'hevx',
	'mif1',
	'msf1',
	'avif',
	'avis',
])

/** An ISO base media file says in its first box what it is. */
const ofBoxes = (bytes: Uint8Array): Sniffed | null => {
	const box = ascii(bytes, 4, 8)
	if (box !== 'ftyp') return /^(?:moov|mdat|wide|pnot|skip|free)$/.test(box) ? media('mov') : null
	const brand = ascii(bytes, 8, 12)
	if (PICTURE_BRANDS.has(brand)) return not('picture', brand.startsWith('av') ? 'AVIF' : 'HEIC')
	if (brand === 'qt  ') return media('mov')
	return media(/^(?:M4A|M4B|M4P|F4A|F4B) $/.test(brand) ? 'm4a' : 'mp4')
}

/** Matroska and WebM tell each other apart by the DocType within the first element. */
const ofEbml = (bytes: Uint8Array): Sniffed | null => {
	if (ascii(bytes, 0, 4) !== '\x1a\x45\xdf\xa3') return null
	return media(/\x42\x82[\x80-\xff]webm/.test(ascii(bytes, 0, 256)) ? 'webm' : 'mkv')
}

const TS_PACKET_BYTES = [188, 192] as const
const ofTransportStream = (bytes: Uint8Array): Sniffed | null => {
	for (const packet of TS_PACKET_BYTES) {
		const at = packet - 188
		const syncs = [0, 1, 2, 3, 4].map((i) => bytes[at + i * packet])
		if (syncs.every((byte) => byte === 0x47)) return media('mpeg-ts')
	}
	return null
}

const MP3_KBITS: Readonly<Record<'v1l2' | 'v1l3' | 'v2', readonly number[]>> = {
	v1l2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
	v1l3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	v2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const MP3_HZ = [44_100, 48_000, 32_000] as const

/** How long the MPEG audio frame (layers II and III) is that begins at `at`; null where none does. */
const mp3FrameBytes = (bytes: Uint8Array, at: number): number | null => {
	const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
	if (a !== 0xff || (b & 0xe0) !== 0xe0) return null
	const [version, layer] = [(b >> 3) & 3, (b >> 1) & 3] // 3: version 1, 2: version 2, 0: 2.5; layer 1: III, 2: II
	if (version === 1 || (layer !== 1 && layer !== 2)) return null
	const kbits = MP3_KBITS[version === 3 ? (layer === 2 ? 'v1l2' : 'v1l3') : 'v2'][c >> 4]
	const hz = MP3_HZ[(c >> 2) & 3]
	if (kbits === undefined || kbits === 0 || hz === undefined) return null
	const samples = version !== 3 && layer === 1 ? 576 : 1_152
	const rate = version === 3 ? hz : version === 2 ? hz / 2 : hz / 4
	return Math.floor((samples / 8) * ((kbits * 1_000) / rate)) + ((c >> 1) & 1)
}
const adtsFrameBytes = (bytes: Uint8Array, at: number): number | null => {
	const [a = 0, b = 0, , d = 0, e = 0, f = 0] = bytes.subarray(at, at + 6)
	if (a !== 0xff || (b & 0xf6) !== 0xf0) return null
	const length = ((d & 3) << 11) | (e << 3) | (f >> 5)
	return length >= 7 ? length : null
}

/** Three frames, each where the one before ends: eleven bits alone are no proof of sound. */
const FRAMES = 3
const areFrames = (
	bytes: Uint8Array,
	from: number,
	lengthAt: (bytes: Uint8Array, at: number) => number | null,
): boolean => {
	let at = from
	for (let i = 0; i < FRAMES; i++) {
		// A short file may hold fewer.
		if (i > 0 && at === bytes.length) return true
		const length = lengthAt(bytes, at)
		if (length === null) return false
		at += length
	}
	return true
}

/** How long the ID3v2 tag at the beginning is; 0 where there is none. */
const tagBytes = (bytes: Uint8Array): number => {
	if (ascii(bytes, 0, 3) !== 'ID3') return 0
	const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10)
	return 10 + ((a << 21) | (b << 14) | (c << 7) | d)
}

const ofFrames = (bytes: Uint8Array): Sniffed | null => {
	const from = tagBytes(bytes)
	if (from > 0) {
		if (ascii(bytes, from, from + 4) === 'fLaC') return media('flac')
		// A large picture in the tag hides what follows; nearly always that is MP3.
		return media(areFrames(bytes, from, adtsFrameBytes) ? 'aac' : 'mp3')
	}
	if (areFrames(bytes, 0, adtsFrameBytes)) return media('aac')
	return areFrames(bytes, 0, mp3FrameBytes) ? media('mp3') : null
}

/** Text, and which. Null where the bytes are no text in UTF-8 or UTF-16. */
const ofText = (bytes: Uint8Array): Sniffed | null => {
	const [a, b] = bytes
	const isUtf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)
	if (isUtf16) return not('text')
	let text: string
	try {
		// Cut in the midst of a character: `stream` leaves that one out.
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }).trimStart()
	} catch {
		return null // reason: not UTF-8 is one of the ways of not being text
	}
	// eslint-disable-next-line no-control-regex -- controls are what no text has
	if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return null
	if (
		text.startsWith('WEBVTT') ||
		/^\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} -->/.test(text) ||
		text.startsWith('[Script Info]')
	)
		return not('subtitles')
	if (text.startsWith('#EXTM3U')) return not('playlist')
	if (/^<(?:!doctype html|html)\b/i.test(text)) return not('page')
	if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?<svg\b/i.test(text)) return not('picture', 'SVG')
	if (/^d\d*:announce|^d8:announce/.test(text)) return not('torrent')
	return not('text')
}

/** `head`: the first 64 KiB, or all of a shorter file. */
export const sniff = (head: Uint8Array): Sniffed => {
	if (head.length >= 1_024 && head.every((byte) => byte === 0)) return { type: 'zeros' }
	for (const [at, text, is] of MAGIC) if (ascii(head, at, at + text.length) === text) return is
	if (/^(?:RIFF|RIFX|RF64)$/.test(ascii(head, 0, 4))) return RIFF[ascii(head, 8, 12)] ?? { type: 'unknown' }
	if (ascii(head, 0, 4) === 'FORM' && /^AIF[FC]$/.test(ascii(head, 8, 12))) return media('aiff')
	if (ascii(head, 0, 2) === 'BM' && head[5] === 0 && head[6] === 0) return not('picture', 'BMP')
	// A torrent is text with bytes in it.
	if (/^d\d+:(?:announce|comment|created by|creation date|info)/.test(ascii(head, 0, 32)))
		return not('torrent')
	return (
		ofEbml(head) ??
		ofBoxes(head) ??
		ofTransportStream(head) ??
		ofFrames(head) ??
		ofText(head) ?? { type: 'unknown' }
	)
}
