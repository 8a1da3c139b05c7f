/**
 * No sentence stands in a component itself: what people read or hear is in `src/lib/words`, in every language.
 */
import { describe, expect, it } from 'vitest'
import { readSources } from '../support/source-files.ts'

/** What is the same in every language: names of keys, and a code as an example. */
const SAME_EVERYWHERE =
	/^(?:Enter|Shift|Ctrl|Esc|&nbsp;|&[a-z]+;|K7QX-3M9R-T2VH-8WPC-5NDA|MATINEE|Matinee|QR|ms)$/
/** Components that still hold words of their own, with how many: the list only ever gets shorter. */
const NOT_YET: Readonly<Record<string, number>> = {}

/** Attributes that people see or hear. */
const SAID =
	/\s(?:aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt)="([^"]*)"/g
const isWord = (text: string): boolean => /\p{L}{2}/u.test(text)

/** Without what stands in braces, however deep: expressions are code. */
const withoutBraces = (markup: string): string => {
	let depth = 0
	let rest = ''
	for (const character of markup) {
		if (character === '{') depth += 1
		else if (character === '}') {
			depth -= 1
			rest += ' '
		} else if (depth === 0) rest += character
	}
	return rest
}

const strayWords = (source: string): string[] => {
	const markup = source
		.replaceAll(/<script[^]*?<\/script>/g, '')
		.replaceAll(/<style[^]*?<\/style>/g, '')
		.replaceAll(/<!--[^]*?-->/g, '')
	const bare = withoutBraces(markup)
	const said = Array.from(bare.matchAll(SAID), (match) => match[1] ?? '')
	// Tags may hold a `>` only in braces, which are gone.
	const text = bare.replaceAll(/<[^>]*>/g, '\n').split('\n')
	// A string within an expression of the markup: {isOpen ? 'Close' : 'Open it'}
	const within = Array.from(markup.matchAll(/[{?:]\s*'([A-Z][^'\n]* [^'\n]*)'/g), (match) => match[1] ?? '')
	return [...said, ...text, ...within]
		.flatMap((part) => part.trim().split(/\s+(?=&nbsp;)|(?<=&nbsp;)\s*/))
		.flatMap((part) =>
			SAME_EVERYWHERE.test(part)
				? []
				: part.split(' ').every((word) => SAME_EVERYWHERE.test(word))
					? []
					: [part],
		)
		.filter(isWord)
}

describe('words in components', () => {
	const files = readSources(['src/lib/ui'], /\.svelte$/)

	it('[WD7] no text and no label is written into a component', () => {
		expect(files.length).toBeGreaterThan(50)
		const found = files.flatMap(({ path, text }) => {
			const words = strayWords(text)
			return words.length > (NOT_YET[path] ?? 0) ? [`${path}: ${words.join(' | ')}`] : []
		})
		expect(found).toEqual([])
	})

	it('[WD7] what is listed as not moved yet is still there', () => {
		for (const [path, count] of Object.entries(NOT_YET)) {
			const file = files.find((one) => one.path === path)
			expect([path, file === undefined ? 0 : strayWords(file.text).length]).toEqual([path, count])
		}
	})

	it('[WD7] a stray word is found in text, in labels and in expressions', () => {
		expect(strayWords('<p class="x">Hello {name} there</p>')).toEqual(['Hello   there'])
		expect(strayWords('<button aria-label="Close" title={words.close}></button>')).toEqual(['Close'])
		expect(strayWords("<p>{isOpen ? 'Close it' : words.open}</p>")).toEqual(['Close it'])
		expect(
			strayWords("<script>const a = 'Not Shown'</script><p>{words.a}&nbsp;</p><kbd>Enter</kbd>"),
		).toEqual([])
	})
})
