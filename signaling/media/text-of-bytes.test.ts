import { expect, it } from 'vitest'
import { textOfBytes } from './text-of-bytes.ts'

const bytes = (...values: readonly number[]) => new Uint8Array(values)

it('[MD9] a page is read in the letters it says it is in', () => {
	expect(textOfBytes(new TextEncoder().encode('Straße'), 'text/html; charset=UTF-8')).toBe('Straße')
	expect(textOfBytes(bytes(0xc4, 0xe3, 0xba, 0xc3), 'text/html; charset="gbk"')).toBe('你好')
	expect(textOfBytes(bytes(0x53, 0x74, 0x72, 0x61, 0xdf, 0x65), 'text/html;charset=iso-8859-1')).toBe(
		'Straße',
	)
	const page = new TextEncoder().encode('<meta charset=shift_jis>')
	expect(textOfBytes(new Uint8Array([...page, 0x93, 0xfa]), 'text/html')).toBe('<meta charset=shift_jis>日')
})

it('[MD9] letters nobody knows, and bytes that are none, are no fault', () => {
	expect(textOfBytes(bytes(0x61, 0xff, 0xc3, 0x28), 'text/html; charset=utf-8')).toBe('a\ufffd\ufffd(')
	for (const charset of ['klingon', 'x'.repeat(1_000), '', '../../etc', 'utf-8\u0000', 'constructor'])
		expect(textOfBytes(bytes(0x61), `text/html; charset=${charset}`)).toBe('a')
})
