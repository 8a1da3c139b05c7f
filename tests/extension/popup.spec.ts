/**
 * What cannot be done, said by the popup in a sentence each, and what was typed is still there.
 */
import { expect, test, type Page } from '@playwright/test'
import { freePort } from '../support/app.ts'
import { expectPlaying, isPaused, leaveFrom, startFrom } from './support/site-page.ts'
import { useStage } from './support/stage.ts'

const stage = useStage()

const code = (popup: Page) => popup.getByRole('textbox', { name: 'Room code or link' })
const join = async (popup: Page, text: string): Promise<void> => {
	await code(popup).fill(text)
	await popup.getByRole('button', { name: 'Join' }).click()
}

test('[XT74] a wrong code, an unknown room, a wrong address and a server that is away are each said in the popup', async () => {
	const page = await stage.ext.open(stage.film.watch())
	const popup = await stage.ext.popup(page)
	const server = popup.getByRole('textbox', { name: 'Server' })
	const alert = popup.getByRole('alert')
	await server.fill('ftp://files.example')
	await join(popup, '7777-7777-7777-7777-7777')
	await expect(alert).toContainText('That is no address of a server')
	await expect(code(popup)).toHaveValue('7777-7777-7777-7777-7777')
	await server.fill(stage.app.url)
	await join(popup, 'hello')
	await expect(alert).toContainText(/code/i)
	await join(popup, '7777-7777-7777-7777-7777')
	await expect(alert).toContainText('There is no room by this code')
	const away = `http://127.0.0.1:${String(await freePort())}`
	await server.fill(away)
	await popup.getByRole('button', { name: 'Start a room with this page' }).click()
	await expect(alert).toContainText('The server does not answer')
	await expect(alert).toContainText(new URL(away).host)
	// The same popup, set right, opens a room.
	await server.fill(stage.app.url)
	await startFrom(popup, stage.app.url)
	await expectPlaying(page)
	await leaveFrom(popup)
	await page.close()
})

test('[XT74] a page without a video, one whose video is in a frame of another site, and a protected one are told', async () => {
	const { ext, sites, app } = stage
	const page = await ext.open(sites.url('frame'))
	const popup = await ext.popup(page)
	await startFrom(popup, app.url)
	const host = new URL(sites.otherOrigin).host
	await expect(popup.getByText(`The page’s video is in a frame of ${host}`)).toBeVisible()
	await page.goto(sites.url('protected'))
	await popup.getByRole('button', { name: 'Play this page for everyone' }).click()
	await expect(popup.getByText('This video is copy-protected.')).toBeVisible()
	await expectPlaying(page)
	await popup.getByRole('button', { name: 'Pause for everyone' }).click()
	await expect.poll(() => isPaused(page)).toBe(true)
	await page.goto(sites.url('none'))
	await popup.getByRole('button', { name: 'Play this page for everyone' }).click()
	await expect(popup.getByText('There is no video on the page.')).toBeVisible()
	await leaveFrom(popup)
	await page.close()
})
