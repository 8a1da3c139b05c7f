/**
 * The YouTube player in a real Chromium, against a fake of YouTube's own embed.
 */
import { expect, test } from '@playwright/test'
import type { Page } from 'playwright-core'
import type { PlayerState } from '#lib/players/player.ts'
import { films } from '../support/upstreams/films.ts'
import { createPlayerHand, startUntouched } from '../support/upstreams/player-hand.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeYouTube, youtubeSwitches, type YouTubeSwitches } from '../support/upstreams/youtube.ts'

const MEDIA = { kind: 'youtube', id: 'sAltMar5h_0' } as const
const switches: YouTubeSwitches = youtubeSwitches()
const turn = (change: Partial<YouTubeSwitches>): void => {
	Object.assign(switches, youtubeSwitches(), change)
}

// A trace evaluates in the page, which is a person's touch for the browser: nothing would be refused any more.
test.use({ trace: 'off' })

// Each worker has its own sites and browser.
test.describe.configure({ mode: 'parallel' })

let lab: PlayerLab
let page: Page
test.beforeAll(async () => {
	lab = await startLab([createFakeYouTube(switches), films])
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
	turn({})
	page = await lab.newPage()
})
test.afterEach(() => page.context().close())

const lead = createPlayerHand(() => page, '/embed/')
const { play, become, positionS, intents, states, inside, hand } = lead
const open = (until?: PlayerState['type']): Promise<PlayerState> => lead.open(MEDIA, until)

for (const [words, change] of [
	['reports each 250 ms', {}],
	['reports each 1,000 ms', { reportMs: 1_000 }],
	['data that takes 300 ms, and a seek at rest that plays', { bufferMs: 300, playsOnSeek: true }],
] as const)
	test(`[PL24] YouTube keeps the contract with ${words}`, async () => {
		turn(change)
		const report = await contractOver(lab, MEDIA, 0.25)
		expect(report.failed).toEqual([])
		expect(report.skipped).toEqual([expect.stringContaining('PL5')])
	})

test('[PL25] reports are raw, stamped by the embed’s own clock, and told apart by their times', async () => {
	await open()
	expect(await play()).toBe('playing')
	const samples = await page.evaluate(async () => {
		const { player, wait, local } = window.lab
		const seen: { positionS: number; atLocalMs: number; readMs: number }[] = []
		for (let i = 0; i < 200; i++) {
			const sample = player?.sample()
			if (sample && sample.positionS > 0.5 && sample.atLocalMs !== seen.at(-1)?.atLocalMs)
				seen.push({ ...sample, readMs: local() })
			await wait(15)
		}
		return seen
	})
	// About four a second, no more, and each was true before it was read.
	expect(samples.length).toBeGreaterThan(5)
	expect(samples.length).toBeLessThan(20)
	expect(samples.every(({ atLocalMs, readMs }) => atLocalMs <= readMs && atLocalMs > readMs - 1_000)).toBe(
		true,
	)
	// On one line: late reports stand below it, none above the furthest by more than a few milliseconds.
	const offsets = samples.map((sample) => sample.positionS * 1000 - sample.atLocalMs).sort((a, b) => a - b)
	expect((offsets.at(-2) ?? 0) - (offsets[Math.floor(offsets.length / 2)] ?? 0)).toBeLessThan(40)
})

test('[PL26] title, length and rates are the embed’s; a video without other rates has none', async () => {
	await open()
	expect(await page.evaluate(() => window.lab.player?.facts())).toMatchObject({
		title: 'Saltmarsh, from the embed',
		isLive: false,
		hasAudio: null,
	})
	expect(await page.evaluate(() => window.lab.player?.can.rate)).toEqual([
		0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2,
	])
	turn({ rates: [1] })
	await open()
	expect(await page.evaluate(() => window.lab.player?.can)).toEqual({
		rate: 'none',
		seek: 'direct',
		read: 'reports',
		volume: true,
	})
	turn({ rates: ['2', Infinity, -1, 1, 1.5, 1.5, 900] })
	await open()
	expect(await page.evaluate(() => window.lab.player?.can.rate)).toEqual([1, 1.5])
})

test('[PL27] a live stream plays, and is neither sought nor corrected', async () => {
	turn({ isLive: true })
	await open()
	expect(await page.evaluate(() => window.lab.player?.facts())).toMatchObject({
		isLive: true,
		durationS: null,
		timeline: 'none',
	})
	expect(await page.evaluate(() => window.lab.player?.can)).toMatchObject({ rate: 'none', seek: 'none' })
	await page.evaluate(() => window.lab.player?.seek(40))
	expect(await play()).toBe('playing')
	await become('playing')
	await expect.poll(positionS).toBeGreaterThan(0.2)
	expect(await positionS()).toBeLessThan(20)
})

for (const [words, change] of [
	['unstarted, and says nothing', {}],
	['unstarted, with a length and place of its own', { adTellsItself: true }],
	['as playing, with a length and place of its own', { adTellsItself: true, adState: 1 }],
] as const)
	test(`[PL28] an ad before the film that tells itself ${words} is an ad, and the film follows`, async () => {
		turn({ preRollS: 4, ...change })
		// Somebody who has touched the page: the browser would not refuse.
		await page.mouse.click(5, 5)
		await open()
		const outcome = play()
		expect(await become('ad', 4_000)).toBe(true)
		expect(await outcome).toBe('playing')
		expect(await positionS()).toBeLessThan(0.1)
		expect(await become('playing', 8_000)).toBe(true)
		await expect.poll(positionS).toBeGreaterThan(0.3)
		expect(await positionS()).toBeLessThan(3)
		expect(await page.evaluate(() => window.lab.player?.facts().durationS)).toBeGreaterThan(60)
		expect(await intents()).toEqual([])
	})

test('[PL28] a picture that stands still though it is loaded is an ad; one without data is a stall', async () => {
	await open()
	await play()
	await expect.poll(positionS).toBeGreaterThan(0.5)
	await hand('freeze(3500)')
	expect(await become('ad', 4_000)).toBe(true)
	expect(await become('playing', 6_000)).toBe(true)
	await page.waitForTimeout(1_000)
	await hand('stall(1200)')
	expect(await become('stalled', 1_000)).toBe(true)
	expect(await become('playing', 4_000)).toBe(true)
	expect(await intents()).toEqual([])
})

for (const refusesStart of ['aloud', 'by-way-of-3', 'silently'] as const)
	test(`[PL29] a start refused ${refusesStart} is blocked, and without sound it starts`, async () => {
		turn({ refusesStart })
		await startUntouched(page, MEDIA)
	})

test('[PL29] a browser that wants a touch before sound refuses the start, and it starts without', async () => {
	const guarded = await startLab([createFakeYouTube(switches)], { isAutoplayGuarded: true })
	try {
		await startUntouched(await guarded.newPage(), MEDIA)
	} finally {
		await guarded.close()
	}
})

test('[PL30] a person’s pause, start and seek inside the frame are told as such, once', async () => {
	await open()
	await play()
	await expect.poll(positionS).toBeGreaterThan(1)
	await lead.touchInside()
	expect(await positionS()).toBeGreaterThan(40)
	expect(await intents()).toHaveLength(3)
})

test('[PL30] a speed chosen inside the frame is the room’s again, and no act', async () => {
	await open()
	await play()
	await expect.poll(positionS).toBeGreaterThan(0.5)
	await hand('speed(1.5)')
	await expect.poll(() => inside().evaluate('film.playbackRate')).toBe(1)
	expect(await intents()).toEqual([])
})

test('[PL30] a start by a click on the unstarted embed is a person’s', async () => {
	await open()
	await page.waitForTimeout(800)
	await inside().locator('video').click()
	await expect.poll(intents).toEqual(['play'])
	expect(await become('playing')).toBe(true)
})

for (const [code, type] of [
	[2, 'not-found'],
	[5, 'unknown'],
	[100, 'removed'],
	[101, 'embedding-off'],
	[150, 'embedding-off'],
	[153, 'page-refused'],
] as const)
	test(`[PL31] error ${String(code)} is ${type}`, async () => {
		turn({ error: code })
		expect(await open('failed')).toMatchObject({ type: 'failed', failure: { type } })
		expect(await play()).toBe('failed')
	})

test('[PL32] an embed that never answers, or only nonsense, is told after 12 s', async () => {
	turn({ isSilent: true })
	expect(await open('failed')).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'YouTube' } })
	turn({ talksNonsense: true })
	const told = await open('failed')
	expect(told).toMatchObject({ type: 'failed', failure: { type: 'nonsense', site: 'YouTube' } })
	expect(JSON.stringify(told)).toContain('hello')
})

test('[PL33] huge numbers, wrong types and keys of prototypes change nothing', async () => {
	turn({ isSpiteful: true })
	await open()
	expect(await play()).toBe('playing')
	await expect.poll(positionS).toBeGreaterThan(1)
	expect(await positionS()).toBeLessThan(10)
	expect(await states()).toEqual(expect.arrayContaining(['ready', 'playing']))
	expect(await states()).not.toEqual(expect.arrayContaining(['ad']))
	expect(await page.evaluate(() => window.lab.player?.facts())).toMatchObject({
		isLive: false,
		hasAudio: null,
	})
	expect(await intents()).toEqual([])
})

test('[PL34] what another frame says is not heard', async () => {
	await open()
	await play()
	await expect.poll(positionS).toBeGreaterThan(0.5)
	await page.evaluate(() => {
		const foreign = document.createElement('iframe')
		foreign.src = 'https://films.example/embed.html'
		document.body.append(foreign)
		const info = { currentTime: 70, playerState: 0, duration: 5, videoData: { title: 'Forged' } }
		const word = JSON.stringify({ event: 'infoDelivery', info, id: 1, channel: 'widget' })
		// From our own window too, which is none of the embed's.
		for (let i = 0; i < 20; i++) window.postMessage(word, '*')
		window.postMessage(JSON.stringify({ event: 'onError', info: 150 }), '*')
	})
	const foreign = await expect
		.poll(() => page.frames().some((frame) => frame.url().includes('films.example')))
		.toBe(true)
		.then(() => page.frames().find((frame) => frame.url().includes('films.example')))
	await foreign?.evaluate(() => {
		const info = { currentTime: 70, playerState: 0, duration: 5, videoData: { title: 'Forged' } }
		for (let i = 0; i < 20; i++) {
			parent.postMessage(JSON.stringify({ event: 'infoDelivery', info, id: 1, channel: 'widget' }), '*')
			parent.postMessage(JSON.stringify({ event: 'onError', info: 150 }), '*')
		}
	})
	await page.waitForTimeout(500)
	expect(await page.evaluate(() => window.lab.player?.state().type)).toBe('playing')
	expect(await positionS()).toBeLessThan(20)
	expect(await page.evaluate(() => window.lab.player?.facts().title)).toBe('Saltmarsh, from the embed')
})
