/**
 * Bytes of a text file to text. Files of subtitles seldom say how they are written: UTF is told by its marks or by
 * being flawless, the rest by how often the commonest letters of its script come up. Pure.
 */

export interface Decoded {
	readonly text: string
	/** As `TextDecoder` calls it. */
	readonly encoding: string
}

interface Candidate {
	readonly encoding: string
	/** What comes up most in texts of it. */
	readonly common: RegExp
	/** The share of what is not ASCII that `common` has in such texts. */
	readonly usual: number
}

/** In the order in which they are offered; of two alike the earlier one counts. */
const CANDIDATES: readonly Candidate[] = [
	{ encoding: 'windows-1252', common: /[àâäáãåæçèéêëìíîïñòóôöõøœùúûüßÄÖÜÉ’“”…]/g, usual: 0.9 },
	{ encoding: 'windows-1250', common: /[ąćęłńśźżáčďéěíňóřšťúůýžőűăâîşţ]/g, usual: 0.9 },
	{ encoding: 'windows-1251', common: /[оеаинтсрвлкмдп]/g, usual: 0.72 },
	{ encoding: 'koi8-r', common: /[оеаинтсрвлкмдп]/g, usual: 0.72 },
	{ encoding: 'windows-1253', common: /[αοιετσνηυρπκμλςάέίόή]/g, usual: 0.8 },
	{ encoding: 'windows-1254', common: /[ığşçöüİ]/g, usual: 0.92 },
	{ encoding: 'windows-1255', common: /[יוהלאתרבשמנ]/g, usual: 0.75 },
	{ encoding: 'windows-1256', common: /[اليموندرتبهع]/g, usual: 0.75 },
	{ encoding: 'gb18030', common: /[的一是不了在人有我他这来们你到说大就要那会着去，。？！]/g, usual: 0.3 },
	{ encoding: 'big5', common: /[的一是不了在人有我他這來們你到說大就要那會著去，。？！]/g, usual: 0.3 },
	{ encoding: 'shift_jis', common: /[\u3041-\u3096、。]/g, usual: 0.5 },
	{ encoding: 'euc-kr', common: /[\uac00-\ud7a3]/g, usual: 0.98 },
]

const LATIN: ReadonlySet<string> = new Set(['windows-1252', 'windows-1250', 'windows-1254'])

/** All that a person may say a file is written in. */
export const ENCODINGS: readonly string[] = [
	'utf-8',
	'utf-16le',
	'utf-16be',
	...CANDIDATES.map(({ encoding }) => encoding),
]

/** Null where the bytes cannot be that. */
const decode = (bytes: Uint8Array, encoding: string): string | null => {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes)
	} catch {
		return null // not so written, or unknown to this browser: the next is tried
	}
}

/** Enough of a file to judge by; single letters cut at its end are no flaw. */
const SAMPLE_BYTES = 64 * 1024

const utf16Of = (bytes: Uint8Array): string | null => {
	const sample = bytes.subarray(0, 4_096)
	const zeros = [0, 0]
	sample.forEach((byte, at) => {
		if (byte === 0) zeros[at % 2]! += 1
	})
	const [even = 0, odd = 0] = zeros
	if (even + odd === 0 || even + odd < sample.length / 8) return null
	return odd > even ? 'utf-16le' : 'utf-16be'
}

const scoreOf = (bytes: Uint8Array, { encoding, common, usual }: Candidate): number => {
	const sample = decode(bytes.length > SAMPLE_BYTES ? bytes.subarray(0, SAMPLE_BYTES) : bytes, encoding)
	const text = sample ?? decode(bytes, encoding)
	if (text === null) return 0
	const foreign = Array.from(text).filter((character) => character > '\u007f').length
	if (foreign === 0) return 0
	const score = (text.match(common)?.length ?? 0) / foreign / usual
	// Where Latin letters are written, most are ASCII.
	const ascii = text.match(/[a-z]/gi)?.length ?? 0
	return LATIN.has(encoding) && foreign > ascii ? score / 4 : score
}

/** `said`: one of `ENCODINGS`, by the person. Null where the file cannot be that. */
export const decodeText = (bytes: Uint8Array, said: string | null = null): Decoded | null => {
	if (said !== null) {
		const text = ENCODINGS.includes(said) ? decode(bytes, said) : null
		return text === null ? null : { text, encoding: said }
	}
	const marked =
		bytes[0] === 0xff && bytes[1] === 0xfe
			? 'utf-16le'
			: bytes[0] === 0xfe && bytes[1] === 0xff
				? 'utf-16be'
				: utf16Of(bytes)
	for (const encoding of marked === null ? ['utf-8'] : [marked, 'utf-8']) {
		const text = decode(bytes, encoding)
		if (text !== null) return { text, encoding }
	}
	let best = { encoding: 'windows-1252', score: 0 }
	for (const candidate of CANDIDATES) {
		const score = scoreOf(bytes, candidate)
		if (score > best.score + 0.02) best = { encoding: candidate.encoding, score }
	}
	const { encoding } = best
	return { text: new TextDecoder(encoding).decode(bytes), encoding }
}
