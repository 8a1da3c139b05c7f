import { describe, expect, it } from 'vitest'
import { foldUsername, tidyUsername, usernameProblem } from './usernames.ts'

describe('a username', () => {
	it.each([
		'al',
		'Alice',
		'a.b-c_d',
		'1lizi',
		'Éva',
		'Ольга',
		'山田太郎',
		'ひろ_1',
		'محمد',
		'नीता',
		'x'.repeat(32),
	])('[AU2] may be %s', (name) => {
		expect(usernameProblem(tidyUsername(name))).toBeNull()
	})

	it.each([
		'',
		'a',
		'x'.repeat(33),
		'two words',
		'.dot',
		'-dash',
		'a@b',
		'a/b',
		'<b>',
		'Ali\u200bce',
		'Ali\u202ece',
		'a\u3164b',
		'a\u00adb',
		'½half',
		'a\u0301\u0301\u0301\u0301\u0301b',
	])('[AU2] may not be %j', (name) => {
		expect(usernameProblem(tidyUsername(name))).toMatch(/^A username /)
	})

	it.each(['аlice', 'pаypal', 'αlpha', 'aлиса', 'ab日本'])('[AU2] keeps to one writing: not %s', (name) => {
		expect(usernameProblem(tidyUsername(name))).toMatch(/one writing/)
	})

	it.each([
		['Alice', 'aLICE'],
		['Éva', 'E\u0301va'],
		['STRASSE', 'straße'],
		['ａｌｉｃｅ', 'alice'],
		['scope', 'ѕсоре'],
		['ΣΑΣ', 'σας'],
		['ﬁn', 'fin'],
	])('[AU1] %s and %s are one', (a, b) => {
		expect(foldUsername(a)).toBe(foldUsername(b))
	})

	it('[AU1] other names stay others', () => {
		const names = ['alice', 'alicia', 'al1ce', 'a.lice', 'ольга', '山田']
		expect(new Set(names.map(foldUsername)).size).toBe(names.length)
	})
})
