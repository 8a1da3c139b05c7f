import { describe, expect, it } from 'vitest'
import { nameProblem, tidyName } from './names.ts'

describe('[SG14] a name', () => {
	it.each(['Alice', 'Zoë', '李小龍', 'Copper Lapwing', 'a', 'O’Neill', '👩🏽', '山田 太郎', 'x'.repeat(32)])(
		'may be %j',
		(name) => {
			expect(nameProblem(name)).toBeNull()
		},
	)

	it.each([
		['', 'empty'],
		['   ', 'empty'],
		['\u3164', 'hidden-characters'],
		['x'.repeat(33), 'too-long'],
		[' Alice', 'not-normal'],
		['Zoe\u0308', 'not-normal'],
		['Ali\u200bce', 'hidden-characters'],
		['Ali\u202ece', 'hidden-characters'],
		['Ali\u2066ce', 'hidden-characters'],
		['Ali\u0000ce', 'hidden-characters'],
		['Ali\nce', 'hidden-characters'],
		['Ali\u2028ce', 'hidden-characters'],
		['\ufeffAlice', 'hidden-characters'],
		['So\u00adft', 'hidden-characters'],
		['\ud800', 'hidden-characters'],
		[`a${'\u0316'.repeat(8)}`, 'hidden-characters'],
	] as const)('may not be %j: %s', (name, problem) => {
		expect(nameProblem(name)).toBe(problem)
	})
})

describe('a name as somebody typed it', () => {
	it.each([
		['  Alice   Smith ', 'Alice Smith'],
		['Zoe\u0308', 'Zoë'],
		['Ali\u200bce', 'Ali ce'],
		['x'.repeat(40), 'x'.repeat(32)],
		[`${'x'.repeat(31)}👩`, 'x'.repeat(31)],
		['\u200b', null],
		['', null],
	] as const)('%j becomes %j', (typed, name) => {
		expect(tidyName(typed)).toBe(name)
	})
})
