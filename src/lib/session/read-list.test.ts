import { describe, expect, it, vi } from 'vitest'
import { exportQueue } from '#lib/core/queue-file.ts'
import type { CommandOutcome, NewItem } from '#lib/core/room.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createQueueCommands } from './queue-commands.ts'
import { LIST_MAX_QUESTIONS, readList } from './read-list.ts'
import type { ReadLink } from './read-link.ts'

const pageUrl = new URL('https://matinee.example/r')
const film = (n: number | string): string => `https://films.example/reel-${String(n)}.mp4`
const unresolved = (line: string): Promise<ReadLink> =>
	Promise.resolve({ type: 'problem', message: `nobody knows ${line}` })
const read = (text: string, resolve = unresolved) => readList(text, { pageUrl, resolve })

describe('a list of links', () => {
	it('[QV7] gives its videos in order, and names each line that is none with its number and why', async () => {
		const list = await read(`${film(1)}\n\nnot a link\n${film(2)}\nhttps://example.org/a.pdf`)
		expect(list.items.map(({ title }) => title)).toEqual(['reel 1', 'reel 2'])
		expect(list.lines).toEqual([1, 4])
		expect(list.broken.map(({ line, text }) => [line, text])).toEqual([
			[3, 'not a link'],
			[5, 'https://example.org/a.pdf'],
		])
		expect(list.broken[0]?.why).toMatch(/^That is not a link\./)
		expect(list.broken[1]?.why).toMatch(/^That is a document\./)
	})
	it('[QV7] of 500 lines with 100 broken ones all are told, and what is beyond is counted', async () => {
		const lines = Array.from({ length: 520 }, (_, at) => (at % 5 === 4 ? `line ${String(at)}` : film(at)))
		const list = await read(lines.join('\n'))
		expect([list.items.length, list.broken.length, list.leftOut, list.limit]).toEqual([400, 100, 20, 500])
		expect(list.broken.at(-1)?.line).toBe(500)
	})
	it('[QV8] playlists and short links in it are put to the server, ten at most, and stand in their place', async () => {
		const asked: string[] = []
		const list = await read(
			`${film(1)}\nhttps://www.youtube.com/playlist?list=PLabcdefghijklmnop\nhttps://b23.tv/abc123\n${film(2)}`,
			(line) => {
				asked.push(line)
				const items = ['x', 'y'].map((title): NewItem => ({
					media: { kind: 'youtube', id: 'aaaaaaaaaaa' },
					title,
				}))
				return Promise.resolve(
					line.includes('playlist')
						? { type: 'items', items, left: 0 }
						: { type: 'problem', message: 'gone' },
				)
			},
		)
		expect(asked).toHaveLength(2)
		expect(list.items.map(({ title }) => title)).toEqual(['reel 1', 'x', 'y', 'reel 2'])
		expect(list.lines).toEqual([1, 2, 2, 4])
		expect(list.broken).toEqual([{ line: 3, text: 'https://b23.tv/abc123', why: 'gone' }])
		const many = vi.fn(unresolved)
		await read(Array.from({ length: 30 }, (_, at) => `https://b23.tv/abc${String(at)}`).join('\n'), many)
		expect(many).toHaveBeenCalledTimes(LIST_MAX_QUESTIONS)
	})
	it('[QV9] a saved queue is read again; a stream’s playlist and other files are told for what they are', async () => {
		const saved = exportQueue('Sunday', {
			earlier: [],
			current: null,
			next: [{ title: 'One', media: { kind: 'file', url: film(1) }, durationS: 61 } as QueueItem],
			following: null,
		})
		const list = await read(saved)
		expect(list).toMatchObject({ items: [{ title: 'One', durationS: 61 }], lines: [], problem: null })
		const broken = await read(saved.replace('"file"', '"tape"'))
		expect(broken.broken).toEqual([{ line: 1, text: '', why: 'This entry has no address that plays.' }])
		expect((await read('{"a":1}')).problem).toMatch(/no queue that Matinee has written/)
		expect((await read(saved.replace('queue-1', 'queue-9'))).problem).toMatch(/newer Matinee/)
		expect((await read('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts')).problem).toMatch(/one stream/)
	})
})

describe('many at once', () => {
	const arrange = (outcome: CommandOutcome, isOver = false) => {
		const playNow = vi.fn(() => Promise.resolve<CommandOutcome>({ type: 'done' }))
		const note = vi.fn()
		const saved: [string, string][] = []
		const add = vi.fn(() => Promise.resolve(outcome))
		const commands = createQueueCommands({
			room: {
				queue: { addMany: add, addAgain: add, playNow },
				state: () => ({ title: 'Sunday', queue: { earlier: [], current: null, next: [], following: null } }),
			} as never,
			titles: { help: () => Promise.reject(new Error('not asked')), note },
			pageUrl,
			roomNow: () => Date.UTC(2026, 10, 21),
			startAtMs: () => 5,
			hasRunOut: () => isOver,
			save: (name, text) => void saved.push([name, text]),
		})
		return { commands, playNow, note, saved, add }
	}
	const items = [1, 2, 3].map((n): NewItem => ({ media: { kind: 'file', url: film(n) }, title: String(n) }))
	const ids = ['a.1', 'a.2'] as ItemId[]

	it('[QV7] those that did not fit are counted, titles are looked up for the rest, and the first plays where nothing was on', async () => {
		const { commands, playNow, note } = arrange({ type: 'done', items: ids, left: 1 }, true)
		expect(await commands.addMany(items, 'end', {} as never)).toEqual({ type: 'added', count: 2, left: 1 })
		expect(playNow).toHaveBeenCalledWith('a.1', 5)
		expect(note.mock.calls).toEqual([
			['a.1', items[0]],
			['a.2', items[1]],
		])
	})
	it('[QV7] a refusal says why, and nothing is played', async () => {
		const { commands, playNow } = arrange({ type: 'not-allowed', action: 'add', role: 'member' }, true)
		expect(await commands.addMany(items, 'next', {} as never)).toMatchObject({ type: 'refused' })
		expect(playNow).not.toHaveBeenCalled()
	})
	it('[QV11] what was played is added once more', async () => {
		const { commands, add } = arrange({ type: 'done', item: 'a.9' as ItemId })
		expect(await commands.addAgain('a.1' as ItemId, {} as never)).toEqual({ type: 'done' })
		expect(add).toHaveBeenCalledWith('a.1', 'end')
		expect(
			await arrange({ type: 'no-such-item' }).commands.addAgain('a.1' as ItemId, {} as never),
		).toMatchObject({
			type: 'refused',
		})
	})
	it('[QV10] the queue is saved under the name of its room and the day', async () => {
		const { commands, saved } = arrange({ type: 'done' })
		expect(await commands.saveQueue()).toEqual({ type: 'done' })
		expect(saved[0]?.[0]).toBe('matinee-queue-sunday-2026-11-21.json')
		expect(saved[0]?.[1]).toContain('matinee-queue-1')
	})
})
