/**
 * What is wrong with a text that was to be a room's code, in a sentence.
 */
import { CODE_CHARS, type ParsedCode } from './room-code.ts'

/** The sentence that stands under the field, or null where the text is a code. */
export const describeCodeProblem = (parsed: ParsedCode): string | null => {
	switch (parsed.type) {
		case 'code':
			return null
		case 'empty':
			return 'Type the code of the room, 20 letters and digits.'
		case 'wrong-length':
			return parsed.count < CODE_CHARS
				? `${String(parsed.count)} of ${String(CODE_CHARS)} characters. The rest of the code is missing.`
				: `${String(parsed.count)} characters, but a code has ${String(CODE_CHARS)}.`
		case 'wrong-character':
			return `“${parsed.character}” is in no room code. Codes have digits and the letters A to Z without I, L, O and U.`
	}
}
