/**
 * What a person sets for their own device holds in every page of their browser, whichever it is set in.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { expectNoErrors, meet, type Person } from '../support/person.ts'

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

const chip = ({ page }: Person, text: string) => page.getByRole('banner').getByText(text)

test('[JO51] an address hidden in the account’s settings is hidden at once in the room in another tab, and stays so', async () => {
	const { people } = await meet(browser, app.url, null, 2)
	const [alice, bob] = people as [Person, Person]
	for (const person of people) await expect(chip(person, 'Direct 1')).toBeVisible({ timeout: 30_000 })

	const settings = await bob.context.newPage()
	await settings.goto(`${app.url}/settings`)
	const box = settings.getByRole('switch', { name: 'Hide my address' })
	await expect(box).not.toBeChecked()
	await expect(settings.getByText('Others see only the server’s address. It may be slower.')).toBeVisible()
	await box.click()
	for (const person of people) await expect(chip(person, 'Relayed 1')).toBeVisible({ timeout: 30_000 })

	// In the room it is the same switch; turned there, the settings show it.
	await bob.page.getByRole('button', { name: 'Room menu' }).click()
	await bob.page.getByRole('menuitem', { name: 'In step' }).click()
	const inRoom = bob.page.getByRole('switch', { name: 'Hide my address' })
	await expect(inRoom).toBeChecked()
	await inRoom.click()
	await expect(box).not.toBeChecked()
	await inRoom.click()
	await expect(box).toBeChecked()
	await settings.reload()
	await expect(box).toBeChecked()
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[UX84] what is set in another tab holds in the room at once, and the other way round', async () => {
	const { people } = await meet(browser, app.url, null, 1)
	const [alice] = people as [Person]
	const settings = await alice.context.newPage()
	await settings.goto(`${app.url}/settings`)
	const inSettings = (name: string) => settings.getByRole('switch', { name })
	await inSettings('Show subtitles').click()
	await inSettings('Less movement').click()
	await settings.getByRole('slider', { name: 'Sync tolerance' }).fill('200')
	await settings.getByRole('radio', { name: 'Light' }).check({ force: true })

	await alice.page.getByRole('button', { name: 'Room menu' }).click()
	await alice.page.getByRole('menuitem', { name: 'Your settings' }).click()
	const inRoom = alice.page.getByRole('dialog', { name: 'Your settings' })
	await expect(inRoom.getByRole('switch', { name: 'Show subtitles' })).not.toBeChecked()
	await expect(inRoom.getByRole('switch', { name: 'Less movement' })).toBeChecked()
	await expect(inRoom.getByRole('slider', { name: 'Sync tolerance' })).toHaveValue('200')
	await expect(alice.page.locator('html')).toHaveAttribute('data-theme', 'light')
	await expect(alice.page.locator('html')).toHaveAttribute('data-motion', 'still')

	await inRoom.getByRole('switch', { name: 'Chat over the picture in full screen' }).click()
	await expect(inSettings('Chat over the picture in full screen')).not.toBeChecked()
	await inRoom.getByRole('slider', { name: 'Sync tolerance' }).fill('80')
	await expect(settings.getByRole('slider', { name: 'Sync tolerance' })).toHaveValue('80')
	await settings.reload()
	await expect(settings.getByRole('slider', { name: 'Sync tolerance' })).toHaveValue('80')
	await expect(inSettings('Chat over the picture in full screen')).not.toBeChecked()
	expectNoErrors(alice)
	await alice.close()
})
