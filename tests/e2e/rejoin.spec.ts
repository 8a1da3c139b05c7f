/**
 * What is kept on a device comes back from disk at once, with or without the server, and merges.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	arriveKeeping,
	expectNoErrors,
	expectToRead,
	joinRoom,
	queueTitles,
	say,
	startRoom,
	waitForLinks,
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

test('[JO4] a reload brings the room back as it was, and the person is the same', async () => {
	const alice = await arrive(browser)
	await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await say(alice, 'Note to self.')
	await addToQueue(alice, `${app.url}/film/saltmarsh.mp4`)
	await expect.poll(async () => (await queueTitles(alice)).length).toBeGreaterThan(0)
	const titles = await queueTitles(alice)
	await alice.page.reload()
	await expectToRead(alice, 'Note to self.')
	expect(await queueTitles(alice)).toHaveLength(titles.length)
	expectNoErrors(alice)
})

test('[JO5] away and back: what happened meanwhile on both sides is merged', async () => {
	const alice = await arrive(browser)
	const bob = await arriveKeeping(browser)
	const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await say(bob, 'Back in a minute.')
	await expectToRead(alice, 'Back in a minute.')
	await whenKept(bob)
	await bob.page.goto('about:blank')
	await waitForLinks(alice, 0)
	await say(alice, 'While you were out.')

	// The server goes: bob opens the room from disk, and writes in it.
	await app.kill()
	await joinRoom(bob, link)
	await expectToRead(bob, 'Back in a minute.')
	await say(bob, 'Written without a network.')
	await expectToRead(bob, 'Written without a network.')
	await expect(bob.page.getByRole('status', { name: 'Room status' })).toContainText('server is away', {
		timeout: 20_000,
	})
	await expect(bob.page.locator('[data-room-state]')).toHaveAttribute('data-room-state', 'offline')

	await app.restart()
	await waitForLinks(bob, 1)
	await expectToRead(bob, 'While you were out.')
	await expectToRead(alice, 'Written without a network.')
	expectNoErrors(alice, bob)
})

test('[JO6] rooms visited are listed at home, open from there and can be forgotten', async () => {
	const alice = await arrive(browser)
	await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await say(alice, 'Remember me.')
	await expectToRead(alice, 'Remember me.')
	await alice.page.goto(app.url)
	const room = alice.page.getByRole('listitem').filter({ has: alice.page.locator('a[href*="/r#"]') })
	await expect(room).toHaveCount(1)
	await room.getByRole('link').click()
	await expectToRead(alice, 'Remember me.')
	expectNoErrors(alice)
})

test('[JO7] two tabs of one browser: one leads, both show the room, the other takes over', async () => {
	const alice = await arrive(browser)
	const bob = await arrive(browser)
	const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	const secondPage = await alice.context.newPage()
	const second = { ...alice, page: secondPage }
	await joinRoom(second, link)
	await say(second, 'From the second tab.')
	await expectToRead(alice, 'From the second tab.')

	await joinRoom(bob, link)
	// One link for the device, however many tabs it has open.
	await waitForLinks(bob, 1)
	await expectToRead(bob, 'From the second tab.')
	await say(bob, 'Hello, tabs.')
	await expectToRead(second, 'Hello, tabs.')

	await alice.page.close()
	await waitForLinks(bob, 1)
	await say(second, 'I lead now.')
	await expectToRead(bob, 'I lead now.')
	expectNoErrors(alice, bob)
})
