import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createRoomCode, parseRoomCode, roomCodeToBytes } from './room-code.ts'
import { describeCodeProblem } from './room-code-words.ts'

const CODE = 'K7QX-3M9R-T2VH-8WPC-5NDA'

describe('room codes', () => {
	it('[RK1] a code is 20 Crockford characters in groups of four, from 100 random bits', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
				const code = createRoomCode({ bytes: () => random })
				expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
				expect(parseRoomCode(code)).toEqual({ type: 'code', code })
			}),
		)
	})

	it.each([
		['k7qx3m9rt2vh8wpc5nda'],
		['  K7QX 3M9R T2VH 8WPC 5NDA '],
		['K7QX–3M9R–T2VH–8WPC–5NDA'],
		['https://watch.example/r#K7QX-3M9R-T2VH-8WPC-5NDA'],
	])('[RK2] %s reads as the code it was meant to be', (text) => {
		expect(parseRoomCode(text)).toEqual({ type: 'code', code: CODE })
	})

	it('[RK2] O reads as 0, I and L as 1', () => {
		expect(parseRoomCode('OIlo-0000-0000-0000-0000')).toEqual({
			type: 'code',
			code: '0110-0000-0000-0000-0000',
		})
	})

	it('[RK3] what is wrong with a code is said, with the count', () => {
		expect(describeCodeProblem(parseRoomCode('K7QX-3M9R-T2VH'))).toContain('12 of 20 characters')
		expect(describeCodeProblem(parseRoomCode(`${CODE}9`))).toContain('21 characters')
		expect(describeCodeProblem(parseRoomCode('K7QX-3M9R-T2VH-8WPC-5NDU'))).toContain('“U”')
		expect(describeCodeProblem(parseRoomCode('  '))).toContain('Type the code')
		expect(describeCodeProblem(parseRoomCode(CODE))).toBeNull()
	})

	it('[RK1] different codes give different bytes, 13 of them', () => {
		const bytes = roomCodeToBytes(CODE)
		expect(bytes).toHaveLength(13)
		expect((bytes[12] ?? 1) & 0x0f).toBe(0)
		expect(roomCodeToBytes('K7QX-3M9R-T2VH-8WPC-5NDB')).not.toEqual(bytes)
	})
})
