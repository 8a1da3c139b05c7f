import { describe, expect, it } from 'vitest'
import {
	bytes,
	flag,
	integer,
	list,
	literal,
	nullable,
	object,
	oneOf,
	optional,
	real,
	text,
	union,
} from './schema.ts'

describe('single values', () => {
	it('text counts UTF-16 units, keeps to its pattern, and has no lone surrogates', () => {
		expect(text(3).parse('abc')).toBe('abc')
		expect(text(3).parse('abcd')).toBeUndefined()
		expect(text(1).parse('👩')).toBeUndefined()
		expect(text(9, /^[a-z]+$/).parse('a1')).toBeUndefined()
		expect(text(9).parse('\ud800')).toBeUndefined()
		expect(text(9).parse(Object('abc'))).toBeUndefined()
	})

	it.each([NaN, Infinity, 1.5, -1, 11, 2 ** 53, '5', null, undefined, {}, [5]])(
		'%j is no integer from 0 to 10',
		(input) => {
			expect(integer(0, 10).parse(input)).toBeUndefined()
		},
	)

	it('a real is finite and within bounds, and -0 becomes 0', () => {
		expect(real(-1, 1).parse(0.5)).toBe(0.5)
		expect(Object.is(real(-1, 1).parse(-0), 0)).toBe(true)
		for (const input of [NaN, Infinity, -Infinity, 1.1, '0']) expect(real(-1, 1).parse(input)).toBeUndefined()
	})

	it('flags, literals and choices are exactly what they say', () => {
		expect(flag.parse(false)).toBe(false)
		expect(flag.parse(0)).toBeUndefined()
		expect(literal('a').parse('a')).toBe('a')
		expect(literal('a').parse('A')).toBeUndefined()
		expect(oneOf('a', 'b').parse('b')).toBe('b')
		expect(oneOf('a', 'b').parse('toString')).toBeUndefined()
		expect(nullable(flag).parse(null)).toBeNull()
		expect(nullable(flag).parse(undefined)).toBeUndefined()
	})

	it('bytes are a Uint8Array of the right length', () => {
		expect(bytes(1, 2).parse(new Uint8Array([1]))).toEqual(new Uint8Array([1]))
		for (const input of [new Uint8Array(0), new Uint8Array(3), [1], 'a', new ArrayBuffer(1)])
			expect(bytes(1, 2).parse(input)).toBeUndefined()
	})
})

describe('lists', () => {
	it('are copied, bounded, and refused whole for one bad entry', () => {
		const input = [1, 2]
		const parsed = list(integer(0, 9), 2).parse(input)
		expect(parsed).toEqual(input)
		expect(parsed).not.toBe(input)
		expect(list(integer(0, 9), 1).parse(input)).toBeUndefined()
		expect(list(integer(0, 9), 2).parse([1, 'b'])).toBeUndefined()
		expect(list(integer(0, 9), 2).parse({ length: 0 })).toBeUndefined()
	})

	it('with holes are refused', () => {
		expect(list(integer(0, 9), 3).parse(Array<number>(2))).toBeUndefined()
	})
})

describe('objects', () => {
	const person = object({ name: text(9), isHost: optional(flag) })

	it('come out as fresh plain objects with the named keys only', () => {
		const input = { name: 'alice', isHost: true }
		expect(person.parse(input)).toEqual(input)
		expect(person.parse(input)).not.toBe(input)
		expect(person.parse({ name: 'alice', isHost: undefined })).toEqual({ name: 'alice' })
	})

	it('with an unknown key are refused', () => {
		expect(person.parse({ name: 'alice', admin: true })).toBeUndefined()
	})

	it('an inherited key does not count as a key', () => {
		const heir = Object.create({ name: 'alice', isHost: true }) as unknown
		expect(person.parse(heir)).toBeUndefined()
		expect(object({}).parse(heir)).toBeUndefined()
		expect(person.parse(JSON.parse('{"name":"bob","__proto__":{"isHost":true}}'))).toBeUndefined()
		expect(object({ constructor: optional(flag), name: text(9) }).parse({ name: 'bob' })).toEqual({
			name: 'bob',
		})
	})

	it('of a class, null, lists and functions are none', () => {
		class Person {
			name = 'alice'
		}
		for (const input of [new Person(), null, [], () => ({ name: 'alice' }), new Map(), 'alice'])
			expect(person.parse(input)).toBeUndefined()
		expect(person.parse(Object.assign(Object.create(null), { name: 'alice' }))).toEqual({ name: 'alice' })
	})
})

it('a union takes the first member that fits', () => {
	const either = union<{ type: string }>(object({ type: literal('a') }), object({ type: literal('b') }))
	expect(either.parse({ type: 'b' })).toEqual({ type: 'b' })
	expect(either.parse({ type: 'c' })).toBeUndefined()
})

it('describe names every part, so that a change of a schema changes the text', () => {
	const texts = [
		object({ a: text(1) }),
		object({ a: text(2) }),
		object({ a: optional(text(1)) }),
		object({ a: nullable(text(1)) }),
		object({ a: list(text(1), 2) }),
		object({ b: text(1) }),
		object({ a: text(1, /x/) }),
	].map((schema) => schema.describe)
	expect(new Set(texts).size).toBe(texts.length)
})
