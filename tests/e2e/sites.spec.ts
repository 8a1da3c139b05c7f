/**
 * Rooms that watch what other sites play, with the whole app against fakes of those sites on loopback.
 */
import { expect, test } from '@playwright/test'
import type { Browser, Frame } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	seekTo,
	startRoom,
	waitForLinks,
	type Person,
} from '../support/person.ts'
import { bilibiliSwitches, createFakeBilibili, SALTMARSH } from '../support/upstreams/bilibili.ts'
import { startUpstreams, type Upstreams } from '../support/upstreams/server.ts'
import { createFakeYouTube, youtubeSwitches } from '../support/upstreams/youtube.ts'

const youtube = youtubeSwitches()
const bilibili = bilibiliSwitches()
let app: AppServer
let sites: Upstreams
let browser: Browser
test.beforeAll(async () => {
	sites = await startUpstreams([createFakeYouTube(youtube), createFakeBilibili(bilibili)])
	app = await startApp()
	browser = await launch('chromium', { args: sites.chromiumArgs })
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
	await sites.close()
})
test.afterEach(() => {
	Object.assign(youtube, youtubeSwitches())
	Object.assign(bilibili, bilibiliSwitches())
})

const frameOf = async ({ page }: Person): Promise<Frame> => {
	const handle = await page.getByTestId('player').elementHandle()
	const frame = await handle?.contentFrame()
	if (!frame) throw new Error('no player from another site')
	return frame
}
/** What really plays in the frame, which our page cannot see. */
const readFrame = async (person: Person) =>
	(await frameOf(person)).evaluate(() => {
		const film = document.querySelector('video') as HTMLVideoElement
		return {
			positionS: film.currentTime,
			isPaused: film.paused,
			atMs: performance.timeOrigin + performance.now(),
		}
	})
const apartMs = async (a: Person, b: Person): Promise<number> => {
	const [first, second] = await Promise.all([readFrame(a), readFrame(b)])
	if (first.isPaused || second.isPaused) return Infinity
	return Math.abs((first.positionS - second.positionS) * 1000 - (first.atMs - second.atMs))
}

test('[JO30] a YouTube link plays in step for both, its own pause is for all, and nothing of ours covers it', async () => {
	const alice = await arrive(browser)
	const bob = await arrive(browser)
	await joinRoom(bob, await startRoom(alice, app.url, 'https://youtu.be/saltmarsh01?si=noise'))
	await waitForLinks(alice, 1)
	await expect.poll(() => apartMs(alice, bob), { timeout: 30_000 }).toBeLessThan(120)
	await seekTo(alice, 0.5)
	await expect.poll(async () => (await readFrame(bob)).positionS).toBeGreaterThan(50)
	await expect.poll(() => apartMs(alice, bob), { timeout: 30_000 }).toBeLessThan(120)
	// By the site's own controls. In the moment of a correction a pause is in doubt nobody's, and undone: once more then.
	await expect(async () => {
		await bob.page.waitForTimeout(2_500)
		await bob.page.getByTestId('player').click()
		await expect.poll(async () => (await readFrame(alice)).isPaused, { timeout: 3_000 }).toBe(true)
	}).toPass({ timeout: 40_000 })
	await expect(alice.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
	await alice.page.getByRole('button', { name: 'Play', exact: true }).click()
	await expect.poll(() => apartMs(alice, bob), { timeout: 30_000 }).toBeLessThan(120)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO31] a YouTube video that may not be embedded says so in words, with the way to it', async () => {
	youtube.error = 101
	const alice = await arrive(browser)
	await startRoom(alice, app.url, 'https://www.youtube.com/watch?v=saltmarsh02')
	await expect(
		alice.page.getByRole('heading', { name: 'This video plays only on its own site' }),
	).toBeVisible()
	await expect(alice.page.getByRole('link', { name: /Open/ })).toHaveAttribute(
		'href',
		/youtube\.com\/watch\?v=saltmarsh02/,
	)
	expectNoErrors(alice)
	await alice.close()
})

test(
	'[JO32] a Bilibili share text plays by reloads, says what cannot be done, and is put right by hand',
	{ tag: '@alone' },
	async () => {
		const alice = await arrive(browser)
		const bob = await arrive(browser)
		const shared = `【${SALTMARSH.title}-哔哩哔哩】 https://www.bilibili.com/video/${SALTMARSH.bvid}?p=1`
		const link = await startRoom(alice, app.url, shared)
		await joinRoom(bob, link)
		await waitForLinks(alice, 1)
		await expect.poll(() => apartMs(alice, bob), { timeout: 30_000 }).toBeLessThan(2_000)
		const note = bob.page.getByRole('complementary', { name: 'About this player' })
		await expect(note).toContainText('cannot be steered')
		const before = sites.log.length
		await note.getByRole('button', { name: '1 s behind' }).click()
		await expect
			.poll(() => sites.log.slice(before).filter((line) => line.includes('player.html')).length)
			.toBe(1)
		await expect.poll(() => apartMs(alice, bob), { timeout: 30_000 }).toBeLessThan(2_500)
		expectNoErrors(alice, bob)
		await alice.close()
		await bob.close()
	},
)
