import { describe, expect, it } from 'vitest'
import type { FileProblem } from '#lib/core/own-files.ts'
import type { ListReading } from '#lib/core/view.ts'
import { readList } from './read-list.ts'
import { sortFiles } from './sort-files.ts'

const WEBM = new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 0x42, 0x82, 0x84, ...new TextEncoder().encode('webm')])
const film = (name: string) => ({ file: new File([WEBM], name) })
const text = (name: string, content: string) => ({ file: new File([content], name) })
const PNG = { file: new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])], 'cat.png') }
const SRT = text('film.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello\n')

const NOT_MEDIA: FileProblem = { type: 'not-media', what: 'picture', format: 'PNG' }
const sort = (picked: readonly { readonly file: File }[]) =>
	sortFiles(picked, {
		check: async (file) => (file.name.endsWith('.png') ? NOT_MEDIA : null),
		readList: (list): Promise<ListReading> =>
			readList(list, {
				pageUrl: new URL('https://watch.example/'),
				resolve: async () => ({ type: 'problem', message: 'not asked' }),
			}),
	})

describe('what a room is to be started with', () => {
	it('[FM3] films are films whatever they are called, in their order', async () => {
		const films = [film('b.webm'), film('a.txt')]
		expect(await sort(films)).toEqual({
			type: 'files',
			files: { films, subtitles: [] },
			items: [],
			note: null,
		})
	})

	it('[FM4] a list is read for its links, and the lines that are none are told', async () => {
		const list = text(
			'tonight.m3u',
			'#EXTM3U\n#EXTINF:90,One\nhttps://v.example/1.mp4\nnothing\nhttps://v.example/2.mp4\n',
		)
		const sorted = await sort([list])
		if (sorted.type !== 'files') throw new Error(sorted.type)
		expect(sorted.items.map(({ title }) => title)).toEqual(['One', 'v.example'])
		expect(sorted.note).toBe('1 line of the list was left out: it is no video')
	})

	it('[FM4] a text without any link is refused by its name', async () => {
		expect(await sort([text('letter.txt', 'Dear Ana,\nall is well.\n')])).toEqual({
			type: 'refused',
			message: '“letter.txt” holds no link that plays. A list has one link on each line.',
		})
	})

	it('[FM4] the parts of a stream are no list of films', async () => {
		const stream = text('live.m3u8', '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\npart1.ts\n')
		const sorted = await sort([stream])
		expect(sorted.type).toBe('refused')
	})

	it('[FM5] what is no film is refused for what it is; beside a film it is left out and named', async () => {
		expect(await sort([PNG])).toEqual({ type: 'problem', problem: NOT_MEDIA, name: 'cat.png' })
		const sorted = await sort([PNG, film('a.webm')])
		expect(sorted).toMatchObject({ type: 'files', note: 'Left out, for it is no film: cat.png' })
	})

	it('[FM5] nothing at all is said to be nothing', async () => {
		expect(await sort([])).toMatchObject({ type: 'refused' })
	})

	it('[FM6] subtitles come along with a film, also in an old encoding; alone they are refused', async () => {
		const old = {
			file: new File([new Uint8Array([0x31, 0x0a, 0xff, 0x01, 0xe9, 0xe8, 0x80])], 'film.fr.srt'),
		}
		const one = film('film.webm')
		expect(await sort([SRT, one, old])).toMatchObject({
			files: { films: [one], subtitles: [SRT, old] },
			note: null,
		})
		expect(await sort([SRT])).toEqual({
			type: 'refused',
			message: 'Those are subtitles, and they need a film. Choose or drop both together.',
		})
	})

	it('[FM5] a file that cannot be read is left to whoever checks it', async () => {
		const gone = {
			file: {
				name: 'gone.mp4',
				slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
			} as unknown as File,
		}
		expect(await sort([gone])).toMatchObject({ type: 'files', files: { films: [gone] } })
	})
})
