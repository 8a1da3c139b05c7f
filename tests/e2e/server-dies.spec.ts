/**
 * The server is killed in mid-film: the room goes on without it, and lets people in again when it is back.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	arriveKeeping,
	expectInStep,
	expectNoErrors,
	expectToRead,
	joinRoom,
	linkCount,
	queueTitles,
	readMedia,
	say,
	seekTo,
	startRoom,
	waitForDirectLinks,
	waitForLinks,
	waitForPlaying,
	whenKept,
} from '../support/person.ts'

let app: AppServer
let browser: Browser
test.beforeEach(async () => {
	app = await startApp()
	browser = await launch('chromium')
})
test.afterEach(async () => {
	await browser.close()
	await app.close()
})

test(
	'[JO3] SIGKILL in mid-film: playback, queue and chat go on; a restart lets a third join within 5 s',
	{ tag: '@alone' },
	async () => {
		const alice = await arriveKeeping(browser)
		const bob = await arriveKeeping(browser)
		const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
		await joinRoom(bob, link)
		await waitForDirectLinks(bob, 1)
		await waitForPlaying(bob)
		// The whole film is in the browsers' buffers before its server goes.
		for (const person of [alice, bob]) {
			await expect
				.poll(() =>
					person.page.getByTestId('player').evaluate((element) => {
						const { buffered, duration } = element as HTMLMediaElement
						return buffered.length > 0 && buffered.end(buffered.length - 1) > duration - 1
					}),
				)
				.toBe(true)
		}

		for (const person of [alice, bob]) await whenKept(person)

		await app.kill()
		await expect(alice.page.getByRole('status', { name: 'Room status' })).toContainText(
			'The server is away',
			{
				timeout: 20_000,
			},
		)
		const before = await readMedia(bob)
		await say(alice, 'Still here?')
		await expectToRead(bob, 'Still here?')
		await say(bob, 'Still here.')
		await expectToRead(alice, 'Still here.')
		const queueBefore = (await queueTitles(bob)).length
		await addToQueue(alice, 'https://media.example/next.mp4')
		await expect.poll(async () => (await queueTitles(bob)).length).toBe(queueBefore + 1)
		await seekTo(alice, 0.3)
		await expect.poll(async () => (await readMedia(bob)).positionS).toBeGreaterThan(30)
		await expectInStep(alice, bob)
		expect((await readMedia(bob)).positionS).not.toBe(before.positionS)
		await waitForLinks(alice, 1)

		await app.restart()
		const restartedAtMs = Date.now()
		const charlie = await arrive(browser)
		await joinRoom(charlie, link)
		await expect.poll(() => linkCount(charlie), { timeout: 20_000 }).toBeGreaterThan(0)
		await expectToRead(charlie, 'Still here.')
		console.log(`a third had the room ${String(Date.now() - restartedAtMs)} ms after the restart`)
		expect(Date.now() - restartedAtMs).toBeLessThan(5_000)
		await waitForLinks(charlie, 2)
		await expectInStep(alice, charlie)
		expectNoErrors(alice, bob, charlie)
	},
)
