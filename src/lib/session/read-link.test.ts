import { beforeEach, describe, expect, it } from 'vitest'
import type { NewItem } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { AddResult } from '#lib/core/view.ts'
import type { LookAnswer, PlaylistAnswer, SearchAnswer } from '#lib/protocol/media.ts'
import { addLink } from './add-link.ts'
import { addSeveral } from './add-several.ts'
import { readLink } from './read-link.ts'
import { resolveLink } from './resolve-link.ts'
import { searchVideos } from './search-videos.ts'

const PAGE = new URL('https://watch.example/r')
const FACTS = { title: 'Film night', author: 'Ann', durationS: null, thumbnailUrl: null, isLive: false }
const SHORT = 'https://b23.tv/abc123'
const LIST = 'https://www.youtube.com/playlist?list=PLabcdefghijklmnop'

let look: LookAnswer | null
let playlist: PlaylistAnswer | null
let search: SearchAnswer | null
let hasSearch: boolean
let asked: string[]
beforeEach(() => {
	;[look, playlist, search, hasSearch, asked] = [null, null, null, true, []]
})
const help = {
	look: (url: string) => (asked.push(url), Promise.resolve(look)),
	playlist: (id: string) => (asked.push(id), Promise.resolve(playlist)),
	search: (text: string) => (asked.push(text), Promise.resolve(search)),
	hasSearch: () => Promise.resolve(hasSearch),
}
const read = (text: string) => readLink(text, PAGE, () => Promise.resolve(help))
const alone = (text: string) => readLink(text, PAGE)

describe('short links', () => {
	it('[MD15] become the video they lead to', async () => {
		look = { type: 'leads-to', url: 'https://www.bilibili.com/video/BV1GJ411x7h7?p=2&t=30' }
		expect(await read(`看这个 ${SHORT} 好看`)).toMatchObject({
			type: 'item',
			item: { media: { kind: 'bilibili', id: 'BV1GJ411x7h7', page: 2, startS: 30 } },
		})
		expect(asked).toEqual([SHORT])
	})

	it('[MD15] that lead nowhere, or to no video, say so', async () => {
		look = { type: 'nothing' }
		expect(await read(SHORT)).toEqual({
			type: 'problem',
			message: 'That short link leads nowhere any more, says Bilibili.',
		})
		look = { type: 'leads-to', url: 'https://space.bilibili.com/1234' }
		const words = await read(SHORT)
		expect(words.type).toBe('problem')
		look = { type: 'leads-to', url: 'https://b23.tv/again' }
		expect((await read(SHORT)).type).toBe('problem')
		expect(asked).toHaveLength(3)
	})

	it('[MD15] say to open them where the server cannot', async () => {
		const words = await alone(SHORT)
		expect(words).toMatchObject({ type: 'problem', message: expect.stringContaining('Open it') as string })
		expect(await read(SHORT)).toEqual(words)
		look = { type: 'away', retryAfterMs: 1 }
		expect(await read(SHORT)).toEqual(words)
		expect(await readLink(SHORT, PAGE, () => Promise.reject(new Error('not fetched')))).toEqual(words)
	})
})

describe('addresses that tell nothing', () => {
	const URL_ = 'https://films.example/watch/123'

	it('[MD15] may be a playlist', async () => {
		look = { type: 'media', kind: 'hls' }
		expect(await read(URL_)).toMatchObject({ type: 'item', item: { media: { kind: 'hls', url: URL_ } } })
	})
	it('[MD15] may be a page with a file for others', async () => {
		look = {
			type: 'page',
			...FACTS,
			durationS: 62,
			thumbnailUrl: 'https://films.example/a.jpg',
			video: { kind: 'file', url: 'https://cdn.example/a.mp4' },
		}
		expect(await read(URL_)).toEqual({
			type: 'item',
			item: {
				media: { kind: 'file', url: 'https://cdn.example/a.mp4' },
				title: 'Film night',
				durationS: 62,
				thumbnailUrl: 'https://films.example/a.jpg',
			},
		})
	})
	it('[MD15] or a page, which is added under its title with a word of warning', async () => {
		look = { type: 'page', ...FACTS, video: null }
		expect(await read(URL_)).toEqual({
			type: 'item',
			item: { media: { kind: 'file', url: URL_ }, title: 'Film night' },
			note: '“Film night” looks like a web page. If it does not play, paste the address of the video itself.',
		})
	})
	it('[MD15] stay what they are where the server knows no more', async () => {
		const plain = await alone(URL_)
		for (const answer of [null, { type: 'nothing' }, { type: 'away', retryAfterMs: 1 }] as const) {
			look = answer
			expect(await read(URL_)).toEqual(plain)
		}
	})
	it('[MD15] are not waited for long', async () => {
		const media = { kind: 'file', url: URL_ } as const
		const item = await resolveLink(
			{ type: 'media', media, title: '123' },
			{
				help: { ...help, look: () => new Promise(() => undefined) },
				pageUrl: PAGE,
				parse: () => ({ type: 'not-a-link' }),
				describeProblem: () => '',
				patience: () => Promise.resolve(null),
			},
		)
		expect(item).toEqual({ type: 'item', item: { media, title: '123' } })
	})
	it.each([
		'https://films.example/a.mp4',
		'https://films.example/a.m3u8',
		'https://films.example/get.php?file=a.webm',
		'https://192.168.1.5/watch',
		'https://10.0.0.1/watch',
		'https://nas/watch',
		'https://nas.local/watch',
		'https://films.example:8443/watch',
		'https://watch.example/samples/film',
		'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
		'no link at all',
	])('[MD13] %s is not asked about', async (text) => {
		look = { type: 'nothing' }
		expect(await read(text)).toEqual(await alone(text))
		expect(asked).toEqual([])
	})
})

describe('lists', () => {
	const found = (id: string, change: object = {}) => ({
		media: { kind: 'youtube' as const, id },
		...FACTS,
		title: `Film ${id}`,
		durationS: 62,
		...change,
	})

	it('[MD16] become their videos', async () => {
		playlist = {
			type: 'playlist',
			items: [found('aaaaaaaaaaa'), found('bbbbbbbbbbb', { title: null })],
			left: 7,
		}
		expect(await read(LIST)).toEqual({
			type: 'items',
			items: [
				{ media: { kind: 'youtube', id: 'aaaaaaaaaaa' }, title: 'Film aaaaaaaaaaa', durationS: 62 },
				{ media: { kind: 'youtube', id: 'bbbbbbbbbbb' }, title: 'A YouTube video', durationS: 62 },
			],
			left: 7,
		})
		expect(asked).toEqual(['PLabcdefghijklmnop'])
	})
	it('[MD16] that are empty, or away, have their sentences', async () => {
		expect(await read(LIST)).toEqual(await alone(LIST))
		playlist = { type: 'nothing' }
		expect(await read(LIST)).toEqual({
			type: 'problem',
			message: 'YouTube shows nothing of that playlist: it is empty, private or gone.',
		})
	})

	const film = (name: string): NewItem => ({ media: { kind: 'youtube', id: name }, title: name })
	/** A queue that takes so many. */
	const queue = (room: number) => {
		const order: string[] = []
		const told: string[] = []
		const addItem = (item: NewItem, where: 'end' | 'next'): Promise<AddResult> => {
			if (order.length === room) return Promise.resolve({ type: 'refused', message: 'The queue is full.' })
			if (where === 'end') order.push(item.title)
			else order.unshift(item.title)
			return Promise.resolve({ type: 'added', item: item.title as ItemId, title: item.title })
		}
		return { order, told, deps: { addItem, tell: (text: string) => void told.push(text) } }
	}
	const films = ['a', 'b', 'c'].map(film)

	it('[MD16] stand in the queue in their order, at its end and next', async () => {
		const end = queue(10)
		expect(await addSeveral(end.deps, films, 0, 'end')).toEqual({
			type: 'added',
			item: 'a',
			title: '3 videos',
		})
		const next = queue(10)
		await addSeveral(next.deps, films, 0, 'next')
		expect([end.order, next.order]).toEqual([
			['a', 'b', 'c'],
			['a', 'b', 'c'],
		])
		expect([...end.told, ...next.told]).toEqual([])
	})
	it('[MD16] what is missing is said', async () => {
		const { deps, told } = queue(10)
		await addSeveral(deps, films, 1, 'end')
		await addSeveral(deps, films, 88, 'end')
		expect(told).toEqual([
			'1 video of the playlist is not in the queue: private, or beyond the first 50.',
			'88 videos of the playlist are not in the queue: private, or beyond the first 50.',
		])
	})
	it('[MD16] a queue that fills up takes what it can, and one that takes nothing says why', async () => {
		const full = queue(2)
		expect(await addSeveral(full.deps, films, 5, 'end')).toMatchObject({ type: 'added', title: '2 videos' })
		expect(full.told).toEqual(['The rest of the playlist was not added. The queue is full.'])
		expect(await addSeveral(queue(0).deps, films, 0, 'end')).toEqual({
			type: 'refused',
			message: 'The queue is full.',
		})
		expect(await addSeveral(queue(9).deps, [], 0, 'end')).toMatchObject({ type: 'refused' })
	})

	it('[MD17] words that are no link are searched for', async () => {
		search = {
			type: 'results',
			results: [found('aaaaaaaaaaa', { thumbnailUrl: 'https://i.ytimg.com/a.jpg' })],
		}
		expect(await searchVideos('  night   bus ', PAGE, help)).toEqual({
			type: 'results',
			results: [
				{
					item: {
						media: { kind: 'youtube', id: 'aaaaaaaaaaa' },
						title: 'Film aaaaaaaaaaa',
						durationS: 62,
						thumbnailUrl: 'https://i.ytimg.com/a.jpg',
					},
					title: 'Film aaaaaaaaaaa',
					author: 'Ann',
					durationS: 62,
					thumbnailUrl: 'https://i.ytimg.com/a.jpg',
					isLive: false,
				},
			],
		})
		expect(asked).toEqual(['night bus'])
	})
	it('[MD17] links are not, nor where there is no search; too many words and silence have their sentences', async () => {
		for (const link of [
			'https://youtu.be/dQw4w9WgXcQ',
			LIST,
			SHORT,
			'https://films.example/x.pdf',
			'file:///x',
		])
			expect(await searchVideos(link, PAGE, help)).toEqual({ type: 'is-link' })
		expect(await searchVideos('x'.repeat(101), PAGE, help)).toMatchObject({ type: 'refused' })
		expect(asked).toEqual([])
		expect(await searchVideos('night bus', PAGE, help)).toMatchObject({ type: 'refused' })
		hasSearch = false
		expect(await searchVideos('night bus', PAGE, help)).toEqual({ type: 'not-offered' })
	})
})

describe('the add field', () => {
	const film: AddResult = { type: 'added', item: 'a' as ItemId, title: 'x' }
	const field = (result: AddResult = film, takesPages = false) => {
		const added: [NewItem, string][] = []
		const told: string[] = []
		const deps = {
			pageUrl: PAGE,
			takesPages,
			help: () => Promise.resolve(help),
			addItem: (item: NewItem, where: 'end' | 'next') => (added.push([item, where]), Promise.resolve(result)),
			tell: (text: string) => void told.push(text),
		}
		return { added, told, add: (text: string) => addLink(deps, text, 'next') }
	}

	it('[MD15] adds a page with a word of warning, once it is in the queue', async () => {
		look = { type: 'page', ...FACTS, video: null }
		const { added, told, add } = field()
		expect(await add('https://films.example/watch')).toEqual(film)
		expect(added).toMatchObject([[{ title: 'Film night' }, 'next']])
		expect(told).toHaveLength(1)
		const full = field({ type: 'refused', message: 'The queue is full.' })
		expect(await full.add('https://films.example/watch')).toEqual({
			type: 'refused',
			message: 'The queue is full.',
		})
		expect(full.told).toEqual([])
	})

	it('[XT49] takes a page as it is where there is an extension to play it, with the title that it gives itself', async () => {
		look = { type: 'page', ...FACTS, video: null }
		const url = 'https://films.example/watch'
		const page = { media: { kind: 'page', url }, title: 'Film night' }
		const { added, told, add } = field(film, true)
		expect(await add(`${url}?utm_source=mail#top`)).toEqual(film)
		expect(await add('https://films.example/watch.html')).toEqual(film)
		expect(added).toMatchObject([
			[page, 'next'],
			[{ media: { kind: 'page', url: `${url}.html` }, title: 'Film night' }, 'next'],
		])
		expect(told).toEqual([])
		// A page that names its video’s own file is as good as that file, for everybody.
		look = { type: 'page', ...FACTS, video: { kind: 'file', url: 'https://films.example/a.mp4' } }
		await add(url)
		expect(added[2]?.[0].media).toEqual({ kind: 'file', url: 'https://films.example/a.mp4' })
		const without = field()
		expect(await without.add('https://films.example/watch.html')).toMatchObject({ type: 'refused' })
	})

	it('[MD16] adds all of a list, and says what keeps a link out', async () => {
		const found = { media: { kind: 'youtube' as const, id: 'aaaaaaaaaaa' }, ...FACTS }
		playlist = { type: 'playlist', items: [found, found], left: 0 }
		const { added, add } = field()
		expect(await add(LIST)).toMatchObject({ type: 'added', title: '2 videos' })
		expect(added).toHaveLength(2)
		expect(await add('no link')).toMatchObject({ type: 'refused' })
		expect(added).toHaveLength(2)
	})
})
