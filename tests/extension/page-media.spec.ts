/**
 * A page whose film no address leads to: the room points at the page itself, and the web app steers what it cannot play.
 */
import { expect, test } from '@playwright/test'
import { arrive, joinRoom, openTab, waitForLinks } from '../support/person.ts'
import { expectPlaying, isPaused, positionS, startFrom } from './support/site-page.ts'
import { part, press, useStage } from './support/stage.ts'

const stage = useStage()

test('[XT47, XT53] a film without an address is its page to the room; the web app leads there, and steers it meanwhile', async () => {
	const { ext, app, browser, sites } = stage
	const page = await ext.open(sites.url('bili'))
	const popup = await ext.popup(page)
	const link = await startFrom(popup, app.url)
	await expectPlaying(page)
	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)

	const { host } = new URL(sites.origin)
	const only = `This video plays on ${host} only, with the Matinee extension.`
	await expect(bob.page.getByRole('heading', { name: only })).toBeVisible()
	await expect(bob.page.getByRole('link', { name: `Open ${host} in a new tab` })).toHaveAttribute(
		'href',
		sites.url('bili'),
	)
	await expect(bob.page.locator('video')).toHaveCount(0)
	await openTab(bob, 'People')
	await expect(bob.page.getByText('Not on the site')).toHaveCount(1)

	await press(bob, 'Pause')
	await expect.poll(() => isPaused(page)).toBe(true)
	await press(bob, 'Play')
	await expectPlaying(page)
	const beforeS = await positionS(page)
	await bob.page.getByRole('button', { name: 'Forward 10 seconds' }).click()
	await expect.poll(() => positionS(page)).toBeGreaterThan(beforeS + 9)
	await expectPlaying(page)
	// Who is not there holds nobody up.
	await page.waitForTimeout(3_000)
	expect(await isPaused(page)).toBe(false)
	await part(stage, { page, popup, bob })
})
