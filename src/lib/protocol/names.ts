/**
 * What may stand as a person's name, on the server and in the browser alike: something one can see, that cannot
 * pose as another by signs nobody sees.
 */
export const NAME_MAX_CHARS = 32

/** Control, format (bidi, zero-width, soft hyphen, tags), private and lone surrogates, line separators. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u
/** Letters that draw nothing: Hangul fillers, the empty Braille cell; and combining marks in heaps. */
const DECEIVING = /[\u115f\u1160\u3164\uffa0\u2800]|\p{M}{4,}/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

export type NameProblem = 'empty' | 'too-long' | 'not-normal' | 'hidden-characters'

/** What is wrong with `name`, or null. */
export const nameProblem = (name: string): NameProblem | null => {
	if (name.length > NAME_MAX_CHARS) return 'too-long'
	if (name.trim() === '') return 'empty'
	if (HIDDEN.test(name) || DECEIVING.test(name)) return 'hidden-characters'
	if (!VISIBLE.test(name)) return 'empty'
	return name === name.normalize('NFC') && name === name.trim() ? null : 'not-normal'
}

/** The nearest allowed name, or null where nothing is left: for what people type and paste. */
export const tidyName = (typed: string): string | null => {
	const kept = typed
		.normalize('NFC')
		.replaceAll(new RegExp(HIDDEN.source, 'gu'), ' ')
		.replaceAll(/\s+/g, ' ')
		.trim()
	// Cut between characters, never through a surrogate pair.
	let short = ''
	for (const character of kept)
		if (short.length + character.length <= NAME_MAX_CHARS) short += character
		else break
	const name = short.trim()
	return nameProblem(name) === null ? name : null
}
