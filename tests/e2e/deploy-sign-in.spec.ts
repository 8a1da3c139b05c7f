/**
 * An outside provider, the pages below a path of one origin, the server on another: who signs in comes back to the
 * page they were on, there.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { freePort, startApp } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { startProvider } from '../support/oidc-provider.ts'
import { arrive, expectNoErrors, openTab, rowOf, startRoom, type Person } from '../support/person.ts'
import { startStaticHost, type StaticHost } from '../support/static-host.ts'

let browser: Browser
let pages: StaticHost
test.beforeAll(async () => {
	browser = await launch('chromium')
	pages = await startStaticHost()
})
test.afterAll(async () => {
	await pages.close()
	await browser.close()
})

/** The provider's own pages: any password will do; the second asks for consent. */
const signInAtProvider = async ({ page }: Person, login: string): Promise<void> => {
	await page.locator('input[name="login"]').fill(login)
	await page.locator('input[name="password"]').fill('anything')
	await page.locator('button[type="submit"]').click()
	await page.locator('button[type="submit"]').click()
}

test('[JO52] a provider brings people back below the path, to the room they came from, to the front page, and after a refusal', async () => {
	const port = await freePort()
	const provider = await startProvider({
		redirectUris: [`http://localhost:${String(port)}/api/auth/oidc/work/callback`],
		claims: (login) => ({ name: `${login} of Work` }),
	})
	const app = await startApp({
		PORT: String(port),
		MATINEE_CLIENT: 'none',
		ALLOWED_ORIGINS: pages.origin,
		OIDC_ISSUERS: JSON.stringify([provider.issuerEntry('work', 'Work')]),
	})
	try {
		await pages.setConfig(JSON.stringify({ server: app.url }))
		const signInButton = ({ page }: Person) => page.getByRole('button', { name: 'Continue with Work' })

		// From a room, as its door sends people: `back` is where they stood.
		const bo = await arrive(browser)
		const link = await startRoom(bo, pages.url, null)
		const back = link.slice(pages.origin.length)
		expect(back.startsWith('/watch/r#')).toBe(true)
		await bo.page.goto(`${pages.url}login#back=${encodeURIComponent(back)}`)
		await signInButton(bo).click()
		await signInAtProvider(bo, 'bo')
		await expect(bo.page).toHaveURL(link, { timeout: 30_000 })
		await openTab(bo, 'People')
		await expect(rowOf(bo, 'bo of Work')).toContainText('Signed in')

		// From the front page, back to the front page; once signed in, the sign-in page leads to the settings.
		const ana = await arrive(browser)
		await ana.page.goto(pages.url)
		await ana.page.getByRole('link', { name: 'Sign in' }).click()
		await expect(ana.page).toHaveURL(`${pages.url}login`)
		await signInButton(ana).click()
		await signInAtProvider(ana, 'ana')
		await expect(ana.page).toHaveURL(pages.url, { timeout: 30_000 })
		await expect(ana.page.getByRole('link', { name: /ana of Work/ })).toBeVisible()

		// Turned down at the provider: the sign-in page below the path says so, and nothing of it is left in the address.
		const eve = await arrive(browser)
		await eve.page.goto(`${pages.url}login`)
		await signInButton(eve).click()
		await eve.page.getByRole('link', { name: 'Cancel' }).click()
		await expect(eve.page.getByRole('alert')).toBeVisible()
		await expect(eve.page).toHaveURL(`${pages.url}login`)
		await expect(signInButton(eve)).toBeVisible()
		expectNoErrors(bo, ana, eve)
		for (const person of [bo, ana, eve]) await person.close()
	} finally {
		await app.close()
		await provider.close()
	}
})
