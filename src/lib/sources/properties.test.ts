import { describe, expect, it } from 'vitest'
import { canonicalUrl } from '#lib/core/media-address.ts'
import { parseMediaRef } from '#lib/core/media.ts'
import { describeProblem } from './describe-problem.ts'
import { parseLink, parseLinks, TEXT_MAX_CHARS, type ParseOptions } from './parse-link.ts'
import type { ParsedLink } from './source.ts'
import { ALL_KINDS } from './test-show.ts'

const OPTIONS: readonly ParseOptions[] = [
	{ pageIsSecure: true, base: 'https://matinee.example/r', playable: ALL_KINDS },
	{ pageIsSecure: false, playable: ALL_KINDS },
	{ pageIsSecure: true, base: 'no address' },
]
const SEED = Number(process.env['MATINEE_SEED'] ?? 20_261_121)

/** Mulberry32: small, and the same everywhere. */
const randomFrom = (seed: number) => {
	let state = seed >>> 0
	return (): number => {
		state = (state + 0x6d2b79f5) >>> 0
		let t = Math.imul(state ^ (state >>> 15), 1 | state)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
	}
}

const LINKS = [
	'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1m30s&list=PLabc',
	'https://youtu.be/dQw4w9WgXcQ?si=x&t=5',
	'https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3DdQw4w9WgXcQ',
	'https://www.youtube.com/playlist?list=PLabc',
	'https://www.bilibili.com/video/BV1xx411c7mD/?p=3&t=75.2',
	'https://player.bilibili.com/player.html?aid=170001&page=2',
	'【标题-哔哩哔哩】 https://b23.tv/abc1234',
	'https://vimeo.com/76979871/0a1b2c3d4e#t=1m2s',
	'https://vimeo.com/showcase/1234567/video/76979871',
	'https://www.twitch.tv/videos/1234567890?t=1h2m3s',
	'https://www.twitch.tv/Some_Body',
	'https://player.twitch.tv/?video=v1234567890&parent=x',
	'https://www.dailymotion.com/video/x8abcde_a-title?start=42',
	'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv?start=1m',
	'https://tube.example:9443/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d',
	'https://soundcloud.com/artist/some-track/s-AbCd1234',
	'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/293',
	'https://on.soundcloud.com/AbCdEfGh',
	'https://example.com/My%20Film%20(2024).mp4?token=a.b#t=20',
	'http://127.0.0.1:9000/live/index.m3u8',
	'<iframe src="//player.bilibili.com/player.html?bvid=BV1xx411c7mD&amp;p=1"></iframe>',
] as const
const PIECES = [
	'https://', 'http://', '//', ':', '@', '/', '\\', '?', '#', '&', '=', '%', '%E0%A4%A', '%2F', '..', '.', ' ', '\n', '\t',
	'\u0000', '\u202e', '\ud800', '映画', '（', '）', '】', '。', '🎬', '[', ']', '(', ')', '"', '<', '>', '`', '_', '*', '|',
	'youtube.com', 'youtu.be', 'bilibili.com', 'b23.tv', 'vimeo.com', 'twitch.tv', 'dai.ly', 'soundcloud.com', 'localhost',
	'[::1]', '127.0.0.1', 'xn--', 'w/p/', 'video', 'watch', 'v=', 't=', 'p=', 'p=99999999999', 't=-1', 't=1e9', 't=99999h',
	'BV1xx411c7mD', 'av1', 'javascript:', 'data:', 'blob:', 'constructor', '__proto__', 'a'.repeat(800), '0', '-', ';', '&amp;',
] // prettier-ignore

/** A link with pieces cut out, doubled, swapped and put in. */
const mutate = (random: () => number): string => {
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
	let text: string = random() < 0.15 ? '' : pick(LINKS)
	const times = 1 + Math.floor(random() * 6)
	for (let i = 0; i < times; i++) {
		const at = Math.floor(random() * (text.length + 1))
		const to = at + Math.floor(random() * 8)
		const kind = random()
		if (kind < 0.4) text = text.slice(0, at) + pick(PIECES) + text.slice(at)
		else if (kind < 0.6) text = text.slice(0, at) + text.slice(to)
		else if (kind < 0.75) text = text.slice(0, at) + text.slice(at, to) + text.slice(at)
		else if (kind < 0.9)
			text = text.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x3100)) + text.slice(at)
		else text += ` ${pick(LINKS)}`
	}
	return text
}

const canon = (url: string, options: ParseOptions): ParsedLink => parseLink(url, options)

describe('whatever is pasted', () => {
	it(`[SO16] nothing throws, and no source is found that a record would refuse (seed ${SEED})`, () => {
		const random = randomFrom(SEED)
		let found = 0
		for (let i = 0; i < 30_000; i++) {
			const text = mutate(random)
			const options = OPTIONS[i % OPTIONS.length] as ParseOptions
			const one = parseLink(text, options)
			const all = i % 5 === 0 ? parseLinks(text, options).links : []
			for (const parsed of [one, ...all]) {
				if (parsed.type === 'media') {
					found += 1
					expect(parseMediaRef(parsed.media), text).toEqual(parsed.media)
					expect(parsed.title.trim().length, text).toBeGreaterThan(0)
				} else expect(describeProblem(parsed), text).toMatch(/^[A-Z].{20,}\.$/su)
				if (parsed.type === 'short') expect(URL.canParse(parsed.url), text).toBe(true)
			}
		}
		// The mutations must not have broken everything, or nothing was tested.
		expect(found).toBeGreaterThan(5_000)
	})

	it(`[SO17] the address of a source leads back to that source (seed ${SEED})`, () => {
		const random = randomFrom(SEED + 1)
		const options: ParseOptions = { pageIsSecure: false, playable: ALL_KINDS }
		for (let i = 0; i < 20_000; i++) {
			const text = i < LINKS.length ? (LINKS[i] as string) : mutate(random)
			const parsed = parseLink(text, options)
			if (parsed.type !== 'media') continue
			const { media } = parsed
			// What could be anything is the address itself, and no link says more than its own.
			if (media.kind === 'file' || media.kind === 'hls') continue
			const again = canon(canonicalUrl(media), options)
			expect(again, text).toMatchObject({ type: 'media', media })
		}
	})

	it('[SO16] a long text takes no longer than its length, and what is behind the limit is not read', () => {
		for (const unit of [
			'(',
			')',
			'))]]',
			'a.',
			'https://',
			'_',
			'。',
			'youtu.be/',
			'a-',
			'//',
			'<',
			'x@',
			'%',
		])
			expect(
				parseLinks(unit.repeat(200_000 / unit.length), OPTIONS[0] as ParseOptions).links.length,
			).toBeLessThan(101)
		const beyond = `${' '.repeat(TEXT_MAX_CHARS)}https://youtu.be/dQw4w9WgXcQ`
		expect(parseLink(beyond, OPTIONS[0] as ParseOptions).type).toBe('not-a-link')
	}, 10_000)
})
