import { describe, expect, it } from 'vitest'
import { parseLink } from '#lib/sources/parse-link.ts'
import { doesShow, mediaOfPage } from './page-media.ts'

const at = (url: string, fileUrl: string | null = null) => ({ url, fileUrl })

describe('what a page is to a room', () => {
	it.each([
		'https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=30',
		'https://m.youtube.com/watch?v=aqz-KE-bpKQ&list=PLabc&index=2',
		'https://www.youtube.com/shorts/aqz-KE-bpKQ',
		'https://www.bilibili.com/video/BV1xx411c7mD/?p=3&spm_id_from=333.1007&vd_source=abc',
		'https://vimeo.com/76979871',
		'https://www.twitch.tv/videos/1234567890',
		'https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv',
	])('[XT11] %s is what a link of it in the web app is', (url) => {
		const link = parseLink(url, { pageIsSecure: true, base: 'https://matinee.example/r' })
		const media = mediaOfPage(at(url, 'https://cdn.example/plain.mp4'))
		expect(link).toMatchObject({ type: 'media', media })
		expect(media?.kind).not.toBe('page')
		expect(media !== null && doesShow(at(url), media)).toBe(true)
	})
	it('[XT11] is the file that it plays where that looks as if it were there for everybody', () => {
		const page = 'https://films.example/watch?v=1'
		for (const url of ['https://cdn.example/night-bus.mp4', 'http://127.0.0.1:9000/films/saltmarsh.webm'])
			expect(mediaOfPage(at(page, url))).toEqual({ kind: 'file', url })
		const list = 'https://cdn.example/2024/night-bus/index.m3u8'
		expect(mediaOfPage(at(page, list))).toEqual({ kind: 'hls', url: list })
		// The browser's own view of a file: whatever its address, it is the page's.
		const own = 'https://cdn.example/get?id=5'
		expect(mediaOfPage(at(`${own}#t=5`, own))).toEqual({ kind: 'file', url: own })
	})
	it.each([
		['has none that anybody could load', null],
		['asks something of the server with it', 'https://cdn.example/night-bus.mp4?token=abc'],
		['carries a time in its path', 'https://cdn.example/secure/1763793600/night-bus.mp4'],
		['carries a key in its path', 'https://cdn.example/kfX93bQpLmZ2-ah77TrWq0cc/night-bus.mp4'],
		['would be blocked on an https page', 'http://cdn.example/night-bus.mp4'],
		['has no name of one', 'https://cdn.example/play'],
	])('[XT53] is the page itself where its file %s', (_why, fileUrl) => {
		const media = mediaOfPage(at('https://films.example/watch?v=1&utm_source=x#top', fileUrl))
		expect(media).toEqual({ kind: 'page', url: 'https://films.example/watch?v=1' })
	})
	it('[XT53] is the page itself where its site has addresses that the app cannot play', () => {
		for (const url of [
			'https://www.bilibili.com/bangumi/play/ep5',
			'https://live.bilibili.com/5',
			'https://rumble.com/v1.html',
			'https://films.example/',
		])
			expect(mediaOfPage(at(url))).toEqual({ kind: 'page', url })
	})
	it('[XT53] is nothing where its address is longer than a record carries', () => {
		expect(mediaOfPage(at(`https://films.example/${'x'.repeat(800)}`))).toBeNull()
	})
	it('[XT53] shows what names it, by whichever of its names, and nothing else', () => {
		const page = at('https://films.example/watch?v=1#t=5', 'https://cdn.example/a.mp4?token=1')
		const media = { kind: 'page', url: 'https://films.example/watch?v=1' } as const
		expect(doesShow(page, media)).toBe(true)
		expect(doesShow(at('https://films.example/watch?v=1&fbclid=x'), media)).toBe(true)
		expect(doesShow(page, { kind: 'file', url: 'https://cdn.example/a.mp4?token=1' })).toBe(true)
		expect(doesShow(at('https://films.example/watch?v=2'), media)).toBe(false)
		expect(doesShow(page, { kind: 'file', url: 'https://films.example/watch?v=1' })).toBe(false)
		// An app of its own that moves by its fragment.
		const route = { kind: 'page', url: 'https://films.example/#/w/5' } as const
		expect(doesShow(at('https://films.example/#/w/5'), route)).toBe(true)
		expect(doesShow(at('https://films.example/#/w/6'), route)).toBe(false)
		const youtube = at('https://www.youtube.com/watch?v=aqz-KE-bpKQ')
		expect(doesShow(youtube, { kind: 'youtube', id: 'aqz-KE-bpKQ', startS: 30 })).toBe(true)
		expect(doesShow(youtube, { kind: 'youtube', id: 'bqz-KE-bpKQ' })).toBe(false)
	})
})
