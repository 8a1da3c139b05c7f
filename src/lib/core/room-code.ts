/**
 * The room's code: 100 random bits as 20 Crockford base32 characters, in groups of four. The code is the key:
 * it travels in the link's fragment, which no server sees.
 * Alphabet and forgiveness after Douglas Crockford's Base 32: case and dashes do not matter, O reads as 0, I and L as 1.
 */
import type { RandomSource } from './clock.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_CHARS = 20
const GROUP_CHARS = 4
const BITS_PER_CHAR = 5

export type ParsedCode =
	| { readonly type: 'code'; readonly code: string }
	| { readonly type: 'empty' }
	/** `count` characters that count, of 20. */
	| { readonly type: 'wrong-length'; readonly count: number }
	| { readonly type: 'wrong-character'; readonly character: string }

const dashed = (chars: string): string =>
	chars.match(new RegExp(`.{1,${String(GROUP_CHARS)}}`, 'g'))?.join('-') ?? ''

/** A new code, written `K7QX-3M9R-T2VH-8WPC-5NDA`. */
export const createRoomCode = (random: RandomSource): string => {
	// One byte a character, of which five bits are used: 20 × 5 = 100 bits.
	const chars = Array.from(random.bytes(CODE_CHARS), (byte) => ALPHABET.charAt(byte & 31))
	return dashed(chars.join(''))
}

const forgive = (character: string): string => {
	const upper = character.toUpperCase()
	if (upper === 'O') return '0'
	if (upper === 'I' || upper === 'L') return '1'
	return upper
}

/** Reads a code as a person types or pastes it, whole links included. */
export const parseRoomCode = (text: string): ParsedCode => {
	const fragment = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text
	const chars = Array.from(fragment.replaceAll(/[\s\u2010-\u2015_.-]/g, ''), forgive)
	if (chars.length === 0) return { type: 'empty' }
	const wrong = chars.find((character) => !ALPHABET.includes(character))
	if (wrong !== undefined) return { type: 'wrong-character', character: wrong }
	if (chars.length !== CODE_CHARS) return { type: 'wrong-length', count: chars.length }
	return { type: 'code', code: dashed(chars.join('')) }
}

/** The 100 bits of a code in its written form, as 13 bytes, the last four bits zero. */
export const roomCodeToBytes = (code: string): Uint8Array => {
	const bytes = new Uint8Array(Math.ceil((CODE_CHARS * BITS_PER_CHAR) / 8))
	let at = 0
	for (const character of code.replaceAll('-', '')) {
		const value = ALPHABET.indexOf(character)
		for (let bit = BITS_PER_CHAR - 1; bit >= 0; bit--, at++) {
			if ((value >> bit) & 1) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7))
		}
	}
	return bytes
}
