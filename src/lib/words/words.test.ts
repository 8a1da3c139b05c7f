import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { commonWords } from './common.ts'
import { language, languageFor, onLanguage, parseLanguage, trackLanguage, useLanguage } from './language.ts'
import { formatDate, formatList, formatNumber, formatPercent, plural } from './number-words.ts'
import { zh } from './zh.ts'

afterEach(async () => {
	trackLanguage(() => undefined)
	await useLanguage('en')
})

/** Files that hold a subject, as the function `subject` is called there: [file, name of the subject]. */
const subjects = readdirSync(import.meta.dirname)
	.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
	.flatMap((file) => {
		const text = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
		return [...text.matchAll(/= subject\('([\w-]+)'/g)].map((match) => [file, match[1] ?? ''] as const)
	})

describe('words', () => {
	it('[WD1] are said in the language in force, and who shows them is told of a change', async () => {
		let changes = 0
		let readings = 0
		const off = onLanguage(() => changes++)
		trackLanguage(() => readings++)
		expect(commonWords().cancel).toBe('Cancel')
		await useLanguage('zh')
		expect([language(), commonWords().cancel]).toEqual(['zh', '取消'])
		await useLanguage('zh')
		await useLanguage('en')
		expect(commonWords().cancel).toBe('Cancel')
		expect(changes).toBe(2)
		expect(readings).toBeGreaterThan(3)
		off()
	})

	it('[WD2] every subject is there in Chinese, under its own name, and no name is used twice', () => {
		expect(subjects.length).toBeGreaterThan(0)
		const names = subjects.map(([, name]) => name)
		expect(Object.keys(zh).toSorted()).toEqual(names.toSorted())
		expect(new Set(names).size).toBe(names.length)
		for (const [file, name] of subjects) expect(file).toBe(`${name}.ts`)
	})

	it('[WD2] every word of a subject is there in Chinese, and of the same kind', () => {
		const kindsOf = (words: object): unknown =>
			Object.fromEntries(
				Object.entries(words).map(([key, value]) => [
					key,
					typeof value === 'object' && value !== null ? kindsOf(value as object) : typeof value,
				]),
			)
		for (const [name, words] of Object.entries(zh))
			for (const kind of Object.values(kindsOf(words) as object))
				expect([name, kind]).not.toContain('undefined')
	})

	it('[WD3] the browser’s first language that there are words for is taken, else English', () => {
		expect(languageFor(['zh-TW', 'en'])).toBe('zh')
		expect(languageFor(['de-DE', 'zh', 'en'])).toBe('zh')
		expect(languageFor(['en-GB', 'zh'])).toBe('en')
		expect(languageFor(['fr'])).toBe('en')
		expect(languageFor([])).toBe('en')
		expect(languageFor(['', 'zho', '-'])).toBe('en')
		expect(parseLanguage('zh')).toBe('zh')
		for (const value of ['ZH', null, 1, '__proto__', 'constructor']) expect(parseLanguage(value)).toBeNull()
	})

	it('[WD4] numbers, lists and dates follow the language', async () => {
		const day = Date.UTC(2026, 10, 21, 12)
		const options = { month: 'long', day: 'numeric', timeZone: 'UTC' } as const
		expect(plural(1, { one: '1 person', other: '1 people' })).toBe('1 person')
		expect(formatNumber(12_345)).toBe('12,345')
		expect(formatPercent(0.634)).toBe('63%')
		expect(formatList(['Ana', 'Bo', 'Cy'])).toBe('Ana, Bo and Cy')
		expect(formatDate(day, options)).toBe('November 21')
		await useLanguage('zh')
		expect(formatList(['Ana', 'Bo', 'Cy'])).toBe('Ana、Bo和Cy')
		expect(formatDate(day, options)).toBe('11月21日')
	})
})
