/**
 * Twitch, Dailymotion, PeerTube and SoundCloud in a real Chromium against their fakes: the contract of all players,
 * and what each site can do to us.
 */
import { expect, test, type Page } from '@playwright/test'
import type { MediaRef } from '#lib/core/media.ts'
import { createFakeDailymotion, dailymotionSwitches } from '../support/upstreams/dailymotion.ts'
import { createFakePeerTube, peertubeSwitches } from '../support/upstreams/peertube.ts'
import { contractOver, startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeSoundCloud, soundcloudSwitches } from '../support/upstreams/soundcloud.ts'
import { createFakeTwitch, twitchSwitches } from '../support/upstreams/twitch.ts'

const twitch = twitchSwitches()
const dailymotion = dailymotionSwitches()
const peertube = peertubeSwitches()
const soundcloud = soundcloudSwitches()

// Each worker has its own sites and browser.
test.describe.configure({ mode: 'parallel' })

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([
		createFakeTwitch(twitch),
		createFakeDailymotion(dailymotion),
		createFakePeerTube(peertube),
		createFakeSoundCloud(soundcloud),
	])
})
test.afterAll(() => lab.close())
test.afterEach(() => {
	Object.assign(twitch, twitchSwitches())
	Object.assign(dailymotion, dailymotionSwitches())
	Object.assign(peertube, peertubeSwitches())
	Object.assign(soundcloud, soundcloudSwitches())
})

const RECORDING: MediaRef = { kind: 'twitch', video: '2398764730' }
const VIDEO: MediaRef = { kind: 'dailymotion', id: 'x84sh87' }
const TRACK: MediaRef = { kind: 'soundcloud', url: 'https://soundcloud.com/wading-birds/saltmarsh' }
const SALTMARSH: MediaRef = {
	kind: 'peertube',
	origin: 'https://peertube.example',
	id: '52a10666-3a18-4e73-93da-e8d3c12c305a',
}

test('[PL60] Twitch recordings keep the contract', async () => {
	const report = await contractOver(lab, RECORDING, 0.35)
	expect(report.failed).toEqual([])
})

test('[PL70] PeerTube keeps the contract, with the speeds that it lists', async () => {
	const report = await contractOver(lab, SALTMARSH, 0.25)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5')])
})

test('[PL80] SoundCloud keeps the contract, also a seek before the first play, which its widget ignores', async () => {
	const report = await contractOver(lab, TRACK, 0.35)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5'), expect.stringContaining('PL22')])
})

test('[PL85] Dailymotion keeps the contract where its frame talks', async () => {
	const report = await contractOver(lab, VIDEO, 0.35)
	expect(report.failed).toEqual([])
	expect(report.skipped).toEqual([expect.stringContaining('PL5'), expect.stringContaining('PL22')])
})

test('[PL86] where it does not, it is loaded at a place, and keeps what is left of the contract', async () => {
	dailymotion.isSilent = true
	dailymotion.startsByItself = true
	const reloading = await startLab([createFakeDailymotion(dailymotion)], { isOneProcess: true })
	try {
		const report = await contractOver(reloading, VIDEO, 0.35)
		expect(report.failed).toEqual([])
		expect(report.passed).toHaveLength(4)
	} finally {
		await reloading.close()
	}
})

/** Plays `media` in a new page, until it moves. */
const playing = async (media: MediaRef): Promise<Page> => {
	const page = await lab.newPage()
	const outcome = await page.evaluate(async (ref) => {
		const { lab } = window
		const player = await lab.open(ref)
		await lab.until(() => player.state().type === 'ready')
		const started = await player.play()
		await lab.until(() => player.state().type === 'playing')
		return started
	}, media)
	expect(outcome).toBe('playing')
	return page
}
const stateOf = (page: Page) => page.evaluate(() => window.lab.player?.state())

for (const [site, media] of [
	['Twitch', RECORDING],
	['PeerTube', SALTMARSH],
	['SoundCloud', TRACK],
	['Dailymotion', VIDEO],
] as const)
	test(`[PL61] a person’s pause inside ${site}’s frame is told once, and a start too`, async () => {
		const page = await playing(media)
		const intents = () =>
			page.evaluate(() =>
				window.lab.events.flatMap((event) => (event.type === 'user-intent' ? [event.intent] : [])),
			)
		const inside = page.frames().find((frame) => frame.parentFrame() !== null)
		// On a busy machine the film may stall just then, and in doubt a pause is nobody’s.
		for (let tries = 0; tries < 5 && (await intents()).length === 0; tries++) {
			await inside?.evaluate('film.play()')
			await page.waitForTimeout(2_000)
			await inside?.evaluate('film.pause()')
			await page.waitForTimeout(700)
		}
		expect(await intents()).toEqual(['pause'])
		await page.waitForTimeout(1_000)
		await inside?.evaluate('film.play()')
		await expect.poll(intents).toEqual(['pause', 'play'])
		await page.context().close()
	})

test('[PL71] a Twitch channel plays, cannot be placed, and says when it goes away', async () => {
	const page = await playing({ kind: 'twitch-live', channel: 'saltmarsh' })
	expect(
		await page.evaluate(() => [window.lab.player?.sample(), window.lab.player?.facts().timeline]),
	).toEqual([null, 'none'])
	const inside = page.frames().find((frame) => frame.parentFrame() !== null)
	await inside?.evaluate("event('offline')")
	await expect.poll(() => stateOf(page)).toEqual({ type: 'failed', failure: { type: 'live-ended' } })
	await page.context().close()
})

test('[PL87] an ad before a Dailymotion video is told as long as it runs', async () => {
	dailymotion.adMs = 1_500
	const page = await playing(VIDEO)
	const states = await page.evaluate(() =>
		window.lab.events.flatMap((event) => (event.type === 'state' ? [event.state.type] : [])),
	)
	expect(states.slice(states.indexOf('ad')).filter((type) => type !== 'stalled')).toEqual(['ad', 'playing'])
	await page.context().close()
})

test('[PL75] a hostile PeerTube host stays in its frame', async () => {
	peertube.isHostile = true
	const page = await playing(SALTMARSH)
	await page.waitForTimeout(1_000)
	expect(page.url()).toBe('https://matinee.test/')
	await page.context().close()
})

test('[PL79] a frame that Twitch lets nobody show here is no answer', async () => {
	twitch.refusesParent = true
	const page = await lab.newPage()
	await page.evaluate((media) => window.lab.open(media), RECORDING)
	await expect
		.poll(() => stateOf(page), { timeout: 30_000 })
		.toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Twitch' } })
	await page.context().close()
})
