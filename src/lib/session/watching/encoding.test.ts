import { describe, expect, it } from 'vitest'
import { decodeText, ENCODINGS } from './encoding.ts'
import { ENCODINGS as OFFERED } from '#lib/ui/room/watching/encodings.ts'

/** The bytes that `encoding` reads as `text`: browsers only write UTF-8. */
const encode = (text: string, encoding: string): Uint8Array => {
	const decoder = new TextDecoder(encoding)
	const known = new Map<string, readonly number[]>()
	for (let byte = 0; byte < 256; byte++) {
		known.set(decoder.decode(Uint8Array.of(byte)), [byte])
		if (byte < 0x81) continue
		for (let second = 0x40; second < 256; second++) {
			const character = decoder.decode(Uint8Array.of(byte, second))
			if (Array.from(character).length === 1 && !known.has(character)) known.set(character, [byte, second])
		}
	}
	return Uint8Array.from(Array.from(text).flatMap((character) => known.get(character) ?? [0x3f]))
}

const SAMPLES: readonly (readonly [encoding: string, text: string])[] = [
	['windows-1252', 'Où étais-tu, mon frère ? – Là-bas, à côté de l’église.'],
	['windows-1250', 'Cześć, jak się masz? Źle, późno już, wróćmy.'],
	['windows-1251', 'Привет, как дела? Я ждал тебя весь вечер.'],
	['koi8-r', 'Привет, как дела? Я ждал тебя весь вечер.'],
	['windows-1253', 'Γεια σου, τι κάνεις; Σε περίμενα όλη νύχτα.'],
	['windows-1255', 'שלום, מה שלומך? חיכיתי לך כל הלילה.'],
	['windows-1256', 'مرحبا، كيف حالك؟ انتظرتك طوال الليل.'],
	['gb18030', '你好，你在哪里？我等了你一个晚上，大家都来了。'],
	['big5', '你好，你在哪裡？我等了你一個晚上，大家都來了。'],
	['shift_jis', 'こんにちは、元気ですか。ずっと待っていました。'],
	['euc-kr', '안녕하세요 어디 있었어요 밤새 기다렸어요'],
]

describe('the encoding of a file', () => {
	it('[WT3] is told by its marks, by being flawless UTF-8, or by the commonest letters of its script', () => {
		const utf8 = new TextEncoder()
		expect(decodeText(utf8.encode('\ufeff1\nПривет'))).toMatchObject({ encoding: 'utf-8' })
		expect(decodeText(utf8.encode('plain'))).toEqual({ encoding: 'utf-8', text: 'plain' })
		for (const [encoding, text] of SAMPLES) {
			const bytes = encode(`1\n00:00:01,000 --> 00:00:02,000\n${text}\n`.repeat(3), encoding)
			const decoded = decodeText(bytes)
			expect([encoding, decoded?.encoding]).toEqual([encoding, encoding])
			expect(decoded?.text).toContain(text)
		}
	})
	it('[WT3] of UTF-16 is found with and without its mark', () => {
		const text = '1\n00:00:01,000 --> 00:00:02,000\nHi, ты\n'
		const little = new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer)
		expect(decodeText(little)).toEqual({ encoding: 'utf-16le', text })
		const big = little.map((_, at) => little[at ^ 1] ?? 0)
		expect(decodeText(big)).toEqual({ encoding: 'utf-16be', text })
		expect(decodeText(Uint8Array.of(0xff, 0xfe, ...little))).toEqual({ encoding: 'utf-16le', text })
	})
	it('[WT3] is what the person says, where the file can be that', () => {
		const bytes = encode('Привет', 'windows-1251')
		expect(decodeText(bytes, 'windows-1252')?.text).toBe('Ïðèâåò')
		expect(decodeText(bytes, 'utf-8')).toBeNull()
		expect(decodeText(bytes, 'klingon')).toBeNull()
		expect(decodeText(new Uint8Array())).toEqual({ encoding: 'utf-8', text: '' })
		expect(OFFERED).toEqual(ENCODINGS)
	})
})
