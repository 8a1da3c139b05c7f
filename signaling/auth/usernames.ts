/**
 * Usernames: what may stand in one, and what makes two of them the same.
 */
import { USERNAME_MAX_CHARS, USERNAME_MIN_CHARS } from '#lib/protocol/accounts.ts'
import { nameProblem } from '#lib/protocol/names.ts'

/** Letters of one writing only: `раypal` with a Cyrillic beginning would be somebody else in disguise. */
const WRITINGS: readonly RegExp[] = [
	'\\p{scx=Latin}',
	'\\p{scx=Cyrillic}',
	'\\p{scx=Greek}',
	'\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}',
	'\\p{scx=Han}\\p{scx=Hangul}',
	'\\p{scx=Han}\\p{scx=Bopomofo}',
	...[
		'Arabic',
		'Hebrew',
		'Devanagari',
		'Bengali',
		'Gurmukhi',
		'Gujarati',
		'Tamil',
		'Telugu',
		'Kannada',
		'Malayalam',
		'Sinhala',
		'Thai',
		'Lao',
		'Khmer',
		'Myanmar',
		'Tibetan',
		'Armenian',
		'Georgian',
		'Ethiopic',
		'Mongolian',
	].map((script) => `\\p{scx=${script}}`),
].map((letters) => new RegExp(`^[${letters}\\p{Nd}\\p{M}._-]+$`, 'u'))

/** Cyrillic and Greek letters that are drawn like a Latin one: whole words of them pass the rule above. */
const DRAWN_ALIKE = new Map(
	Object.entries({
		a: 'аα',
		b: 'в',
		c: 'сϲ',
		d: 'ԁ',
		e: 'е',
		h: 'нһη',
		i: 'іι',
		j: 'јϳ',
		k: 'кκ',
		l: 'ӏ',
		m: 'м',
		n: 'п',
		o: 'оο',
		p: 'рρ',
		q: 'ԛ',
		r: 'г',
		s: 'ѕ',
		t: 'тτ',
		u: 'υ',
		v: 'ν',
		w: 'ԝω',
		x: 'хχ',
		y: 'уγү',
	}).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
)

/** As it is kept and shown: one spelling of each character. */
export const tidyUsername = (typed: string): string => typed.trim().normalize('NFKC')

/** A sentence, or null for a (tidy) username that may be had. */
export const usernameProblem = (username: string): string | null => {
	const length = Array.from(username).length
	if (length < USERNAME_MIN_CHARS || username.length > USERNAME_MAX_CHARS)
		return `A username has ${String(USERNAME_MIN_CHARS)} to ${String(USERNAME_MAX_CHARS)} characters.`
	if (
		!/^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u.test(username) ||
		nameProblem(username.normalize('NFC')) !== null
	)
		return 'A username has letters, digits, dots, dashes and underscores, and begins with a letter or digit.'
	return WRITINGS.some((letters) => letters.test(username))
		? null
		: 'A username keeps to the letters of one writing; letters of two can pose as another name.'
}

/** Equal for usernames that differ in case, spelling or letters drawn alike. */
export const foldUsername = (username: string): string =>
	Array.from(
		tidyUsername(username).toLowerCase().toUpperCase().toLowerCase().normalize('NFKC'),
		(letter) => DRAWN_ALIKE.get(letter) ?? letter,
	).join('')
