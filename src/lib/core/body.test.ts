import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import { BODY_DEPTH_MAX, decodeBody, encodeBody, type BodyValue } from './body.ts'

const bytesOf = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
	const encoder = encoding.createEncoder()
	write(encoder)
	return encoding.toUint8Array(encoder)
}

describe('record bodies', () => {
	it('[RC3] come back as they were written, in one spelling whatever the order of keys', () => {
		const value = { b: [1, 'two', null, true, 2.5, -7], a: { deep: new Uint8Array([1, 2]) } }
		expect(decodeBody(encodeBody(value))).toEqual(value)
		expect(encodeBody({ a: 1, b: 2 })).toEqual(encodeBody({ b: 2, a: 1 }))
		expect(encodeBody({ a: 1, b: undefined })).toEqual(encodeBody({ a: 1 }))
	})

	it('[RC3] are spelled as lib0 spells them', () => {
		const scalar = fc.oneof(
			fc.constant(null),
			fc.boolean(),
			fc.integer(),
			fc.double({ noNaN: true, noDefaultInfinity: true }),
			fc.float({ noNaN: true, noDefaultInfinity: true }),
			fc.constantFrom(0, 2 ** 31 - 1, -(2 ** 31) + 1, 2 ** 31, -(2 ** 31), 2 ** 53, 0.5),
			fc.string({ unit: 'binary' }),
			fc.uint8Array(),
		)
		fc.assert(
			fc.property(scalar, (value) => {
				const plain = Object.is(value, -0) ? 0 : value
				expect(encodeBody(value)).toEqual(bytesOf((encoder) => encoding.writeAny(encoder, plain as never)))
			}),
		)
	})

	it('[RC3] are refused with keys out of order, twice, or numbers in a longer spelling', () => {
		const pairs = (...entries: [string, unknown][]) =>
			bytesOf((encoder) => {
				encoding.writeUint8(encoder, 118)
				encoding.writeVarUint(encoder, entries.length)
				for (const [key, value] of entries) {
					encoding.writeVarString(encoder, key)
					encoding.writeAny(encoder, value as string)
				}
			})
		expect(decodeBody(pairs(['a', 1], ['b', 2]))).toEqual({ a: 1, b: 2 })
		expect(decodeBody(pairs(['b', 2], ['a', 1]))).toBeUndefined()
		expect(decodeBody(pairs(['a', 1], ['a', 1]))).toBeUndefined()
		expect(decodeBody(pairs(['a', -0]))).toBeUndefined()
		const longOne = bytesOf((encoder) => {
			encoding.writeUint8(encoder, 123)
			encoding.writeFloat64(encoder, 1)
		})
		expect(decodeBody(longOne)).toBeUndefined()
	})

	it('[RC3] are refused with numbers that are not finite, undefined, big integers and unknown types', () => {
		for (const value of [NaN, Infinity, -Infinity, undefined, 5n])
			expect(decodeBody(bytesOf((encoder) => encoding.writeAny(encoder, value as never)))).toBeUndefined()
		expect(decodeBody(new Uint8Array([42]))).toBeUndefined()
		expect(() => encodeBody(NaN)).toThrow('finite')
	})

	it('[RC3] are refused when cut short, followed by more, or nested too deep, without overflowing', () => {
		const good = encodeBody({ a: 'text' })
		expect(decodeBody(good.subarray(0, -1))).toBeUndefined()
		expect(decodeBody(new Uint8Array([...good, 0]))).toBeUndefined()
		let deep: BodyValue = 1
		for (let i = 0; i < BODY_DEPTH_MAX; i++) deep = [deep]
		expect(decodeBody(encodeBody(deep))).toEqual(deep)
		expect(decodeBody(encodeBody([deep]))).toBeUndefined()
		expect(decodeBody(new Uint8Array(60_000).fill(117).map((byte, i) => (i % 2 ? 1 : byte)))).toBeUndefined()
	})

	it('[RC3] do not allocate what a length merely claims', () => {
		const claim = bytesOf((encoder) => {
			encoding.writeUint8(encoder, 117)
			encoding.writeVarUint(encoder, 2 ** 40)
		})
		expect(decodeBody(claim)).toBeUndefined()
	})

	it('[RC3] take `__proto__` as a plain key', () => {
		const bytes = bytesOf((encoder) => {
			encoding.writeUint8(encoder, 118)
			encoding.writeVarUint(encoder, 1)
			encoding.writeVarString(encoder, '__proto__')
			encoding.writeAny(encoder, { isHost: true })
		})
		const value = decodeBody(bytes) as { isHost?: boolean }
		expect(Object.keys(value)).toEqual(['__proto__'])
		expect(value.isHost).toBeUndefined()
	})

	it('[RC3] never throw, whatever the bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const value = decodeBody(bytes)
				if (value !== undefined) expect(encodeBody(value)).toEqual(bytes)
			}),
			{ numRuns: 2_000 },
		)
	})
})
