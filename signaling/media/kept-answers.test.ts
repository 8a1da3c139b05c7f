import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { object, text } from '#lib/protocol/schema.ts'
import { createMemoryStore } from '../store/memory.ts'
import { StoreUnavailable } from '../store/sql.ts'
import type { Store } from '../store/store.ts'
import { createKeptAnswers } from './kept-answers.ts'

const schema = object({ title: text(100) })
const film = { title: 'Film' }
let store: Store
let nowMs: number
let faults: unknown[]
beforeEach(() => {
	store = createMemoryStore()
	nowMs = 1_000
	faults = []
})
afterEach(() => store.close())
const open = (media: Store['media'] = store.media) =>
	createKeptAnswers({ store: { media }, nowMs: () => nowMs, onFault: (error) => void faults.push(error) })

/** A site that counts how often it was asked. */
const site = (keepMs = 1_000) => {
	let asked = 0
	return {
		ask: async () => {
			asked++
			await Promise.resolve()
			return { answer: film, keepMs }
		},
		asked: () => asked,
	}
}

describe('kept answers', () => {
	it('[MD10] serve as long as they are good, for every process on the store', async () => {
		const { ask, asked } = site()
		expect(await open().ask('a', schema, ask)).toEqual(film)
		nowMs += 999
		expect(await open().ask('a', schema, ask)).toEqual(film)
		expect(asked()).toBe(1)
		nowMs += 1
		expect(await open().ask('a', schema, ask)).toEqual(film)
		expect(asked()).toBe(2)
	})

	it('[MD10] are one question for all who ask at a time', async () => {
		const { ask, asked } = site()
		const kept = open()
		const answers = await Promise.all(Array.from({ length: 50 }, () => kept.ask('a', schema, ask)))
		expect(asked()).toBe(1)
		expect(new Set(answers)).toEqual(new Set([film]))
		await Promise.all([kept.ask('b', schema, ask), kept.ask('c', schema, ask)])
		expect(asked()).toBe(3)
	})

	it('[MD10] a question that fails fails for all who wait, and is asked again by the next', async () => {
		const kept = open()
		const fail = () => Promise.reject(new Error('fault'))
		const both = await Promise.allSettled([kept.ask('a', schema, fail), kept.ask('a', schema, fail)])
		expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
		expect(await kept.ask('a', schema, site().ask)).toEqual(film)
	})

	it('[MD10] that are not to be kept are not', async () => {
		const { ask, asked } = site(0)
		const kept = open()
		await kept.ask('a', schema, ask)
		await kept.ask('a', schema, ask)
		expect(asked()).toBe(2)
	})

	it('[MD10] of another shape, or none, are asked anew', async () => {
		const { ask, asked } = site()
		const kept = open()
		await kept.ask('a', schema, ask)
		expect(
			await kept.ask('a', object({ name: text(9) }), () =>
				Promise.resolve({ answer: { name: 'x' }, keepMs: 9 }),
			),
		).toEqual({ name: 'x' })
		const broken = { ...store.media, get: () => Promise.resolve('{') }
		expect(await open(broken).ask('a', schema, ask)).toEqual(film)
		expect(asked()).toBe(2)
	})

	it('[MD10] with the store away every question goes to the site', async () => {
		const away = () => Promise.reject(new StoreUnavailable('away', { isAway: true }))
		const { ask, asked } = site()
		const kept = open({ get: away, put: away, trim: away })
		expect(await kept.ask('a', schema, ask)).toEqual(film)
		expect(await kept.ask('a', schema, ask)).toEqual(film)
		await kept.trim()
		expect(asked()).toBe(2)
		expect(faults.every((fault) => fault instanceof StoreUnavailable)).toBe(true)
		expect(faults).toHaveLength(5)
	})

	it('[MD12] keep no word of what they are about but the answer', async () => {
		const keys: string[] = []
		const put: Store['media']['put'] = (key, ...rest) => {
			keys.push(key)
			return store.media.put(key, ...rest)
		}
		await open({ ...store.media, put }).ask('dQw4w9WgXcQ', schema, site().ask)
		expect(keys).toHaveLength(1)
		expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
	})

	it('[MD10] do not grow without bound between two sweeps', async () => {
		const trims: number[] = []
		const kept = open({
			...store.media,
			put: () => Promise.resolve(),
			trim: (_nowMs, max) => {
				trims.push(max)
				return Promise.resolve()
			},
		})
		for (let i = 0; i < 1_000; i++) await kept.ask(String(i), schema, site().ask)
		expect(trims).toEqual([10_000, 10_000])
	})
})
