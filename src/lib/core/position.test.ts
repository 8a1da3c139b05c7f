import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPositionKey, jitterOf, keyBetween, POSITION_MAX_CHARS, shuffledKey } from './position.ts'

const key = fc.stringMatching(/^[0-9A-Za-z]{0,12}[1-9A-Za-z]$/)
const jitter = fc.uint8Array({ minLength: 2, maxLength: 2 }).map(jitterOf)
const between = (low: string | null, high: string | null, more = ''): string => {
	const made = keyBetween(low, high, more)
	if (made === null) throw new Error(`no key between ${low} and ${high}`)
	return made
}

describe('fractional keys', () => {
	it('[QU12] lie strictly between any two, and are keys themselves', () => {
		fc.assert(
			fc.property(fc.option(key), fc.option(key), fc.oneof(fc.constant(''), jitter), (a, b, more) => {
				fc.pre(a === null || b === null || a !== b)
				const [low, high] = a !== null && b !== null && a > b ? [b, a] : [a, b]
				const made = between(low, high, more)
				expect(isPositionKey(made)).toBe(true)
				if (low !== null) expect(made > low).toBe(true)
				if (high !== null) expect(made < high).toBe(true)
			}),
			{ numRuns: 5_000 },
		)
	})

	it('[QU12] stay short over a thousand appends and a hundred insertions at one place', () => {
		let last: string | null = null
		for (let i = 0; i < 1_000; i++) last = between(last, null, '3k')
		expect(last?.length).toBeLessThanOrEqual(6)
		let high: string | null = null
		for (let i = 0; i < 100; i++) high = between('V', high, '3k')
		expect(high?.length).toBeLessThanOrEqual(32)
	})

	it('[QU12] are refused where there is no room: equal ends, or a key grown too long', () => {
		expect(keyBetween('V', 'V')).toBeNull()
		expect(keyBetween('W', 'V')).toBeNull()
		expect(keyBetween(null, `${'0'.repeat(POSITION_MAX_CHARS - 1)}1`)).toBeNull()
	})

	it('[QU12] never end in the lowest digit', () => {
		for (const bad of ['', '0', 'V0', 'a b', 'ü', 'V'.repeat(POSITION_MAX_CHARS + 1), 7, null])
			expect(isPositionKey(bad)).toBe(false)
	})

	it('[QU8] of a shuffle lie behind its prefix, spread, and depend on seed and item alone', () => {
		const keys = Array.from({ length: 200 }, (_, i) => shuffledKey('Vab', 'seed', `item${i}`) ?? '')
		expect(keys.every((made) => made.startsWith('Vab') && isPositionKey(made))).toBe(true)
		expect(new Set(keys).size).toBe(200)
		expect(keys).not.toEqual([...keys].sort())
		expect(shuffledKey('Vab', 'seed', 'item1')).toBe(keys[1])
		expect(shuffledKey('Vab', 'other', 'item1')).not.toBe(keys[1])
	})
})
