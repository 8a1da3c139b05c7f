/**
 * How a room code looks while it is typed: upper case, groups of four, look-alikes mended (O is 0; I and L are 1).
 * It never refuses or cuts: what is wrong is said on submit, by whoever joins.
 */
const GROUP_CHARS = 4

const mend = (character: string): string => {
	const upper = character.toUpperCase()
	if (upper === 'O') return '0'
	return upper === 'I' || upper === 'L' ? '1' : upper
}

const isCounted = (character: string): boolean => !/[\s\u2010-\u2015_.-]/.test(character)

/** The code out of a pasted link, else the text. */
const codePart = (text: string): string => (text.includes('#') ? text.slice(text.indexOf('#') + 1) : text)

const counted = (text: string): string[] => Array.from(codePart(text)).filter(isCounted).map(mend)

export const formatCode = (text: string): string =>
	counted(text)
		.map((character, at) => (at > 0 && at % GROUP_CHARS === 0 ? `-${character}` : character))
		.join('')

/** Formats what stands in a field and says where the caret belongs, so that it stays behind the same character. */
export const formatCodeInput = (text: string, caret: number): { text: string; caret: number } => {
	const formatted = formatCode(text)
	if (text.includes('#')) return { text: formatted, caret: formatted.length }
	const before = Array.from(text.slice(0, caret)).filter(isCounted).length
	const dashes = before === 0 ? 0 : Math.floor((before - 1) / GROUP_CHARS)
	return { text: formatted, caret: before + dashes }
}
