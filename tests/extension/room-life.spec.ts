/**
 * How long a room of the extension lives: over reloads, addresses within a site, tabs, and the sleep of the background.
 */
import { expect, test, type Page } from '@playwright/test'
import { linkCount, waitForPlaying } from '../support/person.ts'
import { expectNear, expectPlaying, isPaused } from './support/site-page.ts'
import { meetFromPage, part, press, useStage } from './support/stage.ts'

const stage = useStage()

const start = (popup: Page) => popup.getByRole('button', { name: 'Start a room with this page' })
const leave = (popup: Page) => popup.getByRole('button', { name: 'Leave the room' })

test('[XT67] a reload and another page of the site keep the room, and the film goes on in step after it', async () => {
	const room = await meetFromPage(stage)
	const { page, popup, bob } = room
	await page.reload()
	await expectPlaying(page)
	await expectNear(page, bob)
	expect(await linkCount(bob)).toBe(1)
	// Elsewhere on the site nothing of the room's is on; back again it is.
	await page.getByRole('link', { name: 'Next' }).click()
	await page.waitForURL(/v=next/)
	await expectPlaying(page)
	await expectNear(page, bob)
	await page.goto(`${stage.film.origin}/none`)
	await expect(popup.getByText('The room watches something else')).toBeVisible()
	expect(await linkCount(bob)).toBe(1)
	await page.goBack()
	await expectPlaying(page)
	await expectNear(page, bob)
	await part(stage, room)
})

test('[XT68] a closed tab has left the room', async () => {
	const { page, popup, bob } = await meetFromPage(stage)
	await page.close()
	await expect(popup.getByText('The tab was closed, so you left the room')).toBeVisible()
	await expect.poll(() => linkCount(bob)).toBe(0)
	await popup.close()
	await bob.close()
})

test('[XT69] of two tabs one plays the room’s film, and the other takes over at a click', async () => {
	const room = await meetFromPage(stage)
	const { page, popup, bob } = room
	const second = await stage.ext.open(stage.film.watch('second'))
	const over = await stage.ext.popup(second)
	await expect(over.getByText('Plays in another tab')).toBeVisible()
	expect(await isPaused(second)).toBe(true)
	await over.getByRole('button', { name: 'Play it in this tab' }).click()
	await expectPlaying(second)
	await expectNear(second, bob)
	await expect(popup.getByText('Plays in another tab')).toBeVisible()
	// The first is nobody's but the person's from now on.
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await page.waitForTimeout(1_000)
	await waitForPlaying(bob)
	await press(bob, 'Pause')
	await expect.poll(() => isPaused(second)).toBe(true)
	await over.close()
	await part(stage, room)
	await second.close()
})

test('[XT70] the room outlives the background, which wakes when it is needed', async () => {
	const room = await meetFromPage(stage)
	const { page, popup, bob } = room
	await stage.ext.stopWorker()
	await press(bob, 'Pause')
	await expect.poll(() => isPaused(page)).toBe(true)
	await press(bob, 'Play')
	await expectPlaying(page)
	await expectNear(page, bob)
	expect(await linkCount(bob)).toBe(1)
	// Only the background puts the page's script in again, and only it hears of a closed tab.
	await stage.ext.stopWorker().catch(() => undefined) // it may not have woken
	await page.reload()
	await expectPlaying(page)
	await expectNear(page, bob)
	await expect(leave(popup)).toBeVisible()
	await leave(popup).click()
	await expect(start(popup)).toBeVisible()
	await expect.poll(() => linkCount(bob)).toBe(0)
	await popup.close()
	await page.close()
	await bob.close()
})
