/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson and Bernstein): quick in 32-bit arithmetic, and nobody who does
 * not know the key beforehand can make records whose hashes cancel out.
 */

/** Two 32-bit words: a key, or a hash. */
export type Word2 = readonly [number, number]

const rotl = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/** The hash of `bytes` under `key`, as two unsigned words. */
export const keyedHash = (bytes: Uint8Array, key: Word2): Word2 => {
	let v0 = key[0] | 0
	let v1 = key[1] | 0
	let v2 = 0x6c796765 ^ key[0]
	let v3 = 0x74656462 ^ key[1]
	const rounds = (count: number): void => {
		for (let i = 0; i < count; i++) {
			v0 = (v0 + v1) | 0
			v1 = rotl(v1, 5) ^ v0
			v0 = rotl(v0, 16)
			v2 = (v2 + v3) | 0
			v3 = rotl(v3, 8) ^ v2
			v0 = (v0 + v3) | 0
			v3 = rotl(v3, 7) ^ v0
			v2 = (v2 + v1) | 0
			v1 = rotl(v1, 13) ^ v2
			v2 = rotl(v2, 16)
		}
	}
	const take = (word: number): void => {
		v3 ^= word
		rounds(2)
		v0 ^= word
	}
	v1 ^= 0xee
	const whole = bytes.length & ~3
	for (let at = 0; at < whole; at += 4)
		take(
			(bytes[at] ?? 0) |
				((bytes[at + 1] ?? 0) << 8) |
				((bytes[at + 2] ?? 0) << 16) |
				((bytes[at + 3] ?? 0) << 24),
		)
	let last = (bytes.length & 0xff) << 24
	for (let at = whole; at < bytes.length; at++) last |= (bytes[at] ?? 0) << (8 * (at - whole))
	take(last)
	v2 ^= 0xee
	rounds(4)
	const low = (v1 ^ v3) >>> 0
	v1 ^= 0xdd
	rounds(4)
	return [low, (v1 ^ v3) >>> 0]
}
