/**
 * Bilibili in a real Chromium against its fake: what can be had of a player that hears nothing, and what an extension's
 * script in its frame changes.
 */
import { expect, test, type Page } from '@playwright/test'
import type { MediaRef } from '#lib/core/media.ts'
import { bilibiliSwitches, createFakeBilibili, SALTMARSH } from '../support/upstreams/bilibili.ts'
import { startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'

const switches = bilibiliSwitches()
const MEDIA: MediaRef = { kind: 'bilibili', id: SALTMARSH.bvid, page: 1 }

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([createFakeBilibili(switches)])
})
test.afterAll(() => lab.close())
test.afterEach(() => {
	Object.assign(switches, bilibiliSwitches())
})

/** A page that somebody has touched, as a room's page is once a name was typed. */
const touchedPage = async (): Promise<Page> => {
	const page = await lab.newPage()
	await page.mouse.click(5, 5)
	return page
}
interface Film {
	readonly positionS: number
	readonly isPaused: boolean
	readonly isMuted: boolean
	/** performance.timeOrigin + now() there. */
	readonly atMs: number
}
/** What really goes on in the frame, which the adapter cannot see. */
const film = async (page: Page): Promise<Film> => {
	const frame = page.frames().find((one) => one.url().startsWith('https://player.bilibili.com'))
	if (!frame) throw new Error('no frame')
	return await frame.evaluate(() => {
		const video = document.querySelector('video') as HTMLVideoElement
		return {
			positionS: video.currentTime,
			isPaused: video.paused,
			isMuted: video.muted,
			atMs: performance.timeOrigin + performance.now(),
		}
	})
}
const open = async (page: Page, media: MediaRef = MEDIA): Promise<void> => {
	await page.evaluate(async (ref) => {
		const player = await window.lab.open(ref)
		if (!(await window.lab.until(() => player.state().type === 'ready'))) throw new Error('never ready')
	}, media)
}

test('[PL110] Bilibili keeps the contract as far as its abilities go', async () => {
	const page = await touchedPage()
	const report = await page.evaluate((media) => window.lab.contract(media, 0.5), MEDIA)
	expect(report.failed).toEqual([])
	expect(report.skipped.length).toBeGreaterThan(3)
	await page.context().close()
})

test('[PL111] play, pause and seek are loads at whole seconds, and leave no trace in the history', async () => {
	const page = await touchedPage()
	await open(page)
	const before = await page.evaluate(() => history.length)
	await page.evaluate(async () => {
		const { player, until } = window.lab
		player?.seek(42.9)
		await player?.play()
		await until(() => player?.state().type === 'playing')
	})
	await expect.poll(async () => (await film(page)).positionS).toBeGreaterThan(42.5)
	expect((await film(page)).isPaused).toBe(false)
	await page.evaluate(async () => {
		const { player, until } = window.lab
		player?.pause()
		player?.seek(60)
		await until(() => player?.state().type === 'paused')
	})
	await expect.poll(async () => (await film(page)).positionS).toBe(60)
	expect((await film(page)).isPaused).toBe(true)
	const asked = lab.upstreams.log.filter((line) => line.includes('/player.html')).slice(-2)
	expect(asked[0]).toContain(`bvid=${SALTMARSH.bvid}&p=1&t=42&autoplay=1&danmaku=0&muted=0`)
	expect(asked[1]).toContain('&t=60&autoplay=0')
	expect(await page.evaluate(() => history.length)).toBe(before)
	await page.context().close()
})
