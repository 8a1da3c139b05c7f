/**
 * The Vimeo player in a real Chromium, against a fake of Vimeo's own embed.
 */
import { expect, test } from '@playwright/test'
import type { Page } from 'playwright-core'
import type { MediaRef } from '#lib/core/media.ts'
import type { PlayerState } from '#lib/players/player.ts'
import { films } from '../support/upstreams/films.ts'
import { createPlayerHand, startUntouched } from '../support/upstreams/player-hand.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeVimeo, vimeoSwitches, type VimeoSwitches } from '../support/upstreams/vimeo.ts'

// A trace evaluates in the page, which is a person's touch for the browser: nothing would be refused any more.
test.use({ trace: 'off' })

const MEDIA: MediaRef = { kind: 'vimeo', id: '76979871' }
const switches: VimeoSwitches = vimeoSwitches()
const turn = (change: Partial<VimeoSwitches>): void => {
	Object.assign(switches, vimeoSwitches(), change)
}

// Each worker has its own sites and browser.
test.describe.configure({ mode: 'parallel' })

let lab: PlayerLab
let page: Page
test.beforeAll(async () => {
	lab = await startLab([createFakeVimeo(switches), films])
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
	turn({})
	page = await lab.newPage()
})
test.afterEach(() => page.context().close())

const hand = createPlayerHand(() => page, 'player.vimeo.com')
const { play, become, positionS, intents, inside } = hand
const open = (media: MediaRef = MEDIA, until?: PlayerState['type']): Promise<PlayerState> =>
	hand.open(media, until)

for (const [words, change] of [
	['rates taken', {}],
	['rates refused', { takesRates: false }],
	[
		'data that takes 300 ms, from an older player that talks text',
		{ bufferMs: 300, isOld: true, talksText: true },
	],
] as const)
	test(`[PL36] Vimeo keeps the contract with ${words}`, async () => {
		turn(change)
		const report = await contractOver(lab, MEDIA, 0.25)
		expect(report.failed).toEqual([])
		expect(report.skipped).toHaveLength('takesRates' in change ? 2 : 1)
	})

test('[PL37] title and length are the embed’s, exact once it plays; rates only where the owner allows them', async () => {
	await open()
	const facts = () => page.evaluate(() => window.lab.player?.facts())
	expect(await facts()).toMatchObject({ title: 'Saltmarsh, from Vimeo', isLive: false, hasAudio: null })
	expect((await facts())?.durationS).toBe(Math.round((await facts())?.durationS ?? 0.5))
	await play()
	await expect.poll(async () => Number.isInteger((await facts())?.durationS)).toBe(false)
	expect(await page.evaluate(() => window.lab.player?.can.rate)).toEqual([0.5, 0.75, 1, 1.25, 1.5, 2])
	expect(await inside().evaluate('film.playbackRate')).toBe(1)
	turn({ takesRates: false })
	await open()
	expect(await page.evaluate(() => window.lab.player?.can.rate)).toBe('none')
})

test('[PL38] an unlisted video plays with its hash, and is private without', async () => {
	turn({ hash: '8272103f6e' })
	await open({ kind: 'vimeo', id: '76979871', hash: '8272103f6e' })
	expect(await play()).toBe('playing')
	expect(await open(MEDIA, 'failed')).toEqual({ type: 'failed', failure: { type: 'private' } })
})

for (const [name, message, type] of [
	['PrivacyError', 'Because of its privacy settings, this video cannot be played here.', 'embedding-off'],
	['PasswordError', 'The video is password-protected.', 'private'],
	['NotFoundError', 'Not found.', 'not-found'],
	['Error', 'The video could not be transcoded.', 'unknown'],
] as const)
	test(`[PL38] ${name} is ${type}`, async () => {
		turn({ readyError: { name, message } })
		expect(await open(MEDIA, 'failed')).toMatchObject({ type: 'failed', failure: { type } })
	})

test('[PL39] a start that the browser refuses Vimeo is blocked, and it starts without sound', async () => {
	const guarded = await startLab([createFakeVimeo(switches)], { isAutoplayGuarded: true })
	try {
		await startUntouched(await guarded.newPage(), MEDIA)
	} finally {
		await guarded.close()
	}
})

test('[PL39] a start refused late, after loading, is blocked too', async () => {
	turn({ refusesStart: true, bufferMs: 500 })
	await open()
	await page.evaluate(() => window.lab.player?.seek(30))
	expect(await play()).toBe('blocked')
	await page.evaluate(() => window.lab.player?.setVolume(0.5, true))
	expect(await play()).toBe('playing')
	await expect.poll(positionS).toBeGreaterThan(30)
})

test('[PL40] a person’s pause, start and seek inside Vimeo’s frame are told once each; a stall is none', async () => {
	await open()
	await play()
	await expect.poll(positionS).toBeGreaterThan(1)
	await hand.touchInside()
	await inside().evaluate('hand.stall(1000)')
	expect(await become('stalled', 800)).toBe(true)
	await expect.poll(() => page.evaluate(() => window.lab.player?.state().type)).toBe('playing')
	expect(await intents()).toHaveLength(3)
})

test('[PL41] a Vimeo embed that is silent, talks nonsense or lies in its numbers', async () => {
	turn({ isSilent: true })
	expect(await open(MEDIA, 'failed')).toEqual({
		type: 'failed',
		failure: { type: 'no-answer', site: 'Vimeo' },
	})
	turn({ talksNonsense: true })
	expect(await open(MEDIA, 'failed')).toEqual({
		type: 'failed',
		failure: { type: 'nonsense', site: 'Vimeo', detail: 'vimeo says hello' },
	})
	turn({ isSpiteful: true })
	await open()
	expect(await play()).toBe('playing')
	await expect.poll(positionS).toBeGreaterThan(1)
	expect(await positionS()).toBeLessThan(10)
	expect(await intents()).toEqual([])
	// And what our own page or another says in its language is not heard.
	await page.evaluate(() => {
		const word = { event: 'ended', data: { seconds: 70, duration: 70 } }
		for (let i = 0; i < 10; i++) window.postMessage(word, '*')
	})
	await page.waitForTimeout(300)
	expect(await page.evaluate(() => window.lab.player?.state().type)).toBe('playing')
})
