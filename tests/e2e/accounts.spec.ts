/**
 * Signing in by each kind, in a real browser: an account made here, the operator's list, an outside provider, the
 * door password, and a server without guests; and the same owner on a second device.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { freePort, startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { servePages } from '../support/pages.ts'
import { startProvider, type TestProvider } from '../support/oidc-provider.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	openSettings,
	openTab,
	rowOf,
	startRoom,
	waitForLinks,
	type Person,
} from '../support/person.ts'

let browser: Browser
test.beforeAll(async () => {
	browser = await launch('chromium')
})
test.afterAll(() => browser.close())

const serve = async (
	env: Record<string, string>,
	story: (app: AppServer) => Promise<void>,
): Promise<void> => {
	const app = await startApp(env)
	try {
		await story(app)
	} finally {
		await app.close()
	}
}

const fillIn = async ({ page }: Person, username: string, password: string): Promise<void> => {
	await page.getByRole('textbox', { name: 'Username' }).fill(username)
	await page.getByLabel('Password', { exact: true }).fill(password)
}
const signUp = async (person: Person, url: string, username: string, password: string): Promise<void> => {
	await person.page.goto(`${url}/login`)
	await person.page.getByRole('button', { name: 'Create account' }).click()
	await fillIn(person, username, password)
	await person.page.getByRole('button', { name: 'Create account' }).click()
	await expect(person.page.getByRole('button', { name: 'Start a room' })).toBeVisible()
}
const signIn = async (person: Person, url: string, username: string, password: string): Promise<void> => {
	await person.page.goto(`${url}/login`)
	await fillIn(person, username, password)
	await person.page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('[JO19] the owner, signed in on a second device, owns the room there too', () =>
	serve({}, async (app) => {
		const ana = await arrive(browser)
		await signUp(ana, app.url, 'ana', 'correct horse battery')
		const link = await startRoom(ana, app.url, null)

		const bo = await arrive(browser)
		await joinRoom(bo, link)
		await waitForLinks(bo, 1)
		// The server vouches for the name of somebody signed in; a guest is shown as one.
		await openTab(bo, 'People')
		await expect(rowOf(bo, 'ana')).toContainText('Signed in')
		await expect(rowOf(bo, 'ana')).toContainText('Owner')

		const second = await arrive(browser)
		await signIn(second, app.url, 'ana', 'correct horse battery')
		await expect(second.page.getByRole('button', { name: 'Start a room' })).toBeVisible()
		await joinRoom(second, link)
		await waitForLinks(second, 2)
		await openTab(second, 'People')
		await expect(second.page.getByText('You, owner')).toBeVisible()
		const settings = await openSettings(second)
		await settings.getByRole('radio', { name: /^Only operators can add/ }).check({ force: true })
		await second.page.keyboard.press('Escape')
		await expect(bo.page.getByRole('textbox', { name: 'Add a video link' })).not.toBeEditable()
		expectNoErrors(ana, bo, second)
		for (const person of [ana, bo, second]) await person.close()
	}))

test('[JO20] the wrong password is told at the form, and what was typed is kept', () =>
	serve({ AUTH_USERS: 'exp:exp01,lizi:lizi456' }, async (app) => {
		const lizi = await arrive(browser)
		await signIn(lizi, app.url, 'lizi', 'lizi457')
		await expect(lizi.page.getByRole('alert')).toContainText(/username|password/i)
		await expect(lizi.page.getByRole('textbox', { name: 'Username' })).toHaveValue('lizi')
		// Of the operator's list.
		await lizi.page.getByLabel('Password', { exact: true }).fill('lizi456')
		await lizi.page.getByRole('button', { name: 'Sign in', exact: true }).click()
		await expect(lizi.page.getByRole('button', { name: 'Start a room' })).toBeVisible()
		await expect(lizi.page.getByRole('link', { name: /lizi/ })).toBeVisible()
		// And out again.
		await lizi.page.goto(`${app.url}/settings`)
		await lizi.page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
		await expect(lizi.page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible()
		await lizi.page.goto(app.url)
		await expect(lizi.page.getByRole('link', { name: 'Sign in' })).toBeVisible()
		expectNoErrors(lizi)
		await lizi.close()
	}))

test('[JO20] an outside provider signs people in, and brings them back to the room they came from', async () => {
	const port = await freePort()
	const provider: TestProvider = await startProvider({
		redirectUris: [`http://localhost:${String(port)}/api/auth/oidc/work/callback`],
		claims: (login) => ({ name: `${login} of Work` }),
	})
	try {
		await serve(
			{ PORT: String(port), OIDC_ISSUERS: JSON.stringify([provider.issuerEntry('work', 'Work')]) },
			async (app) => {
				const ana = await arrive(browser)
				const link = await startRoom(ana, app.url, null)
				const bo = await arrive(browser)
				await joinRoom(bo, link)
				await waitForLinks(bo, 1)
				const code = new URL(link).hash
				await bo.page.goto(`${app.url}/login#back=${encodeURIComponent(`/r${code}`)}`)
				await bo.page.getByRole('button', { name: 'Continue with Work' }).click()
				// The provider's own pages.
				await bo.page.locator('input[name="login"]').fill('bo')
				await bo.page.locator('input[name="password"]').fill('anything')
				await bo.page.locator('button[type="submit"]').click()
				await bo.page.locator('button[type="submit"]').click()
				await expect.poll(() => bo.page.url(), { timeout: 30_000 }).toBe(link)
				await waitForLinks(bo, 1)
				await openTab(ana, 'People')
				await expect(rowOf(ana, 'bo of Work')).toContainText('Signed in')
				expectNoErrors(ana, bo)
				await ana.close()
				await bo.close()
			},
		)
	} finally {
		await provider.close()
	}
})

test('[JO20] with a door password nothing opens before it, and a room’s link leads on once it is given', () =>
	serve({ AUTH_SHARED_PASSWORD: 'velvet rope' }, async (app) => {
		const ana = await arrive(browser)
		await ana.page.goto(`${app.url}/login`)
		await ana.page.getByLabel('Door password').fill('velvet rope')
		await ana.page.getByRole('button', { name: 'Open the door' }).click()
		await expect(ana.page.getByRole('button', { name: /without an account/ })).toBeVisible()
		const link = await startRoom(ana, app.url, null)

		const bo = await arrive(browser)
		await bo.page.goto(link)
		await bo.page.getByLabel('Door password').fill('velvet hope')
		await bo.page.getByRole('button', { name: /^Open/ }).click()
		await expect(bo.page.getByRole('alert')).toBeVisible()
		await bo.page.getByLabel('Door password').fill('velvet rope')
		await bo.page.getByRole('button', { name: /^Open/ }).click()
		await waitForLinks(bo, 1)
		expectNoErrors(ana, bo)
		await ana.close()
		await bo.close()
	}))

test('[JO20] without guests a room’s link leads to signing in, and back', () =>
	serve({ AUTH_GUESTS: 'off' }, async (app) => {
		const ana = await arrive(browser)
		await signUp(ana, app.url, 'ana', 'correct horse battery')
		const link = await startRoom(ana, app.url, null)
		const bo = await arrive(browser)
		await bo.page.goto(link)
		await bo.page.getByRole('link', { name: 'Sign in' }).click()
		await bo.page.getByRole('button', { name: 'Create account' }).click()
		await fillIn(bo, 'bo', 'another horse battery')
		await bo.page.getByRole('button', { name: 'Create account' }).click()
		await expect.poll(() => bo.page.url()).toBe(link)
		await waitForLinks(bo, 1)
		expectNoErrors(ana, bo)
		await ana.close()
		await bo.close()
	}))

test('[JO25] pages served from another origin sign in and meet in a room, without any cookie', async () => {
	const port = await freePort()
	const pages = await servePages(`http://localhost:${String(port)}`)
	try {
		await serve({ PORT: String(port), ALLOWED_ORIGINS: pages.url, MATINEE_CLIENT: 'none' }, async () => {
			const ana = await arrive(browser)
			await signUp(ana, pages.url, 'ana', 'correct horse battery')
			const link = await startRoom(ana, pages.url, null)
			expect(new URL(link).origin).toBe(pages.url)
			const bo = await arrive(browser)
			await joinRoom(bo, link)
			await waitForLinks(bo, 1)
			await openTab(bo, 'People')
			await expect(rowOf(bo, 'ana')).toContainText('Signed in')
			expect(await ana.context.cookies()).toEqual([])
			expectNoErrors(ana, bo)
			await ana.close()
			await bo.close()
		})
	} finally {
		await pages.close()
	}
})
