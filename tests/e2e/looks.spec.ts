/**
 * What assistive technology and small screens get: axe over the real pages, and nothing wider than the screen.
 */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	expectNoErrors,
	openTab,
	say,
	startRoom,
	waitForPlaying,
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

const violations = async (page: Page): Promise<string[]> => {
	const result = await new AxeBuilder({ page }).analyze()
	return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const isTooWide = (page: Page): Promise<boolean> =>
	page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

const screens = [
	{ name: 'desktop', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
	{ name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const

for (const { name, viewport, colorScheme } of screens) {
	test(`[JO15] home and room on a ${name}, ${colorScheme}: no axe violation, nothing wider than the screen`, async () => {
		const alice = await arrive(browser, viewport)
		await alice.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
		await alice.page.goto(app.url)
		await expect(alice.page.getByRole('button', { name: 'Start a room' })).toBeEnabled()
		expect(await violations(alice.page)).toEqual([])
		expect(await isTooWide(alice.page)).toBe(false)

		await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
		await waitForPlaying(alice)
		await say(alice, 'Curtains shut, tea made.')
		await openTab(alice, 'Queue')
		await addToQueue(alice, 'https://media.example/harbour-lights.mp4')
		await expect(alice.page.getByRole('list', { name: 'Queue items' }).getByRole('listitem')).toHaveCount(1)
		for (const tab of ['Queue', 'People', 'Activity', 'Chat'] as const) {
			await openTab(alice, tab)
			expect(await violations(alice.page), tab).toEqual([])
			expect(await isTooWide(alice.page), tab).toBe(false)
		}
		await alice.page.getByRole('button', { name: 'Invite' }).click()
		await expect(alice.page.getByText('Whoever has it can enter')).toBeVisible()
		expect(await violations(alice.page), 'Invite').toEqual([])
		expectNoErrors(alice)
		await alice.close()
	})
}
