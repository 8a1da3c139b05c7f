/**
 * From the web app to the film's own site: the server's pages hear of the extension once the person has let it in there,
 * and nothing happens before a yes on the extension's own page.
 */
import { expect, test } from '@playwright/test'
import { waitForLinks, type Person } from '../support/person.ts'
import { expectPlaying, isPaused, startFrom } from './support/site-page.ts'
import { expectGood, press, useStage } from './support/stage.ts'

const stage = useStage({ allowed: ['http://127.0.0.1/*', 'http://localhost/*'] })

test('[XT78] from the web app a page is watched on its site, after a yes that names the host', async () => {
	const { ext, app, sites } = stage
	const address = sites.url('bili')
	const { host } = new URL(address)
	const first = await ext.open(address)
	const popup = await ext.popup(first)
	const link = await startFrom(popup, app.url)
	await expectPlaying(first)
	const options = await ext.ownPage('options.html')
	const server = options.getByRole('region', { name: 'Server' })
	await expect(server.getByText('The server answers.')).toBeVisible()
	await server.getByRole('switch', { name: 'Offer the site in rooms' }).check()
	await options.close()

	const page = await ext.open(link)
	const web: Person = { page, context: ext.context, errors: [], close: () => page.close() }
	await waitForLinks(web, 1)
	await expect(page.getByRole('heading', { name: `This video plays on ${host} only` })).toBeVisible()
	// The room's tab goes, and with it this browser's part in the room; the room goes on in the web app.
	await popup.close()
	await first.close()
	await waitForLinks(web, 0)

	const asking = ext.context.waitForEvent('page', (one) => one.url().startsWith(`${ext.origin}/open.html`))
	await page.getByRole('button', { name: 'Watch it on the site' }).first().click()
	const site = await asking
	await expect(site.getByRole('heading', { name: host })).toBeVisible()
	expect(site.url()).not.toContain(host)
	await site.getByRole('button', { name: `Watch on ${host}` }).click()
	await site.waitForURL(address, { timeout: 20_000 })
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
