/**
 * What a browser has to fetch before a room is on the screen.
 */
import { gzipSync } from 'node:zlib'
import { expect, test, type Page } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { whenKnown } from '../support/node-member.ts'
import {
	arriveKeeping,
	expectNoErrors,
	joinRoom,
	openTab,
	startRoom,
	waitForLinks,
	whenKept,
} from '../support/person.ts'

const ROOM_LIMIT_BYTES = 150 * 1024
/** With what direct and relayed links need. */
const JOINER_LIMIT_BYTES = 160 * 1024
/** Then comes what nobody misses in the first seconds: on a slow machine the page is not at rest before. */
const FIRST_MS = 7_900

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

/** Everything that the page has asked for as script by then, gzipped as an operator's proxy would. */
const weighScripts = async (page: Page) => {
	const scripts = new Map<string, number>()
	await page.addInitScript(() => {
		const watch = new MutationObserver(() => {
			if (document.querySelector('[data-room-state]') === null) return
			performance.mark('room')
			watch.disconnect()
		})
		watch.observe(document, { subtree: true, childList: true })
	})
	const weighing: Promise<void>[] = []
	page.on('response', (response) => {
		if (response.request().resourceType() !== 'script') return
		const weigh = async () => {
			const body = await response.body()
			scripts.set(new URL(response.url()).pathname, gzipSync(body).length)
		}
		weighing.push(weigh())
	})
	return async (whose: string): Promise<number> => {
		await page.waitForLoadState('networkidle')
		await Promise.all(weighing)
		const late = await page.evaluate((firstMs) => {
			const roomAt = performance.getEntriesByName('room')[0]?.startTime ?? Infinity
			const asked = performance.getEntriesByType('resource')
			return asked.filter((one) => one.startTime > roomAt + firstMs).map(({ name }) => new URL(name).pathname)
		}, FIRST_MS)
		for (const path of late) scripts.delete(path)
		expect(scripts.size).toBeGreaterThan(3)
		const total = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0)
		console.log(
			`script of the page ${whose}: ${(total / 1024).toFixed(1)} KB gzip in ${String(scripts.size)} files`,
		)
		return total
	}
}

/** Without the service worker, which fetches the whole of the app beside the page. */
const arriveBare = async () => {
	const context = await browser.newContext({ serviceWorkers: 'block' })
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
	return { page, context, errors, close: () => context.close() }
}

test('[JO13] the page of an empty room, with nobody else there, is at most 150 KB of gzipped script', async () => {
	const alice = await arriveBare()
	const link = await startRoom(alice, app.url, null)
	await whenKnown(link)
	// Another page of hers, so that what the front page fetched is neither there nor counted.
	const page = await alice.context.newPage()
	await alice.page.close()
	const again = { ...alice, page }
	const weigh = await weighScripts(page)
	await joinRoom(again, link)
	await expect(page.getByText('Paste a link to start').first()).toBeVisible()
	await expect(page.locator('[data-room-state="alone"]')).toBeVisible()
	expect(await weigh('of somebody alone')).toBeLessThanOrEqual(ROOM_LIMIT_BYTES)
	expectNoErrors(alice)
	await alice.close()
})

test('[JO13] the page of a joiner who meets somebody is at most 160 KB, links and all', async () => {
	const alice = await arriveKeeping(browser)
	const link = await startRoom(alice, app.url, null)
	const bob = await arriveBare()
	const weigh = await weighScripts(bob.page)
	await joinRoom(bob, link)
	await expect(bob.page.getByText('Paste a link to start').first()).toBeVisible()
	await waitForLinks(bob, 1)
	expect(await weigh('of a joiner')).toBeLessThanOrEqual(JOINER_LIMIT_BYTES)
	expectNoErrors(alice, bob)
	await bob.close()
	await alice.close()
})

test('[JO54] the page of a room shows its door before any script, and is sent packed', async () => {
	const context = await browser.newContext({ javaScriptEnabled: false })
	const page = await context.newPage()
	const answer = await page.goto(`${app.url}/r`)
	expect(await answer?.headerValue('content-encoding')).toMatch(/^(?:br|gzip)$/)
	await expect(page.getByRole('heading', { name: 'Opening the room' })).toBeVisible()
	await expect(page.getByRole('link', { name: 'Matinee, front page' })).toBeVisible()
	await context.close()
})

test('[UX32] what the first screen left out opens offline too, also for the first time', async () => {
	const alice = await arriveKeeping(browser)
	const { page, context } = alice
	await startRoom(alice, app.url, null)
	await whenKept(alice)
	await context.setOffline(true)
	await page.reload()
	await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
	await openTab(alice, 'Queue')
	await expect(page.getByRole('heading', { name: 'The queue is empty' })).toBeVisible()
	await openTab(alice, 'People')
	await expect(page.getByRole('textbox', { name: 'Your name' })).toBeVisible()
	await openTab(alice, 'Activity')
	await expect(page.getByRole('log', { name: 'Activity' })).toBeVisible()
	await page.getByRole('button', { name: 'Room menu' }).click()
	await page.getByRole('menuitem', { name: 'Keyboard' }).click()
	await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
	await page.keyboard.press('Escape')
	await page.getByRole('button', { name: 'Invite' }).click()
	await expect(page.getByRole('img', { name: 'QR code of the room link' })).toBeVisible()
	expectNoErrors(alice)
	await alice.close()
})
