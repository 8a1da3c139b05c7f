/** For the tests beside it: what a link became, in one line. */
import type { MediaKind } from '#lib/core/media.ts'
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
