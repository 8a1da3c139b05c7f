/**
 * Watching together beyond play and pause: everybody ready, somebody gone, nothing to be played, how well it keeps step.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	expectInStep,
	expectNoErrors,
	meet,
	openSettings,
	openTab,
	readMedia,
	SAMPLE,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

let app: AppServer
let browser: Browser
test.beforeAll(async () => {
	app = await startApp()
	browser = await launch('chromium')
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
})

const status = ({ page }: Person) => page.getByRole('status', { name: 'Room status' })
const pick = async ({ page }: Person, item: string): Promise<void> => {
	await page.getByRole('button', { name: 'Room menu' }).click()
	await page.getByRole('menuitem', { name: item }).click()
}
const two = async (film: string) => {
	const [alice, bob] = (await meet(browser, app.url, film, 2)).people as [Person, Person]
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	return { alice, bob }
}

test('[JO26] asked whether they are ready, both say so, count down and start together', async () => {
	const { alice, bob } = await two(app.url + SAMPLE)
	await pick(alice, 'Ask who is ready')
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	await expect(status(bob)).toContainText('asks who is ready')
	await expect(status(alice)).toContainText('to be ready')
	await bob.page.getByRole('button', { name: 'I am ready' }).click()
	await expect(status(alice)).toContainText(/All start together in [123]/)
	await expect(status(bob)).toContainText(/All start together in [123]/)
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	await expectInStep(alice, bob, 60)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO27] where the room is to, the film stops when somebody leaves, and says who', async () => {
	const { alice, bob } = await two(app.url + SAMPLE)
	const rules = await openSettings(alice)
	await rules.getByRole('switch', { name: 'Stop when somebody leaves' }).check()
	await alice.page.keyboard.press('Escape')
	await openTab(bob, 'Activity')
	await expect(bob.page.getByRole('log', { name: 'Activity' })).toContainText('stop when somebody leaves')
	await bob.close()
	await expect.poll(async () => (await readMedia(alice)).isPaused, { timeout: 30_000 }).toBe(true)
	await expect(status(alice)).toContainText(/Stopped because .+ left/)
	await alice.page.getByRole('button', { name: 'Go on' }).click()
	await waitForPlaying(alice)
	expectNoErrors(alice, bob)
	await alice.close()
})

test('[JO28] what nobody can play says why, is marked in the queue, and the room goes on by itself', async () => {
	const { alice, bob } = await two(app.url + SAMPLE)
	await addToQueue(alice, `${app.url}/film/gone.mp4`)
	await addToQueue(alice, `${app.url}/film/saltmarsh.mp4`)
	await alice.page.getByRole('button', { name: 'Next', exact: true }).click()
	for (const one of [alice, bob])
		await expect(one.page.getByText('There is no video at this address').first()).toBeVisible()
	await expect(status(bob)).toContainText(/Nobody here can play this\. The next one starts in \d+ s/)
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	await expectInStep(alice, bob)
	await openTab(bob, 'Queue')
	await bob.page.getByRole('button', { name: 'Earlier' }).click()
	await expect(bob.page.getByRole('list', { name: 'Earlier' })).toContainText(
		'There is no video at this address',
	)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO29] the panel plots the drift, copies it as JSON, and the delay of one’s own sound moves the film', async () => {
	const { alice, bob } = await two(app.url + SAMPLE)
	await expectInStep(alice, bob)
	await bob.context.grantPermissions(['clipboard-read', 'clipboard-write'])
	await pick(bob, 'In step')
	const panel = bob.page.getByRole('dialog', { name: 'In step' })
	await expect(panel.getByRole('img', { name: 'The last minute of keeping step' })).toBeVisible()
	await panel.getByRole('button', { name: 'Copy as JSON' }).click()
	const copied = JSON.parse(await bob.page.evaluate(() => navigator.clipboard.readText())) as {
		readings: unknown[]
		clock: { errorMs: number }
	}
	expect(copied.readings.length).toBeGreaterThan(20)
	expect(copied.clock.errorMs).toBeGreaterThan(0)
	const aheadMs = async (): Promise<number> => {
		const [a, b] = await Promise.all([readMedia(alice), readMedia(bob)])
		return (b.positionS - a.positionS) * 1000 - (b.atMs - a.atMs)
	}
	await panel.getByRole('slider', { name: /My sound comes/ }).fill('300')
	await expect.poll(aheadMs).toBeGreaterThan(240)
	await panel.getByRole('button', { name: 'None' }).click()
	await expectInStep(alice, bob)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})
