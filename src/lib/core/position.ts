/**
 * Fractional keys: text that sorts where an item stands in the queue, with room between any two. Digits are base62
 * in ASCII order, so keys compare as text; a key never ends in the lowest digit, so there is always room below it.
 * Halving after David Greenspan's "Implementing Fractional Indexing"; appending counts up instead, to stay short.
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = DIGITS.length
/** Keys made by appending count in their first four digits: 14 million appends before they grow. */
const HEAD_DIGITS = 4
const HEAD_MAX = BASE ** HEAD_DIGITS - 1
const HEAD_START = Math.floor(HEAD_MAX / 2)

export const POSITION_MAX_CHARS = 128

const PATTERN = /^[0-9A-Za-z]*[1-9A-Za-z]$/
export const isPositionKey = (input: unknown): input is string =>
	typeof input === 'string' && input.length <= POSITION_MAX_CHARS && PATTERN.test(input)

const digit = (key: string, at: number): number => (at < key.length ? DIGITS.indexOf(key.charAt(at)) : 0)

/** Strictly between `low` and `high`; '' below is the start, null above is no bound. */
const halfway = (low: string, high: string | null): string => {
	let out = ''
	let upper = high
	for (let at = 0; ; at++) {
		const from = digit(low, at)
		const to = upper === null ? BASE : digit(upper, at)
		if (to - from > 1) return out + DIGITS.charAt((from + to) >> 1)
		out += DIGITS.charAt(from)
		if (to === from) continue
		// One apart: everything below `upper` in this digit's branch is ours, if anything of `low` is left behind.
		upper = null
	}
}

const headOf = (key: string): number => {
	let head = 0
	for (let at = 0; at < HEAD_DIGITS; at++) head = head * BASE + digit(key, at)
	return head
}

const headText = (head: number): string => {
	let out = ''
	for (let rest = head, at = 0; at < HEAD_DIGITS; at++) {
		out = DIGITS.charAt(rest % BASE) + out
		rest = Math.floor(rest / BASE)
	}
	return out
}

const withoutTail = (key: string): string => key.replace(/0+$/, '')

/** Two digits out of two random bytes, the last never 0: two people adding at one moment get unlike keys. */
export const jitterOf = (bytes: Uint8Array): string =>
	DIGITS.charAt((bytes[0] ?? 0) % BASE) + DIGITS.charAt(1 + ((bytes[1] ?? 0) % (BASE - 1)))

/**
 * A key strictly between two others; null for an open end. `jitter` (digits, not ending in 0) is put behind it.
 * Null where there is no key to be had: `low` is not below `high`, or it would be too long.
 */
export const keyBetween = (low: string | null, high: string | null, jitter = ''): string | null => {
	if (low !== null && high !== null && low >= high) return null
	if (high === null) {
		const head = low === null ? HEAD_START : headOf(low) + 1
		if (head <= HEAD_MAX) return withoutTail(headText(head) + (jitter === '' ? '' : jitter))
	}
	let key = halfway(low ?? '', high)
	// What is put behind a beginning of `high` might pass it: go down beside it first.
	while (jitter !== '' && high?.startsWith(key)) key += halfway('', high.slice(key.length))
	key += jitter
	return key.length <= POSITION_MAX_CHARS ? key : null
}

/** Digits that rise with time, for a year and a half: behind the same beginning the earlier key is the lower one. */
export const timeDigits = (ms: number): string => {
	let out = 'V'
	for (let rest = ms, at = 0; at < 6; at++) {
		out = DIGITS.charAt(rest % BASE) + out
		rest = Math.floor(rest / BASE)
	}
	return out
}

/** `count` keys in order, all behind `prefix` and before whatever is above it. 3,844 at most. */
export const keysBetween = (prefix: string, count: number): readonly string[] =>
	Array.from(
		{ length: count },
		(_, at) => `${prefix}${DIGITS.charAt(Math.floor(at / BASE))}${DIGITS.charAt(at % BASE)}V`,
	)

/** FNV-1a, 32 bits: spreads ids, guards nothing. */
export const fnv1a = (text: string): number => {
	let hash = 0x811c9dc5
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
	return hash >>> 0
}

/** Where a shuffle with `seed` puts an item: the same place on every screen. Null where the prefix is too long. */
export const shuffledKey = (prefix: string, seed: string, itemId: string): string | null => {
	let rest = fnv1a(`${seed}/${itemId}`)
	// FNV's low bits of like texts are alike: mix once more (murmur3's finaliser).
	rest = Math.imul(rest ^ (rest >>> 16), 0x85ebca6b) >>> 0
	rest = Math.imul(rest ^ (rest >>> 13), 0xc2b2ae35) >>> 0
	rest = (rest ^ (rest >>> 16)) >>> 0
	let out = ''
	for (let at = 0; at < 5; at++) {
		out += DIGITS.charAt(rest % BASE)
		rest = Math.floor(rest / BASE)
	}
	const key = `${prefix}${out}V`
	return key.length <= POSITION_MAX_CHARS ? key : null
}
