/**
 * From the web app to the film's own site: the server's pages hear of the extension once the person has let it in there,
 * and nothing happens before a yes on the extension's own page.
 */
import { expect, test } from '@playwright/test'
import { addToQueue, waitForLinks, type Person } from '../support/person.ts'
import { expectPlaying, isPaused } from './support/site-page.ts'
import { expectGood, press, useStage } from './support/stage.ts'

const stage = useStage({ allowed: ['http://127.0.0.1/*', 'http://localhost/*'] })

test('[XT78] a page is added in the web app and watched on its site, after a yes that names the host', async () => {
	const { ext, app, sites } = stage
	const options = await ext.ownPage('options.html')
	const server = options.getByRole('region', { name: 'Server' })
	await server.getByRole('textbox', { name: 'Address' }).fill(app.url)
	await server.getByRole('button', { name: 'Save' }).click()
	await expect(server.getByText('The server answers.')).toBeVisible()
	await server.getByRole('switch', { name: 'Offer the site in rooms' }).click()
	await expect(server.getByRole('switch', { name: 'Offer the site in rooms' })).toBeChecked()
	await options.close()

	const page = await ext.open(app.url)
	const web: Person = { page, context: ext.context, errors: [], close: () => page.close() }
	await page.getByRole('button', { name: 'Start a room' }).click()
	await page.waitForURL(/\/r#/)
	const address = sites.url('bili')
	const { host } = new URL(address)
	await addToQueue(web, address)
	await expect(page.getByRole('heading', { name: `This video plays on ${host} only` })).toBeVisible()

	const asking = ext.context.waitForEvent('page', (one) => one.url().startsWith(`${ext.origin}/open.html`))
	await page.getByRole('button', { name: 'Watch it on the site' }).first().click()
	const site = await asking
	await expect(site.getByRole('heading', { name: host })).toBeVisible()
	expect(site.url()).not.toContain(host)
	await site.getByRole('button', { name: `Watch on ${host}` }).click()
	await site.waitForURL(address)
	await expectPlaying(site)
	await waitForLinks(web, 1)
	await press(web, 'Pause')
	await expect.poll(() => isPaused(site)).toBe(true)
	await press(web, 'Play')
	await expectPlaying(site)
	expectGood(stage, web)
	await site.close()
	await page.close()
})
