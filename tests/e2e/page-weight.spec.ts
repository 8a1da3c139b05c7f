/**
 * What a browser has to fetch before a room is on the screen.
 */
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { arrive, expectNoErrors, joinRoom, startRoom } from '../support/person.ts'

const SCRIPT_LIMIT_BYTES = 130 * 1024

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

test('[JO13] a room’s page is at most 130 KB of script, gzipped, before a player is loaded', async () => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, null)
	const context = await browser.newContext({ serviceWorkers: 'block' })
	const page = await context.newPage()
	const scripts = new Map<string, number>()
	const weighing: Promise<void>[] = []
	page.on('response', (response) => {
		if (response.request().resourceType() !== 'script') return
		weighing.push(
			response
				.body()
				.then((body) => void scripts.set(new URL(response.url()).pathname, gzipSync(body).length)),
		)
	})
	const bob = { ...alice, page, context }
	await joinRoom(bob, link)
	await expect(page.getByText('Paste a link to start').first()).toBeVisible()
	await Promise.all(weighing)
	const total = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0)
	console.log(
		`script of a room's page: ${String(Math.round(total / 1024))} KB gzip in ${String(scripts.size)} files`,
	)
	expect(scripts.size).toBeGreaterThan(3)
	expect(total).toBeLessThanOrEqual(SCRIPT_LIMIT_BYTES)
	expectNoErrors(alice)
	await context.close()
	await alice.close()
})
