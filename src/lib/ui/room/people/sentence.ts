/**
 * A sentence of the dictionary with some of its words to be shown stronger. The order differs by language, so what
 * is to stand out goes through the sentence as a mark and is put in its place afterwards: no name can be mistaken for
 * a part of the sentence.
 */
export interface SentencePart {
	readonly text: string
	readonly isStrong: boolean
}

/** Private use, one for each mark; only ever seen between `build` and the answer. */
const FIRST_MARK = 0xe000
const MARKS = /([\uE000-\uE0FF])/u

/** `build` puts what `strong` answers into a sentence. */
export const sentence = (build: (strong: (text: string) => string) => string): readonly SentencePart[] => {
	const texts: string[] = []
	const built = build((text) => String.fromCharCode(FIRST_MARK + texts.push(text) - 1))
	return built
		.split(MARKS)
		.map((part): SentencePart => {
			const text = MARKS.test(part) ? texts[part.charCodeAt(0) - FIRST_MARK] : undefined
			return text === undefined ? { text: part, isStrong: false } : { text, isStrong: true }
		})
		.filter(({ text }) => text !== '')
}

export const plainText = (parts: readonly SentencePart[]): string => parts.map(({ text }) => text).join('')
