/**
 * A room of the extension and the web app: whoever starts it, the other comes by link, and both are in step.
 */
import { expect, test } from '@playwright/test'
import { arrive, openTab, seekTo, startRoom, waitForPlaying, type Person } from '../support/person.ts'
import { expectNear, expectPlaying, isPaused, joinFrom, positionS } from './support/site-page.ts'
import { meetFromPage, part, press, useStage } from './support/stage.ts'

const stage = useStage()

/** What Activity tells of everybody but this person. */
const deedsOfOthers = async (person: Person): Promise<string[]> => {
	await openTab(person, 'Activity')
	const rows = person.page.getByRole('log', { name: 'Activity' }).locator('.what')
	await expect(rows.first()).toBeVisible()
	const all = await rows.allInnerTexts()
	return all.filter((text) => !text.startsWith('You '))
}

test('[XT65] a room started from a page is joined from the web app by its link, and both are in step', async () => {
	const room = await meetFromPage(stage)
	await expectNear(room.page, room.bob)
	await press(room.bob, 'Pause')
	await expect.poll(() => isPaused(room.page)).toBe(true)
	await expectNear(room.page, room.bob, 60)
	await press(room.bob, 'Play')
	await expectPlaying(room.page)
	await expectNear(room.page, room.bob)
	await part(stage, room)
})

test('[XT65] a room of the web app is joined from a page by its link, and the page’s film goes where the room is', async () => {
	const { ext, app, browser, film } = stage
	const bob = await arrive(browser)
	const link = await startRoom(bob, app.url, `${film.origin}/film.webm`)
	await waitForPlaying(bob)
	const page = await ext.open(film.watch())
	const popup = await ext.popup(page)
	expect(await joinFrom(popup, app.url, link)).toBe(link)
	await expectPlaying(page)
	await expectNear(page, bob)
	await part(stage, { page, popup, bob })
})

test('[XT66] a click on the site’s own controls is the room’s, and what the room does on the page is nobody’s act', async () => {
	const room = await meetFromPage(stage)
	const { page, bob } = room
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await expect.poll(() => isPaused(bob)).toBe(true)
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await waitForPlaying(bob)
	await expectNear(page, bob)
	const beforeS = await positionS(bob)
	await page.getByRole('button', { name: 'Ten seconds on' }).click()
	await expect.poll(() => positionS(bob)).toBeGreaterThan(beforeS + 9)
	await expectNear(page, bob)
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await expect.poll(() => isPaused(bob)).toBe(true)
	// Now the web app acts: the page obeys, and tells of none of it as a deed of its person's.
	const deeds = await deedsOfOthers(bob)
	expect(deeds.length).toBeGreaterThan(0)
	await press(bob, 'Play')
	await expectPlaying(page)
	await seekTo(bob, 0.6)
	await expect.poll(() => positionS(page)).toBeGreaterThan(60)
	await expectNear(page, bob)
	await press(bob, 'Pause')
	await expect.poll(() => isPaused(page)).toBe(true)
	await bob.page.waitForTimeout(1_000)
	expect(await deedsOfOthers(bob)).toEqual(deeds)
	await part(stage, room)
})
