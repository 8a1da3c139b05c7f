import { describe, expect, it } from 'vitest'
import { chatText, cleanChat, cleanName, cleanTitle, itemTitleText, nameText, shorten } from './text.ts'

describe('text from people', () => {
	it('[MB1] cleans names of what turns, hides or breaks the text around them', () => {
		expect(cleanName('  Ana\u202e\u200b \n Lima\u2066 ')).toBe('Ana Lima')
		expect(cleanName('Jose\u0301')).toBe('José')
		expect(cleanName('e\u200b\u0301')).toBe('é')
		expect(cleanName('\u200b\u2060')).toBe('')
		expect(cleanName('\ud800x')).toBe('\ufffdx')
		for (const name of ['Ana Lima', 'José', '李小龍', 'Zoë ✨']) expect(nameText.parse(name)).toBe(name)
	})

	it('[MB1] takes no name in a record that cleaning would have changed in that way', () => {
		const bad = ['', 'a\u202eb', 'a\u200bb', 'Jose\u0301', 'a\nb', 'x'.repeat(33), '\ud800', 7, null]
		for (const name of bad) expect(nameText.parse(name)).toBeUndefined()
	})

	it('[QU16] keeps joined emoji in titles and shortens them between characters', () => {
		expect(cleanTitle('A \t film\u202e')).toBe('A film')
		expect(itemTitleText.parse(cleanTitle('👩\u200d🚀 in space'))).toBe('👩\u200d🚀 in space')
		expect(shorten('abcdef', 4)).toBe('abc…')
		expect(shorten('ab😀def', 4)).toBe('ab…')
		expect(shorten('abc', 4)).toBe('abc')
	})

	it('[CH2] keeps line ends in chat and takes out controls and overrides', () => {
		expect(cleanChat(' a\r\nb\u0000\u202ec ')).toBe('a\nb  c')
		expect(chatText.parse('a\nb')).toBe('a\nb')
		expect(chatText.parse('a\u202eb')).toBeUndefined()
	})
})
