import { describe, expect, it } from 'vitest'
import { canonicalUrl } from './media-address.ts'
import type { MediaRef } from './media.ts'

describe('the address of a source', () => {
	const rows: readonly (readonly [media: MediaRef, url: string])[] = [
		[{ kind: 'file', url: 'https://a.example/x.mp4#t=9' }, 'https://a.example/x.mp4#t=9'],
		[{ kind: 'hls', url: 'https://a.example/x.m3u8' }, 'https://a.example/x.m3u8'],
		[{ kind: 'soundcloud', url: 'https://soundcloud.com/a/b' }, 'https://soundcloud.com/a/b'],
		[
			{ kind: 'soundcloud', url: 'https://api.soundcloud.com/tracks/293' },
			'https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F293',
		],
		[{ kind: 'youtube', id: 'dQw4w9WgXcQ' }, 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'],
		[
			{ kind: 'youtube', id: 'dQw4w9WgXcQ', startS: 90.7 },
			'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=90s',
		],
		[{ kind: 'vimeo', id: '76979871', hash: '0a1b2c3d4e' }, 'https://vimeo.com/76979871/0a1b2c3d4e'],
		[{ kind: 'vimeo', id: '76979871', startS: 62 }, 'https://vimeo.com/76979871#t=62s'],
		[{ kind: 'twitch', video: '123456789', startS: 3723 }, 'https://www.twitch.tv/videos/123456789?t=1h2m3s'],
		[{ kind: 'twitch', video: '123456789', startS: 5 }, 'https://www.twitch.tv/videos/123456789?t=5s'],
		[{ kind: 'twitch-live', channel: 'somebody' }, 'https://www.twitch.tv/somebody'],
		[{ kind: 'bilibili', id: 'BV1xx411c7mD', page: 1 }, 'https://www.bilibili.com/video/BV1xx411c7mD'],
		[
			{ kind: 'bilibili', id: 'av170001', page: 3, startS: 75 },
			'https://www.bilibili.com/video/av170001?p=3&t=75',
		],
		[
			{ kind: 'dailymotion', id: 'x8abcde', startS: 42 },
			'https://www.dailymotion.com/video/x8abcde?start=42',
		],
		[
			{ kind: 'peertube', origin: 'https://tube.example', id: 'kkGMgK9ZtnKfYAgnEtQxbv', startS: 60 },
			'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv?start=1m0s',
		],
	]
	it.each(rows)('[SO11] %j is opened at %s', (media, url) => {
		expect(canonicalUrl(media)).toBe(url)
	})
	it('[SO11] another place to begin may be asked for, and none', () => {
		const media: MediaRef = { kind: 'youtube', id: 'dQw4w9WgXcQ', startS: 90 }
		expect(canonicalUrl(media, 12.9)).toBe('https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=12s')
		expect(canonicalUrl(media, 0)).toBe('https://www.youtube.com/watch?v=dQw4w9WgXcQ')
		expect(canonicalUrl(media, Number.NaN)).toBe('https://www.youtube.com/watch?v=dQw4w9WgXcQ')
	})
})
