import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIST_MAX_LINKS, parseLinkList } from './link-list.ts'

const read = (text: string) => parseLinkList(text, { pageIsSecure: true })
const titles = (text: string): string[] => read(text).items.map(({ title }) => title)

describe('a list of links', () => {
	it('[SO18] is read line by line, whatever ends the lines, and what is no video is named by its line', () => {
		const list = read(
			'https://films.example/a.mp4\r\n\r\nnot a link\rhttps://youtu.be/dQw4w9WgXcQ?t=30\njavascript:alert(1)\n',
		)
		expect(list.items).toMatchObject([
			{ media: { kind: 'file', url: 'https://films.example/a.mp4' } },
			{ media: { kind: 'youtube', id: 'dQw4w9WgXcQ', startS: 30 } },
		])
		expect(list.refused).toMatchObject([
			{ line: 3, text: 'not a link', link: { type: 'not-a-link' } },
			{ line: 5, link: { type: 'unsafe', scheme: 'javascript' } },
		])
		expect(list).toMatchObject({ leftOut: 0, isStream: false })
	})

	it('[SO18] names playlists and short links, which lead to videos but are none', () => {
		const { items, refused } = read('https://www.youtube.com/playlist?list=PLabcdefghijk\n')
		expect(items).toEqual([])
		expect(refused).toMatchObject([{ line: 1, link: { type: 'playlist', site: 'YouTube' } }])
	})

	it('[SO18] takes 500 lines with something on them, a hundred of them broken, and counts the rest', () => {
		const lines = Array.from({ length: 520 }, (_, i) =>
			i % 5 === 0 ? `broken ${i}` : `https://films.example/${i}.mp4`,
		)
		const list = read(lines.join('\n\n'))
		expect(list.items).toHaveLength(400)
		expect(list.refused).toHaveLength(100)
		expect(list.refused[1]).toMatchObject({ line: 11, text: 'broken 5' })
		expect(list.leftOut).toBe(520 - LIST_MAX_LINKS)
	})

	it('[SO19] may be an M3U playlist: each title and length belongs to the one line behind it', () => {
		const m3u = [
			'\ufeff#EXTM3U',
			'#EXTINF:123 tvg-id="x",First, with a comma',
			'#EXTVLCOPT:network-caching=1000',
			'https://films.example/1.mp4',
			'https://films.example/second.mp4',
			'#EXTINF:-1,A stream',
			'https://films.example/live.m3u8',
			'#EXTINF:1e999,\u202eodd',
			'https://films.example/4.mp4',
			'#EXTINF:9,Lost',
			'C:\\films\\mine.mp4',
			'https://films.example/6.mp4',
		].join('\n')
		expect(read(m3u).items[0]).toMatchObject({ title: 'First, with a comma', durationS: 123 })
		const [, second, live, odd, last] = read(m3u).items
		expect(second).not.toHaveProperty('durationS')
		expect(live).toMatchObject({ title: 'A stream', media: { kind: 'hls' } })
		expect(live).not.toHaveProperty('durationS')
		expect(odd?.title).not.toContain('\u202e')
		expect(last?.title).not.toBe('Lost')
		expect(read(m3u).refused).toMatchObject([{ line: 11 }])
	})

	it('[SO19] is told from the playlist of a stream, whose lines are parts of one video', () => {
		const hls = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttps://films.example/0.ts\n'
		expect(read(hls)).toEqual({ items: [], lines: [], refused: [], leftOut: 0, isStream: true })
	})

	it('[SO18] never throws, and loses no line', () => {
		const line = fc.oneof(fc.string(), fc.constantFrom('#EXTINF:5,x', 'https://films.example/a.mp4', '', '#'))
		fc.assert(
			fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
				const text = lines.join('\n')
				const { items, refused, isStream } = read(text)
				const said = text.split(/[\r\n]/).filter((one) => one.trim() !== '' && !one.trim().startsWith('#'))
				if (!isStream) expect(items.length + refused.length).toBe(said.length)
			}),
		)
		expect(titles('')).toEqual([])
	})
})
