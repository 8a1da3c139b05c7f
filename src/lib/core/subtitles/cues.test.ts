import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCueFinder, CUES_MAX, SUBTITLE_MAX_CHARS, type Cue } from './cues.ts'
import { parseCues, PROBLEMS_MAX } from './parse-cues.ts'
import { writeSrt, writeVtt } from './write-cues.ts'

const cuesOf = (text: string): readonly Cue[] => {
	const parsed = parseCues(text)
	if (parsed.type !== 'cues') throw new Error(parsed.why)
	return parsed.cues
}
const said = (text: string): string[] => cuesOf(text).map((cue) => `${cue.startS}-${cue.endS} ${cue.text}`)

describe('reading subtitles', () => {
	it('[SB5] takes SubRip with all that files of it have', () => {
		const srt = [
			'\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nHello,\r\nworld\r\n\r\n',
			// An hour without minutes' nought, a point, a place on the screen, tags and commands.
			'2\r\n1:00:00.5 --> 1:00:01.25 X1:100 X2:200\r\n<i>Look</i> {\\an8}<font color="#fff">up</font>\r\n\r\n\r\n',
			// No number, no empty line before the next, which has one.
			'00:00:05,000 --> 00:00:06,000\r\n1 < 2 &amp; 3\r\n4\r\n00:00:07,000 --> 00:00:08,000\r\nlast',
		].join('')
		expect(parseCues(srt)).toMatchObject({ format: 'srt', broken: 0, leftOut: 0, problems: [] })
		expect(said(srt)).toEqual(['1-2.5 Hello,\nworld', '5-6 1 < 2 & 3', '7-8 last', '3600.5-3601.25 Look up'])
	})

	it('[SB5] takes WebVTT with head, notes, styles, names, times without hours and settings', () => {
		const vtt = [
			'WEBVTT - by somebody\nKind: captions\n\nNOTE not --> said\n',
			'STYLE\n::cue { color: red }\n',
			'intro\n00:01.000 --> 00:02.000 align:start position:10%\n<v Ana>Hi &lt;you&gt;&nbsp;there\n',
			'00:03.000 --> 00:04.000\n<c.loud>one <00:03.500>two</c>\n- three\n',
		].join('\n')
		expect(parseCues(vtt)).toMatchObject({ format: 'vtt', broken: 1 })
		expect(said(vtt)).toEqual(['1-2 Hi <you> there', '3-4 one two\n- three'])
	})

	it('[SB5] names the lines that it cannot take, the first twenty one by one', () => {
		const parsed = parseCues(
			[
				'1\n00:00:01,000 --> 00:00:02,000\nfine\n',
				'2\n00:00:05,000 --> 00:00:04,000\nbackwards\n',
				'3\nsoon --> later\nwhen?\n',
				'4\n00:00:06,000 --> 00:00:07,000\n<i></i>\n',
			].join('\n'),
		)
		expect(parsed).toMatchObject({
			broken: 3,
			problems: [
				{ line: 6, why: 'ends-before-it-starts' },
				{ line: 10, why: 'no-time' },
				{ line: 14, why: 'no-text' },
			],
		})
		const many = `0:01 --> 0:02\nx\n\n${'a --> b\n\n'.repeat(100)}`
		expect(parseCues(many)).toMatchObject({ broken: 100 })
		const parsedMany = parseCues(many)
		expect(parsedMany.type === 'cues' && parsedMany.problems).toHaveLength(PROBLEMS_MAX)
	})

	it('[SB5] says what is none: empty, too long, something else', () => {
		expect(parseCues(' \n')).toEqual({ type: 'no-cues', why: 'empty' })
		expect(parseCues('WEBVTT\n')).toEqual({ type: 'no-cues', why: 'empty' })
		expect(parseCues('{"json": true}')).toEqual({ type: 'no-cues', why: 'other-format' })
		expect(parseCues('x'.repeat(SUBTITLE_MAX_CHARS + 1))).toEqual({ type: 'no-cues', why: 'too-long' })
		const most = '0:01 --> 0:02\nx\n\n'.repeat(CUES_MAX + 5)
		expect(parseCues(most)).toMatchObject({ leftOut: 5 })
	})

	it('[SB5] keeps nothing that hides or turns text, and cuts what is endless', () => {
		const [cue] = cuesOf(`0:01 --> 0:02\na\u202eb\u0000c\n${'long '.repeat(1_000)}`)
		for (const hidden of ['\u202e', '\u0000']) expect(cue?.text).not.toContain(hidden)
		expect(cue?.text).toHaveLength(1_000)
	})

	it('[SB5] never throws, and takes time by length only', () => {
		const part = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 20 }),
			fc.constantFrom(
				'\n',
				'\n\n',
				'-->',
				'0:01 --> 0:02',
				'00:00:01,000',
				'<',
				'<i>',
				'{\\',
				'&amp;',
				'WEBVTT',
			),
		)
		fc.assert(
			fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
				const parsed = parseCues(parts.join(''))
				if (parsed.type === 'cues')
					for (const { startS, endS, text } of parsed.cues) {
						expect(endS).toBeGreaterThan(startS)
						expect(text).not.toBe('')
					}
			}),
			{ numRuns: 500 },
		)
		for (const one of ['<a', '{\\', '0:', '00:00:01,000 ', '1\n', ' ', '-->', '&'])
			expect(parseCues(one.repeat(1_000_000 / one.length)).type).toBe('no-cues')
	})
})

describe('writing subtitles', () => {
	const text = fc
		.array(fc.string({ unit: fc.constantFrom('a', '<', '&', '>', '-', '漢', ' ', '1', 'é') }), {
			minLength: 1,
			maxLength: 3,
		})
		.map((lines) => lines.map((line) => `x${line.trim()}`).join('\n'))
	const cue = fc
		.record({ start: fc.nat(9_000_000), length: fc.integer({ min: 1, max: 90_000 }), text })
		.map(({ start, length, text: words }) => ({
			startS: start / 1000,
			endS: (start + length) / 1000,
			text: words,
		}))
	it('[SB6] as WebVTT comes back as it was', () => {
		expect(cuesOf(writeVtt([{ startS: 0.017, endS: 7.847, text: 'x' }]))).toEqual([
			{ startS: 0.017, endS: 7.847, text: 'x' },
		])
		fc.assert(
			fc.property(fc.array(cue, { minLength: 1, maxLength: 20 }), (cues) => {
				const sorted = cues.toSorted((a, b) => a.startS - b.startS || a.endS - b.endS)
				const parsed = parseCues(writeVtt(sorted))
				expect(parsed).toMatchObject({ type: 'cues', format: 'vtt', broken: 0, cues: sorted })
			}),
		)
	})

	it('[SB6] as SubRip comes back too, where nothing in it looks like a mark', () => {
		const cues = [
			{ startS: 0.001, endS: 1, text: 'one\ntwo' },
			{ startS: 3_599.999, endS: 36_000.5, text: 'a → b' },
		]
		expect(writeSrt(cues)).toBe(
			'1\n00:00:00,001 --> 00:00:01,000\none\ntwo\n\n2\n00:59:59,999 --> 10:00:00,500\na → b\n',
		)
		expect(cuesOf(writeSrt(cues))).toEqual(cues)
		expect(writeSrt([{ startS: 0, endS: 1, text: '1 --> 2' }])).not.toContain('1 --> 2\n')
	})
})

describe('what stands on the screen', () => {
	it('[SB7] is found at any moment, also where lines overlap', () => {
		const cues = [
			{ startS: 0, endS: 100, text: 'always' },
			{ startS: 1, endS: 2, text: 'a' },
			{ startS: 1.5, endS: 3, text: 'b' },
			{ startS: 200, endS: 201, text: 'late' },
		]
		const at = createCueFinder(cues)
		const texts = (positionS: number) => at(positionS).map((one) => one.text)
		expect(texts(0)).toEqual(['always'])
		expect(texts(1.5)).toEqual(['always', 'a', 'b'])
		expect(texts(2)).toEqual(['always', 'b'])
		expect(texts(100)).toEqual([])
		expect(texts(200.5)).toEqual(['late'])
		expect(texts(-1)).toEqual([])
		expect(createCueFinder([])(5)).toEqual([])
	})
})
