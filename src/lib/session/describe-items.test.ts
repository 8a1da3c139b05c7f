import { beforeEach, describe, expect, it } from 'vitest'
import type { MediaRef } from '#lib/core/media.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { MediaDescription } from '#lib/protocol/media.ts'
import { createDescriber, refusalWords, RETRY_AFTER_MS, type DescriberDeps } from './describe-items.ts'

const a = 'a' as ItemId
const youtube: MediaRef = { kind: 'youtube', id: 'dQw4w9WgXcQ' }
const described = (change: object = {}): MediaDescription => ({
	type: 'described',
	title: 'Film',
	author: 'Ann',
	durationS: 62,
	thumbnailUrl: 'https://i.ytimg.com/a.jpg',
	isLive: false,
	refusal: null,
	...change,
})

let answers: (MediaDescription | null)[]
let asked: MediaRef[]
let written: [ItemId, object][]
let told: string[]
let mayAsk: boolean
let items: string[]
let timers: { atMs: number; fn: () => void }[]
let describer: ReturnType<typeof createDescriber>
beforeEach(() => {
	;[answers, asked, written, told, items, timers] = [[], [], [], [], ['a'], []]
	mayAsk = true
	const queue = () => ({
		current: null,
		next: items.map((id) => ({ id, title: 'A YouTube video' })),
		earlier: [],
	})
	describer = createDescriber({
		room: {
			queue: {
				describe: (id, facts) => {
					written.push([id, facts])
					return Promise.resolve({ type: 'done' })
				},
			},
			state: () => ({ queue: queue() }) as unknown as ReturnType<DescriberDeps['room']['state']>,
		},
		help: {
			describe: (media) => {
				asked.push(media)
				return Promise.resolve(answers.shift() ?? null)
			},
		},
		mayAsk: () => mayAsk,
		timers: {
			after: (ms: number, fn: () => void) => {
				const timer = { atMs: ms, fn }
				timers.push(timer)
				return () => void timers.splice(timers.indexOf(timer), 1)
			},
		},
		onRefused: (message) => told.push(message),
	})
})
/** Runs what is due next; answers how long it had to wait. */
const next = async (): Promise<number | null> => {
	const timer = timers.shift()
	timer?.fn()
	await new Promise((resolve) => setImmediate(resolve))
	return timer?.atMs ?? null
}

describe('what was added here', () => {
	it('[MD13] gets title, length and still, once', async () => {
		answers = [described()]
		await describer.note(a, youtube)
		expect(written).toEqual([
			[a, { title: 'Film', durationS: 62, thumbnailUrl: 'https://i.ytimg.com/a.jpg' }],
		])
		expect(asked).toEqual([youtube])
		expect(timers).toEqual([])
		expect(told).toEqual([])
	})

	it('[QV8] of a long list two are asked about at a time, and all in the end', async () => {
		items = ['a', 'b', 'c', 'd', 'e']
		answers = items.map(() => described())
		const all = items.map((id) => describer.note(id as ItemId, youtube))
		await Promise.resolve()
		expect(asked).toHaveLength(2)
		await Promise.all(all)
		expect(written.map(([id]) => id)).toEqual(items)
	})

	it('[MD13] keeps what the site does not tell, and is left alone where it tells nothing', async () => {
		answers = [
			described({ durationS: null, thumbnailUrl: null }),
			described({ title: null, durationS: null, thumbnailUrl: null }),
		]
		await describer.note(a, youtube)
		await describer.note(a, youtube)
		expect(written).toEqual([[a, { title: 'Film' }]])
	})

	it('[MD13] is not asked about where the room keeps its links, nor when it is a file or a playlist', async () => {
		mayAsk = false
		await describer.note(a, youtube)
		mayAsk = true
		await describer.note(a, { kind: 'file', url: 'https://films.example/a.mp4' })
		await describer.note(a, { kind: 'hls', url: 'https://films.example/a.m3u8' })
		expect(asked).toEqual([])
		expect(timers).toEqual([])
	})

	it('[MD14] is asked about again while the server is away, in silence, and then left as it is', async () => {
		await describer.note(a, youtube)
		const waits: (number | null)[] = []
		while (timers.length > 0) waits.push(await next())
		expect(waits).toEqual([15_000, 60_000, 300_000, 900_000, 1_800_000])
		expect(waits).toEqual(RETRY_AFTER_MS)
		expect(asked).toHaveLength(6)
		expect([...written, ...told]).toEqual([])
	})

	it('[MD14] is described when the server is back, and waits as long as the server says', async () => {
		answers = [{ type: 'away', retryAfterMs: 40_000 }, null, described()]
		await describer.note(a, youtube)
		expect(await next()).toBe(40_000)
		expect(await next()).toBe(60_000)
		expect(written).toHaveLength(1)
		expect(timers).toEqual([])
	})

	it('[MD14] is forgotten once it was removed, the setting switched off, or the room left', async () => {
		await describer.note(a, youtube)
		items = []
		await next()
		items = ['a']
		await describer.note(a, youtube)
		mayAsk = false
		await next()
		mayAsk = true
		expect(asked).toHaveLength(2)
		await describer.note(a, youtube)
		expect(timers).toHaveLength(1)
		describer.close()
		expect(timers).toEqual([])
		await describer.note(a, youtube)
		expect(asked).toHaveLength(3)
		expect(written).toEqual([])
	})

	it.each(['gone', 'private', 'embedding-off', 'age-restricted', 'not-available'] as const)(
		'[MD19] and is refused by its site (%s): whoever added it is told, the item stays',
		async (refusal) => {
			answers = [
				described({ refusal }),
				described({ refusal, title: null, durationS: null, thumbnailUrl: null }),
			]
			await describer.note(a, youtube)
			await describer.note(a, youtube)
			expect(told).toEqual([refusalWords('Film', refusal), refusalWords('A YouTube video', refusal)])
			expect(told[1]).toMatch(/^A YouTube video may not play here\. [A-Z]/)
			expect(told[0]).toMatch(/^“Film” may not play here\. [A-Z].{10,}\.$/)
			expect(written).toHaveLength(1)
		},
	)
})
