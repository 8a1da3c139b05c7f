/**
 * The main story: one starts a room with the sample film, the other opens the link; they watch in step, talk, and
 * steer from either side. Once with two Chromiums, once with Chromium and Firefox. With nothing spared: the sample film
 * itself, and browsers that keep the app.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch, type BrowserKind } from '../support/browsers.ts'
import { BUILT } from '../support/light-client.ts'
import {
	addToQueue,
	arrive,
	arriveKeeping,
	differenceMs,
	expectInStep,
	expectNoErrors,
	expectToRead,
	joinRoom,
	openTab,
	queueTitles,
	readMedia,
	say,
	seekTo,
	startRoom,
	waitForLinks,
	waitForPlaying,
} from '../support/person.ts'

let app: AppServer
test.beforeAll(async () => {
	app = await startApp({ MATINEE_CLIENT: BUILT })
})
test.afterAll(() => app.close())

const pairs: readonly (readonly [BrowserKind, BrowserKind])[] = [
	['chromium', 'chromium'],
	['chromium', 'firefox'],
]

for (const [first, second] of pairs) {
	test.describe(`${first} and ${second}`, () => {
		let browserA: Browser
		let browserB: Browser
		test.beforeAll(async () => {
			browserA = await launch(first)
			browserB = await launch(second)
		})
		test.afterAll(async () => {
			await browserA.close()
			await browserB.close()
		})

		test('[JO1] start, invite, watch in step, steer from either side', async () => {
			const alice = await arriveKeeping(browserA)
			const bob = await arriveKeeping(browserB)
			await alice.page.goto(app.url)
			await alice.page.getByText('Try it with our sample film').click()
			await alice.page.waitForURL(/\/r#/)
			await waitForPlaying(alice)

			await joinRoom(bob, alice.page.url())
			await waitForLinks(alice, 1)
			await waitForLinks(bob, 1)
			await waitForPlaying(bob)
			await expectInStep(alice, bob)

			// Pause from the one who came: both stand on the same frame.
			await bob.page.getByRole('button', { name: 'Pause', exact: true }).click()
			await expect.poll(async () => (await readMedia(alice)).isPaused).toBe(true)
			await expect.poll(async () => differenceMs(alice, bob)).toBeLessThan(40)

			await alice.page.getByRole('button', { name: 'Play', exact: true }).click()
			await waitForPlaying(bob)
			await waitForPlaying(alice)
			await expectInStep(alice, bob)

			// Seek from either side.
			await seekTo(bob, 0.5)
			await expect.poll(async () => (await readMedia(alice)).positionS).toBeGreaterThan(50)
			await expectInStep(alice, bob)
			await seekTo(alice, 0.1)
			await expect.poll(async () => (await readMedia(bob)).positionS).toBeLessThan(40)
			await expectInStep(alice, bob)

			// Speed is the room's.
			await chooseSpeed(alice, '1.5')
			await expect.poll(async () => Math.abs((await readMedia(bob)).rate - 1.5)).toBeLessThan(0.2)
			await expectInStep(alice, bob)

			expectNoErrors(alice, bob)
			await alice.close()
			await bob.close()
		})

		test('[JO2] queue and chat both ways, and a late joiner gets all of it', async () => {
			const alice = await arrive(browserA)
			const bob = await arrive(browserB)
			const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.mp4`)
			await joinRoom(bob, link)
			await waitForLinks(bob, 1)

			await say(alice, 'Curtains shut, tea made.')
			await expectToRead(bob, 'Curtains shut, tea made.')
			await say(bob, 'Ready when you are.')
			await expectToRead(alice, 'Ready when you are.')

			await addToQueue(bob, `${app.url}/film/saltmarsh.webm?second`)
			await addToQueue(alice, `${app.url}/film/saltmarsh.webm?third`)
			await expect.poll(async () => (await queueTitles(alice)).length).toBeGreaterThanOrEqual(2)
			await expect.poll(() => queueTitles(bob)).toHaveLength((await queueTitles(alice)).length)

			const item = bob.page.getByRole('list', { name: 'Queue items' }).getByRole('listitem').last()
			await item.hover()
			const before = (await queueTitles(bob)).length
			await item.getByRole('button', { name: 'Remove' }).click()
			await expect.poll(async () => (await queueTitles(alice)).length).toBe(before - 1)

			const charlie = await arrive(browserA)
			await joinRoom(charlie, link)
			await waitForLinks(charlie, 2)
			await expectToRead(charlie, 'Curtains shut, tea made.')
			await expectToRead(charlie, 'Ready when you are.')
			await expect.poll(async () => (await queueTitles(charlie)).length).toBe(before - 1)
			await waitForPlaying(charlie)
			await expectInStep(alice, charlie)

			await openTab(alice, 'People')
			await expect(
				alice.page.getByRole('list', { name: 'People' }).getByRole('button', { name: /^Options for/ }),
			).toHaveCount(3)
			// Leaving frees the slot.
			await charlie.close()
			await waitForLinks(alice, 1)
			await expect(
				alice.page.getByRole('list', { name: 'People' }).getByRole('button', { name: /^Options for/ }),
			).toHaveCount(2, {
				timeout: 25_000,
			})
			expectNoErrors(alice, bob, charlie)
			await alice.close()
			await bob.close()
		})
	})
}

const chooseSpeed = async (
	{ page }: { page: import('@playwright/test').Page },
	rate: string,
): Promise<void> => {
	const combobox = page.getByRole('combobox', { name: 'Playback speed' })
	if ((await combobox.count()) > 0) {
		await combobox.selectOption({ label: `${rate}×` })
		return
	}
	await page.getByRole('button', { name: 'Playback speed' }).click()
	await page.getByRole('menuitemradio', { name: `${rate}×` }).click()
}
