/**
 * Bytes as base64url text without padding (RFC 4648, section 5).
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]))

export const bytesToBase64url = (bytes: Uint8Array): string => {
	let out = ''
	for (let i = 0; i < bytes.length; i += 3) {
		const a = bytes[i] ?? 0
		const b = bytes[i + 1] ?? 0
		const c = bytes[i + 2] ?? 0
		const word = (a << 16) | (b << 8) | c
		out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63)
		if (i + 1 < bytes.length) out += ALPHABET.charAt((word >> 6) & 63)
		if (i + 2 < bytes.length) out += ALPHABET.charAt(word & 63)
	}
	return out
}

/** Null where the text is not the canonical form of some bytes. */
export const base64urlToBytes = (text: string): Uint8Array<ArrayBuffer> | null => {
	if (text.length % 4 === 1) return null
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
	let buffer = 0
	let bits = 0
	let at = 0
	for (const character of text) {
		const value = VALUES.get(character)
		if (value === undefined) return null
		buffer = ((buffer << 6) | value) & 0xffffff
		bits += 6
		if (bits >= 8) {
			bits -= 8
			bytes[at++] = (buffer >> bits) & 0xff
		}
	}
	// Left-over bits must be zero, or two texts would mean the same bytes.
	return (buffer & ((1 << bits) - 1)) === 0 ? bytes : null
}
