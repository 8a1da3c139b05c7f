/**
 * The machine's own address on its network: with https a room plays, without it every page says what is missing.
 */
import { get } from 'node:https'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { launch } from '../support/browsers.ts'
import { startLanApp, UNKNOWN_NAME } from '../support/lan-app.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	joinRoom,
	SAMPLE,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

let browser: Browser
test.beforeAll(async () => {
	browser = await launch('chromium', { args: [`--host-resolver-rules=MAP ${UNKNOWN_NAME} 127.0.0.1`] })
})
test.afterAll(() => browser.close())

/** Somebody who has gone on past the browser's warning. Behind such a certificate browsers take no service worker. */
const arriveTrusting = async (): Promise<Person> => {
	const context = await browser.newContext({ ignoreHTTPSErrors: true, serviceWorkers: 'block' })
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
	return { page, context, errors, close: () => context.close() }
}

/** The server's own count; it speaks nothing but TLS, so its sockets are secure. */
const socketsAt = (url: string): Promise<number> =>
	new Promise((resolve, reject) => {
		get(`${url.replace(UNKNOWN_NAME, 'localhost')}/healthz`, { rejectUnauthorized: false }, (response) => {
			let text = ''
			response.on('data', (chunk) => (text += String(chunk)))
			response.on('end', () => resolve((JSON.parse(text) as { sockets: number }).sockets))
		}).on('error', reject)
	})

test('[JO49] over https by the machine’s own address a room plays, its sockets secure', async () => {
	const app = await startLanApp(true)
	try {
		const ana = await arriveTrusting()
		const link = await startRoom(ana, app.url, `${app.url}${SAMPLE}`)
		await waitForPlaying(ana)
		const bo = await arriveTrusting()
		await joinRoom(bo, link)
		await waitForLinks(bo, 1)
		await waitForPlaying(bo)
		await expectInStep(ana, bo)
		expect(link.startsWith(`${app.url}/r#`)).toBe(true)
		expect(await bo.page.evaluate(() => isSecureContext)).toBe(true)
		expect(await socketsAt(app.url)).toBe(2)
		expectNoErrors(ana, bo)
		await ana.close()
		await bo.close()
	} finally {
		await app.close()
	}
})

test('[JO50] over plain http by that address every page says what is missing, and how to get it', async () => {
	const app = await startLanApp(false)
	try {
		const ana = await arrive(browser)
		const words = /over https, or on the computer it runs on as http:\/\/localhost.*npm start -- --lan/
		await ana.page.goto(app.url)
		await expect(ana.page.getByRole('alert')).toContainText(words)
		await ana.page.getByRole('button', { name: 'Start a room' }).click()
		await expect(ana.page.getByRole('alert')).toContainText(words)
		for (const [path, heading] of [
			['/r#K7QX-3M9R-T2VH-8WPC-5NDA', 'A room needs a secure connection'],
			['/login', 'Signing in needs a secure connection'],
			['/settings', 'Signing in needs a secure connection'],
		] as const) {
			await ana.page.goto(`${app.url}${path}`)
			await expect(ana.page.getByRole('heading', { name: heading })).toBeVisible()
			await expect(ana.page.getByText(words)).toBeVisible()
		}
		expectNoErrors(ana)
		await ana.close()
	} finally {
		await app.close()
	}
})
