import { describe, expect, it } from 'vitest'
import type { FileProblem } from '#lib/core/own-files.ts'
import { anywayWarning, askedText, differenceText, problemText, sizeText } from './file-text.ts'

describe('words about files', () => {
	it.each([
		[1, '1 byte'],
		[999, '999 bytes'],
		[340_000, '340 KB'],
		[999_600, '1 MB'],
		[12_345_678, '12 MB'],
		[4_700_372_992, '4.7 GB'],
		[128_000_000_000, '128 GB'],
		[2 ** 48 - 1, '281 TB'],
	])('[LF10] %d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text))

	it('[LF10] what is asked for has its name, size and, where known, length', () => {
		const asked = { name: 'saltmarsh.mkv', size: 4_700_000_000, durationS: 6_490 }
		expect(askedText(asked)).toBe('saltmarsh.mkv, 4.7 GB, 1:48:10')
		expect(askedText({ ...asked, durationS: null })).toBe('saltmarsh.mkv, 4.7 GB')
	})

	it.each([
		[{ sizeBytes: -12_000_000, durationS: 0 }, 'Your file is 12 MB smaller. It is equally long.'],
		[{ sizeBytes: 3_000, durationS: 0.42 }, 'Your file is 3 KB larger. It is 0.4 s longer.'],
		[{ sizeBytes: 0, durationS: -0.02 }, 'Same size, other content. It is equally long.'],
		[{ sizeBytes: 0, durationS: -94 }, 'Same size, other content. It is 94 s shorter: another cut?'],
		[
			{ sizeBytes: 700_000_000, durationS: 610 },
			'Your file is 700 MB larger. It is 10 min 10 s longer: another cut?',
		],
		[
			{ sizeBytes: -1, durationS: null },
			'Your file is 1 byte smaller. One length is not known, so nobody can tell whether it is the same cut.',
		],
		[{ sizeBytes: null, durationS: 2 }, 'Your file is 2.0 s longer: another cut?'],
		[
			{ sizeBytes: null, durationS: null },
			'A length is not known, so nobody can tell whether it is the same cut.',
		],
	])('[LF10] %j: %s', (difference, text) => {
		expect(differenceText(difference)).toBe(text)
		expect(anywayWarning(difference)).toContain(text)
	})

	const problems: FileProblem[] = [
		{ type: 'empty' },
		{ type: 'unreadable', detail: 'NotReadableError' },
		{ type: 'no-permission' },
		{ type: 'not-media', what: 'picture', format: 'JPEG' },
		{ type: 'unknown-kind' },
		{ type: 'zeros' },
		{ type: 'unplayable', format: 'avi', detail: '' },
		{ type: 'unplayable', format: 'mkv', detail: 'no decoder' },
		{ type: 'too-big' },
	]
	it.each(problems)('[LF4] %j is told in words of its own, with the name of the file', (problem) => {
		const { title, detail } = problemText(problem, 'holiday.mp4')
		expect(title).toMatch(/^[A-Z].{10,60}[^.!]$/)
		expect(detail).toContain('holiday.mp4')
		expect(`${title} ${detail}`).not.toMatch(/undefined|null|invalid|oops|something went wrong|!/i)
		const others = problems.filter((other) => other !== problem)
		expect(others.map((other) => problemText(other, 'holiday.mp4').detail)).not.toContain(detail)
	})
	it('[LF4] a picture as a film is said to be a picture', () => {
		expect(problemText({ type: 'not-media', what: 'picture', format: 'JPEG' }, 'holiday.mp4').detail).toBe(
			'“holiday.mp4” is a picture (JPEG), whatever its name says. Pick a film or a sound file.',
		)
	})
})
