import { beforeEach, describe, expect, it } from 'vitest'
import { guardAbsence, type StoreNews } from './absence.ts'
import { StoreUnavailable, type Sql } from './sql.ts'

let nowMs: number
let calls: number
let renewed: number
let answer: () => Promise<number>
let news: StoreNews[]
let sql: Sql
beforeEach(() => {
	nowMs = 0
	calls = 0
	renewed = 0
	news = []
	answer = () => Promise.resolve(1)
	const base: Sql = {
		bytesType: 'BLOB',
		rows: () => Promise.resolve([]),
		run: () => {
			calls++
			return answer()
		},
		runInTurn: () => Promise.resolve(0),
		runUnsynced: () => Promise.resolve(0),
		close: () => Promise.resolve(),
	}
	sql = guardAbsence(base, {
		tell: (item) => news.push(item),
		nowMs: () => nowMs,
		onAway: () => renewed++,
	})
})

const away = () => Promise.reject(new StoreUnavailable('refused', { isAway: true }))
const full = () => Promise.reject(new StoreUnavailable('disk full'))
const wrong = () => Promise.reject(new Error('no such column'))

describe('a database that goes and comes', () => {
	it('[SD12] is told once when it goes and once when it is back', async () => {
		answer = away
		for (let i = 0; i < 10; i++) {
			await expect(sql.run('')).rejects.toThrow('refused')
			nowMs += 1_500
		}
		answer = () => Promise.resolve(1)
		expect(await sql.run('')).toBe(1)
		expect(await sql.run('')).toBe(1)
		expect(news).toEqual([
			{ type: 'away', why: 'refused' },
			{ type: 'back', afterMs: 15_000 },
		])
		expect(renewed).toBe(1)
	})

	it('[SD12] is asked by one call a second while it is away; the others are answered at once', async () => {
		answer = away
		await expect(sql.run('')).rejects.toThrow()
		let finish: (value: number) => void = () => undefined
		answer = () => new Promise((resolve) => (finish = resolve))
		await expect(sql.run('')).rejects.toThrow(StoreUnavailable)
		expect(calls).toBe(1)
		nowMs = 1_000
		const probe = sql.run('')
		nowMs = 60_000
		await expect(sql.run('')).rejects.toThrow(StoreUnavailable)
		expect(calls).toBe(2)
		finish(7)
		expect(await probe).toBe(7)
		answer = () => Promise.resolve(8)
		expect(await sql.run('')).toBe(8)
	})

	it('[SD12] is back as soon as it answers, whatever it answers', async () => {
		answer = away
		await expect(sql.run('')).rejects.toThrow()
		nowMs = 1_000
		answer = wrong
		await expect(sql.run('')).rejects.toThrow('no such column')
		answer = () => Promise.resolve(1)
		expect(await sql.run('')).toBe(1)
		expect(news.map((item) => item.type)).toEqual(['away', 'back'])
	})

	it('[SD12] one that answers and cannot is asked on, and told once a minute', async () => {
		answer = full
		for (let i = 0; i < 5; i++) await expect(sql.run('')).rejects.toThrow('disk full')
		expect(calls).toBe(5)
		expect(news).toEqual([{ type: 'trouble', why: 'disk full' }])
		nowMs = 60_000
		await expect(sql.run('')).rejects.toThrow('disk full')
		expect(news).toHaveLength(2)
	})

	it('a statement of ours that is wrong is no absence', async () => {
		answer = wrong
		await expect(sql.run('')).rejects.toThrow('no such column')
		expect(news).toEqual([])
	})
})
