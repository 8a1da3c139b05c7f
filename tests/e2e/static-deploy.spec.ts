/**
 * The pages on a static host below a path, the server on another origin: a room plays across; and whatever keeps the
 * page from its server is said, with what to change.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { freePort, startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	expectToRead,
	joinRoom,
	openTab,
	rowOf,
	say,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'
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

const withServer = async (
	env: Record<string, string>,
	story: (app: AppServer) => Promise<void>,
): Promise<void> => {
	const app = await startApp({ MATINEE_CLIENT: 'none', ...env })
	try {
		await pages.setConfig(JSON.stringify({ server: app.url }))
		await story(app)
	} finally {
		await app.close()
	}
}
const front = (person: Person) => person.page.getByRole('button', { name: 'Start a room' })

test('[JO46] pages of a static host below a path and a server elsewhere: guest and account meet, and watch in step', () =>
	withServer({ ALLOWED_ORIGINS: pages.origin }, async (app) => {
		const ana = await arrive(browser)
		await ana.page.goto(pages.url)
		await ana.page.getByRole('link', { name: 'Sign in' }).click()
		await expect(ana.page).toHaveURL(`${pages.url}login`)
		await ana.page.getByRole('button', { name: 'Create account' }).click()
		await ana.page.getByRole('textbox', { name: 'Username' }).fill('ana')
		await ana.page.getByLabel('Password', { exact: true }).fill('correct horse battery')
		await ana.page.getByRole('button', { name: 'Create account' }).click()
		await expect(front(ana)).toBeVisible()
		await expect(ana.page).toHaveURL(pages.url)
		// The film lies beside the pages.
		await ana.page.getByRole('button', { name: /sample film/ }).click()
		await ana.page.waitForURL(/\/r#/)
		const link = ana.page.url()
		expect(link.startsWith(`${pages.url}r#`)).toBe(true)
		await waitForPlaying(ana)

		const bo = await arrive(browser)
		await joinRoom(bo, link)
		await waitForLinks(bo, 1)
		await waitForPlaying(bo)
		await expectInStep(ana, bo)
		await openTab(bo, 'People')
		await expect(rowOf(bo, 'ana')).toContainText('Signed in')
		await say(bo, 'Same second, other origin')
		await expectToRead(ana, 'Same second, other origin')
		expect(await ana.context.cookies()).toEqual([])

		// The host knows the page again after a reload, and by the address with a slash behind it.
		await bo.page.reload()
		await waitForLinks(bo, 1)
		await bo.page
			.getByRole('link', { name: /front page|Matinee/ })
			.first()
			.click()
		await expect(bo.page).toHaveURL(pages.url)
		await expect(front(bo)).toBeVisible()
		const { sockets } = (await (await fetch(`${app.url}/healthz`)).json()) as { sockets: number }
		expect(sockets).toBeGreaterThan(0)
		expectNoErrors(ana, bo)
		await ana.close()
		await bo.close()
	}))

test('[JO47] a server that does not know the page’s origin: the page names the setting, the origin and the server', () =>
	withServer({ ALLOWED_ORIGINS: 'https://other.example' }, async (app) => {
		const words = `The server at ${app.url} answers, but not to pages of ${pages.origin}.`
		const setting = `ALLOWED_ORIGINS=${pages.origin}`
		const ana = await arrive(browser)
		await ana.page.goto(pages.url)
		await front(ana).click()
		await expect(ana.page.getByRole('alert')).toContainText(words)
		await expect(ana.page.getByRole('alert')).toContainText(setting)
		await ana.page.goto(`${pages.url}login`)
		await expect(ana.page.getByText(words)).toContainText(setting)
		await ana.page.goto(`${pages.url}r#K7QX-3M9R-T2VH-8WPC-5NDA`)
		await expect(ana.page.getByRole('heading', { name: 'The server does not take this page' })).toBeVisible()
		await expect(ana.page.getByText(words)).toContainText(setting)
		expectNoErrors(ana)
		await ana.close()
	}))

test('[JO47] a server that does not answer, no config.json, and one that is none: each is said', async () => {
	const nobody = `http://localhost:${String(await freePort())}`
	const ana = await arrive(browser)
	const tryToStart = async (config: string | null, words: string) => {
		await pages.setConfig(config)
		await ana.page.goto(pages.url)
		await front(ana).click()
		await expect(ana.page.getByRole('alert')).toContainText(words)
		// Joining by a code and the link itself say the same.
		await ana.page.goto(`${pages.url}r#K7QX-3M9R-T2VH-8WPC-5NDA`)
		await expect(ana.page.getByText(words)).toBeVisible()
	}
	await tryToStart(JSON.stringify({ server: nobody }), `The server of this page is ${nobody}`)
	await tryToStart(null, `There is no ${pages.url}config.json (status 404)`)
	await tryToStart('{"server":', `What lies at ${pages.url}config.json is no configuration`)
	await tryToStart('{"server":"api.example"}', 'names "api.example" as the server')
	expectNoErrors(ana)
	await ana.close()
})

test('[JO47] a server’s own page, opened by a name that is not PUBLIC_ORIGIN: the room says what to set', async () => {
	const app = await startApp({ PUBLIC_ORIGIN: 'https://watch.example' })
	try {
		const ana = await arrive(browser)
		await startRoom(ana, app.url, null)
		await expect(ana.page.getByText('It is at https://watch.example.')).toContainText(
			`ALLOWED_ORIGINS=${app.url}`,
		)
		expectNoErrors(ana)
		await ana.close()
	} finally {
		await app.close()
	}
})

test('[JO48] a page whose own files are not where it was built for says where they were looked for', async () => {
	const ana = await arrive(browser)
	await ana.page.goto(`${pages.url}some/where/else`)
	const told = ana.page.getByRole('alert')
	await expect(told).toContainText(`They were looked for below ${pages.origin}/_app/`)
	await expect(told).toContainText('BASE_PATH=/watch npm run build')
	await ana.close()
})
