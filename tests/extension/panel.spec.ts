/**
 * The panel on the page: the room beside the film, and over it in the site's full screen.
 */
import { expect, test, type Frame, type Page } from '@playwright/test'
import { arrive, expectToRead, joinRoom, queueTitles, say, waitForLinks } from '../support/person.ts'
import { expectNear, isPaused, startFrom } from './support/site-page.ts'
import { meetFromPage, part, useStage } from './support/stage.ts'

const stage = useStage()

/** One of the extension's frames on the page, once it is there. */
const frameOf = async (page: Page, name: 'panel' | 'overlay'): Promise<Frame> => {
	const find = () => page.frames().find((frame) => frame.url().startsWith(`${stage.ext.origin}/${name}.html`))
	await expect.poll(() => find() !== undefined, { message: `the frame of ${name}` }).toBe(true)
	const frame = find()
	if (frame === undefined) throw new Error(`no frame of ${name}`)
	return frame
}

test('[XT73] chat, queue and film of the room are at hand in the panel on the page, which can be hidden and comes back', async () => {
	const room = await meetFromPage(stage, stage.sites.url('film'))
	const { page, bob } = room
	const panel = await frameOf(page, 'panel')
	await expect(panel.getByRole('group', { name: 'The room on this page' })).toBeVisible()
	await panel.getByRole('button', { name: 'Pause for everyone' }).click()
	await expect.poll(() => isPaused(page)).toBe(true)
	await expect.poll(() => isPaused(bob)).toBe(true)
	await panel.getByRole('button', { name: 'Play for everyone' }).click()
	await expectNear(page, bob)

	await panel.getByRole('button', { name: 'Chat, queue and people' }).click()
	await panel.getByRole('tab', { name: 'Chat' }).click()
	await panel.getByRole('textbox', { name: 'Message' }).fill('Hello from the marsh')
	await panel.getByRole('button', { name: 'Send' }).click()
	await expectToRead(bob, 'Hello from the marsh')
	await say(bob, 'And hello back')
	await expect(panel.getByRole('log', { name: 'Chat messages' })).toContainText('And hello back')

	const before = (await queueTitles(bob)).length
	await panel.getByRole('tab', { name: 'Queue' }).click()
	await panel.getByRole('button', { name: 'Add this page to the queue' }).first().click()
	await expect.poll(async () => (await queueTitles(bob)).length).toBe(before + 1)

	await panel.getByRole('button', { name: 'Back to the bar' }).click()
	await panel.getByRole('button', { name: 'Hide the panel' }).click()
	await expect(panel.getByRole('group', { name: 'The room on this page' })).toBeHidden()
	await panel.getByRole('button', { name: /^Show the room/ }).click()
	await expect(panel.getByRole('group', { name: 'The room on this page' })).toBeVisible()
	await part(stage, room)
	expect(page.frames().length).toBe(1)
})

test('[XT73] in the site’s full screen the room’s chat lies over the film', async () => {
	const { ext, sites, app, browser } = stage
	const page = await ext.open(sites.url('tube'))
	const popup = await ext.popup(page)
	const link = await startFrom(popup, app.url)
	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await frameOf(page, 'panel')
	await page.locator('#movie_player').hover()
	await page.getByRole('button', { name: 'Full screen (f)' }).click()
	await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
	const overlay = await frameOf(page, 'overlay')
	await say(bob, 'What a light')
	await expect(overlay.getByText('What a light')).toBeVisible()
	await page.keyboard.press('Escape')
	await page.evaluate(() => document.exitFullscreen().catch(() => undefined))
	await part(stage, { page, popup, bob })
})
