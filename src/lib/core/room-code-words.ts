/**
 * What is wrong with a text that was to be a room's code, in a sentence.
 */
import { codeWords } from '#lib/words/code.ts'
import { CODE_CHARS, type ParsedCode } from './room-code.ts'

/** The sentence that stands under the field, or null where the text is a code. */
export const describeCodeProblem = (parsed: ParsedCode): string | null => {
	const words = codeWords()
	switch (parsed.type) {
		case 'code':
			return null
		case 'empty':
			return words.empty
		case 'wrong-length': {
			const { count } = parsed
			return count < CODE_CHARS ? words.tooShort(count, CODE_CHARS) : words.tooLong(count, CODE_CHARS)
		}
		case 'wrong-character':
			return words.wrongCharacter(parsed.character)
	}
}
