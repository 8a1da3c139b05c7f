/** For the tests beside it: what a link became in one line, and tables of them. */
import { expect, it } from 'vitest'
import type { MediaKind } from '#lib/core/media.ts'
import { parseLink, type ParseOptions } from './parse-link.ts'
import type { ParsedLink } from './source.ts'

export const ALL_KINDS: readonly MediaKind[] = [
	'file',
	'hls',
	'youtube',
	'vimeo',
	'twitch',
	'twitch-live',
	'bilibili',
	'dailymotion',
	'peertube',
	'soundcloud',
]

/** Kind first, then what tells it from others. */
export const show = (parsed: ParsedLink): string => {
	switch (parsed.type) {
		case 'media': {
			const { kind, ...rest } = parsed.media
			return `${kind} ${Object.values(rest).join(' ')} | ${parsed.title}`
		}
		case 'short':
			return `short ${parsed.url}`
		case 'playlist':
			return `playlist ${parsed.id}`
		case 'not-media':
			return `page: ${parsed.what}`
		case 'unsafe':
			return `unsafe ${parsed.scheme}`
		case 'unsupported-site':
			return `later ${parsed.site}`
		case 'too-long':
			return `too long, over ${parsed.limit}`
		case 'not-a-link':
			return 'no link'
	}
}

export const table = (
	options: ParseOptions,
	rows: readonly (readonly [text: string, expected: string])[],
	rule: string,
): void => {
	for (const [text, expected] of rows)
		it(`${rule} ${JSON.stringify(text).slice(0, 90)} is ${expected.slice(0, 80)}`, () => {
			expect(show(parseLink(text, options))).toBe(expected)
		})
}
