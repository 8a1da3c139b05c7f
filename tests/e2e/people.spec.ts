/**
 * What people see of each other: who buffers and who is away, a role given with the keyboard alone, what everybody
 * did in both languages' list, and the figures beneath, copied without anything that opens the room.
 */
import { expect, test, type Page, type Route } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	openTab,
	rename,
	rowOf,
	SAMPLE,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

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

/** Presses `key` until what has the focus is called `name`. */
const pressUntil = async (page: Page, key: string, name: string | RegExp): Promise<void> => {
	for (let i = 0; i < 80; i++) {
		const focused = await page.evaluate(() => {
			const element = document.activeElement
			return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? ''
		})
		if (typeof name === 'string' ? focused === name : name.test(focused)) return
		await page.keyboard.press(key)
	}
	throw new Error(`The keyboard does not get to ${String(name)}.`)
}

const setAway = async ({ page }: Person, isAway: boolean): Promise<void> => {
	await page.evaluate((hidden) => {
		Object.defineProperty(document, 'visibilityState', {
			configurable: true,
			get: () => (hidden ? 'hidden' : 'visible'),
		})
		Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
		document.dispatchEvent(new Event('visibilitychange'))
	}, isAway)
}

test('[PS12] who buffers and who is away is seen, and a role is given with the keyboard alone', async () => {
	const ana = await arrive(browser)
	const link = await startRoom(ana, app.url, app.url + SAMPLE)
	await rename(ana, 'Ana')

	// Bo's film is held up on its way.
	const bo = await arrive(browser)
	const held: Route[] = []
	let isHeld = true
	await bo.context.route('**/film/**', async (route) => {
		if (isHeld) held.push(route)
		else await route.continue()
	})
	await joinRoom(bo, link)
	await waitForLinks(ana, 1)
	await rename(bo, 'Bo')
	await openTab(ana, 'People')
	await expect(rowOf(ana, 'Bo')).toContainText(/Buffering, \d+ %/)
	await expect(rowOf(ana, 'Bo')).toContainText(/Direct, \d+ ms/)
	isHeld = false
	for (const route of held) await route.continue()
	await waitForPlaying(bo)
	await expect(rowOf(ana, 'Bo')).toContainText('Playing')

	await setAway(bo, true)
	await expect(rowOf(ana, 'Bo')).toContainText('Away')
	await setAway(bo, false)
	await expect(rowOf(ana, 'Bo')).not.toContainText('Away')

	const { page } = ana
	await page.getByRole('tab', { name: 'People' }).focus()
	await pressUntil(page, 'Tab', 'Options for Bo')
	await page.keyboard.press('Enter')
	await expect(page.getByRole('menu')).toBeVisible()
	await pressUntil(page, 'ArrowDown', 'Make operator')
	await page.keyboard.press('Enter')
	await expect(rowOf(ana, 'Bo')).toContainText('Operator')
	await expect(page.getByRole('button', { name: 'Options for Bo' })).toBeFocused()
	await openTab(bo, 'People')
	await expect(rowOf(bo, 'Bo')).toContainText('You, operator, guest')
	await openTab(bo, 'Activity')
	await expect(bo.page.getByRole('log', { name: 'Activity' })).toContainText('Ana made you an operator')

	expectNoErrors(ana, bo)
	await ana.close()
	await bo.close()
})

test('[PS13] the figures plot both, say how they are linked, and are copied without a secret; at 390 px too', async () => {
	const ana = await arrive(browser)
	await ana.context.grantPermissions(['clipboard-read', 'clipboard-write'])
	const link = await startRoom(ana, app.url, app.url + SAMPLE)
	await rename(ana, 'Ana')
	const bo = await arrive(browser, { width: 390, height: 844 })
	await joinRoom(bo, link)
	await waitForLinks(ana, 1)
	await rename(bo, 'Bo')
	await waitForPlaying(ana)
	await waitForPlaying(bo)

	for (const person of [ana, bo]) {
		const { page } = person
		await openTab(person, 'People')
		await page.getByRole('button', { name: 'Stats for nerds' }).click()
		const stats = page.getByRole('region', { name: 'Stats for nerds' })
		await expect(stats.getByRole('img', { name: /^Everybody’s distance/ })).toBeVisible()
		await expect(stats.getByRole('list').first()).toContainText('Ana')
		await expect(stats.getByRole('list').first()).toContainText('Bo')
		const other = person === ana ? 'Bo' : 'Ana'
		await expect(
			stats.getByRole('table', { name: 'Who is linked with whom' }).getByRole('row', {
				name: new RegExp(`${other} Direct .* ms`),
			}),
		).toBeVisible()
		await stats.getByRole('radio', { name: 'Delay' }).check()
		await expect(stats.getByRole('img', { name: /^Everybody’s round trip/ })).toBeVisible()
		await stats.getByRole('button', { name: 'Pause the plot' }).click()
		await expect(stats.getByRole('button', { name: 'Let the plot go on' })).toBeVisible()
		const overflow = await page
			.getByRole('dialog', { name: 'In step' })
			.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)
		expect(overflow).toBeLessThanOrEqual(0)
	}

	const { page } = ana
	await page.getByRole('button', { name: 'Copy as JSON' }).click()
	await expect(page.getByText('Copied', { exact: true })).toBeVisible()
	const json = await page.evaluate(() => navigator.clipboard.readText())
	const copied = JSON.parse(json) as {
		room: { members: { name: string; trail: unknown[] }[]; links: { way: string }[] }
	}
	expect(copied.room.members.map(({ name }) => name)).toEqual(['Ana', 'Bo'])
	expect(copied.room.members[1]?.trail.length).toBeGreaterThan(0)
	expect(copied.room.links).toMatchObject([{ from: 0, to: 1, way: 'direct' }])
	const code = new URL(link).hash.slice(1)
	expect(code.replaceAll('-', '')).toHaveLength(20)
	expect(json).not.toContain(code)
	expect(json).not.toContain(code.replaceAll('-', ''))
	expect(json).not.toMatch(/https?:|\d+\.\d+\.\d+\.\d+|[A-Za-z0-9_-]{20,}/)

	expectNoErrors(ana, bo)
	await ana.close()
	await bo.close()
})
