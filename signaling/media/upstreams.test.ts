import { beforeEach, describe, expect, it } from 'vitest'
import { createCounters, type Counters } from '../counters.ts'
import type { FetchFailure, FetchOutcome, FetchRequest } from './fetch-public.ts'
import { createUpstreams, type Upstreams } from './upstreams.ts'

let counters: Counters
let upstreams: Upstreams
let asked: FetchRequest[]
let nowMs: number
let answer: (request: FetchRequest) => Promise<FetchOutcome>

const body = (text: string, contentType = 'application/json'): FetchOutcome => ({
	type: 'answer',
	status: 200,
	url: new URL('https://films.example/'),
	contentType,
	location: null,
	body: new TextEncoder().encode(text),
})
beforeEach(() => {
	counters = createCounters()
	asked = []
	nowMs = 1_000
	answer = () => Promise.resolve(body('{"a":1}'))
	upstreams = createUpstreams({
		fetchPublic: (request) => {
			asked.push(request)
			return answer(request)
		},
		counters,
		nowMs: () => nowMs,
	})
})

describe('asking', () => {
	it('[MD7] a known host is held to itself, a page to its site', async () => {
		await upstreams.json('https://www.youtube.com/oembed')
		await upstreams.page('https://www.twitch.tv/alice', 'twitch.tv')
		await upstreams.hop('https://b23.tv/x')
		expect(
			asked.map(({ mayAsk }) => ['www.youtube.com', 'm.twitch.tv', 'b23.tv', 'evil.example'].map(mayAsk)),
		).toEqual([
			[true, false, false, false],
			[false, true, false, false],
			[false, false, true, false],
		])
	})

	it('[MD9] what is no JSON has no value', async () => {
		for (const text of ['', '{', 'nonsense', '{"a":NaN}', '\u0000'.repeat(100), '['.repeat(200_000)]) {
			answer = () => Promise.resolve(body(text))
			expect(await upstreams.json(`https://h${String(asked.length)}.example/`)).toEqual({
				type: 'answer',
				status: 200,
				value: undefined,
			})
		}
	})

	it('[MD8] bodies are read of pages only', async () => {
		await upstreams.pageOfAny('https://films.example/')
		const wants = (type: string) => asked[0]?.wantsBody?.(type)
		for (const type of ['text/html', 'text/html; charset=utf-8', 'application/xhtml+xml', ''])
			expect(wants(type)).toBe(true)
		for (const type of ['video/mp4', 'application/pdf', 'text/html-x', 'image/svg+xml'])
			expect(wants(type)).toBe(false)
	})

	it.each<[FetchFailure, string]>([
		['barred', 'media-barred'],
		['too-many-redirects', 'media-redirects'],
		['too-big', 'media-too-big'],
		['too-slow', 'media-too-slow'],
		['unreachable', 'media-unreachable'],
	])('[MD11] %s is counted as %s', async (why, counted) => {
		answer = () => Promise.resolve({ type: 'failed', why })
		expect(await upstreams.json('https://films.example/')).toEqual({ type: 'failed', why })
		expect(counters.all()).toEqual({ [counted]: 1 })
	})
})

describe('politeness', () => {
	const askMany = async (
		count: number,
		url: (index: number) => string,
		way: 'json' | 'jsonOfAny' | 'pageOfAny',
	) => {
		let refused = 0
		for (let i = 0; i < count; i++) if ((await upstreams[way](url(i))).type === 'failed') refused++
		return refused
	}

	it('[MD11] a site is asked 60 times at once and twice a second after that', async () => {
		expect(await askMany(70, () => 'https://www.youtube.com/', 'json')).toBe(10)
		expect(counters.count('media-upstream-rate')).toBe(10)
		expect(await askMany(1, () => 'https://vimeo.com/', 'json')).toBe(0)
		nowMs += 1_000
		expect(await askMany(3, () => 'https://www.youtube.com/', 'json')).toBe(1)
	})

	it('[MD11] a host that a member named, ten times; all of them together, sixty', async () => {
		expect(await askMany(15, () => 'https://tube.example/', 'jsonOfAny')).toBe(5)
		expect(await askMany(60, (index) => `https://tube${String(index)}.example/`, 'pageOfAny')).toBe(10)
		expect(await askMany(1, () => 'https://vimeo.com/', 'json')).toBe(0)
	})

	it('[MD11] no more than 32 questions are open at a time', async () => {
		const open: (() => void)[] = []
		answer = () => new Promise((resolve) => open.push(() => resolve(body('{}'))))
		const answers = Array.from({ length: 40 }, (_, index) =>
			upstreams.json(`https://h${String(index)}.example/`),
		)
		expect(open).toHaveLength(32)
		for (const finish of open) finish()
		const outcomes = await Promise.all(answers)
		expect(outcomes.filter(({ type }) => type === 'failed')).toHaveLength(8)
		expect(counters.count('media-busy')).toBe(8)
		answer = () => Promise.resolve(body('{}'))
		expect((await upstreams.json('https://next.example/')).type).toBe('answer')
	})

	it('[MD11] no more than 12 of them to hosts that members named', async () => {
		const open: (() => void)[] = []
		answer = () => new Promise((resolve) => open.push(() => resolve(body('{}'))))
		const answers = Array.from({ length: 20 }, (_, index) =>
			upstreams.jsonOfAny(`https://tube${String(index)}.example/`),
		)
		expect(open).toHaveLength(12)
		const known = upstreams.json('https://vimeo.com/')
		expect(open).toHaveLength(13)
		for (const finish of open) finish()
		expect((await Promise.all(answers)).filter(({ type }) => type === 'failed')).toHaveLength(8)
		expect((await known).type).toBe('answer')
	})
})
