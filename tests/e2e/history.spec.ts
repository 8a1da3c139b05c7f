/**
 * A room that keeps its history at the server is never empty for somebody who comes alone, and the server reads none
 * of it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	expectNoErrors,
	expectToRead,
	joinRoom,
	openSettings,
	openTab,
	queueTitles,
	readMedia,
	say,
	seekTo,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'
import { startStaticHost } from '../support/static-host.ts'

const CHAT = 'Canary in the chat: saffron lighthouse.'
const LAST = 'Canary of the last minute: velvet harbour.'
const TITLE = 'Canary matinee'

let app: AppServer
let browser: Browser
test.beforeEach(async () => {
	app = await startApp({ LOG_LEVEL: 'trace' })
	browser = await launch('chromium')
})
test.afterEach(async () => {
	await browser.close()
	await app.close()
})

interface Kept {
	readonly version: number
	readonly size: number
}
/** What the server's own file has, read beside it. */
const histories = (): Kept[] => {
	const db = new DatabaseSync(join(app.dataDir, 'matinee.sqlite'), { readOnly: true })
	const rows = db.prepare('SELECT version, size FROM histories').all() as unknown as Kept[]
	db.close()
	return rows
}
const turnHistory = async (person: Person, isOn: boolean, title?: string): Promise<void> => {
	const settings = await openSettings(person)
	if (title !== undefined) {
		const name = settings.getByRole('textbox', { name: 'Room name' })
		await name.fill(title)
		await name.press('Enter')
	}
	const button = settings.getByRole('switch', { name: 'Keep this room’s history on the server' })
	await button.click()
	await expect(button).toBeChecked({ checked: isOn })
	await settings.getByRole('button', { name: 'Close' }).click()
}

test('[JO36] everybody has gone, one device is no more: by the link alone the room is there, and the server knows nothing of it', async () => {
	const alice = await arrive(browser)
	const bob = await arrive(browser)
	const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await waitForPlaying(bob)
	await turnHistory(alice, true, TITLE)
	await alice.page.getByRole('button', { name: 'Pause', exact: true }).click()
	await seekTo(alice, 0.4)
	await addToQueue(alice, `${app.url}/film/saltmarsh.mp4`)
	await say(bob, CHAT)
	await expectToRead(alice, CHAT)
	await expect.poll(() => histories()[0]?.size ?? 0, { timeout: 30_000 }).toBeGreaterThan(0)
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	const { positionS } = await readMedia(bob)
	expect(positionS).toBeGreaterThan(10)
	// The panel is there before its list is drawn.
	await expect.poll(async () => (await queueTitles(bob)).length).toBe(1)

	await alice.page.goto('about:blank')
	await alice.close()
	await waitForLinks(bob, 0)
	// By now it is on bob to write.
	await bob.page.waitForTimeout(5_000)
	await say(bob, LAST)
	await expectToRead(bob, LAST)
	// Five seconds after it would be written; what a page that goes sends is ready after one.
	await bob.page.waitForTimeout(2_500)
	await bob.page.goto('about:blank')
	await bob.page.waitForTimeout(1_000)
	await bob.close()
	expectNoErrors(alice, bob)

	const charlie = await arrive(browser)
	await joinRoom(charlie, link)
	await expectToRead(charlie, CHAT)
	await expectToRead(charlie, LAST)
	await expect(charlie.page.locator('[data-room-state="alone"]')).toBeVisible()
	// The room is there before its queue is drawn.
	await expect.poll(async () => (await queueTitles(charlie)).length).toBe(1)
	await expect(charlie.page.getByText(TITLE).first()).toBeVisible()
	await expect.poll(async () => Math.abs((await readMedia(charlie)).positionS - positionS)).toBeLessThan(1)
	expect((await readMedia(charlie)).isPaused).toBe(true)
	expectNoErrors(charlie)

	const code = new URL(link).hash.slice(1)
	const canaries = ['saffron lighthouse', 'velvet harbour', TITLE, code, code.replaceAll('-', '')]
	const seen = [
		...readdirSync(app.dataDir).map((name) => [name, readFileSync(join(app.dataDir, name))] as const),
		['output', Buffer.from(app.output())] as const,
	]
	expect(seen.length).toBeGreaterThan(1)
	for (const [name, bytes] of seen)
		for (const canary of canaries)
			for (const encoding of ['utf8', 'utf16le'] as const)
				expect(bytes.includes(Buffer.from(canary, encoding)), `${canary} in ${name}`).toBe(false)
	await charlie.close()
})

test('[JO36] a film that ran when everybody left stands where it was, for who comes alone', async () => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await waitForPlaying(alice)
	await turnHistory(alice, true)
	await seekTo(alice, 0.5)
	await expect.poll(async () => (await readMedia(alice)).positionS).toBeGreaterThan(15)
	await expect.poll(() => histories()[0]?.size ?? 0, { timeout: 60_000 }).toBeGreaterThan(0)
	// A page that goes sends the place that was made ready for that, a second after the last write.
	await alice.page.waitForTimeout(2_000)
	const { positionS } = await readMedia(alice)
	await alice.page.goto('about:blank')
	await alice.close()
	expectNoErrors(alice)

	// Longer than a reload takes: then nobody has watched on.
	await new Promise((resolve) => setTimeout(resolve, 21_000))
	const charlie = await arrive(browser)
	await joinRoom(charlie, link)
	await expect.poll(async () => (await readMedia(charlie)).positionS, { timeout: 30_000 }).toBeGreaterThan(10)
	await expect.poll(async () => (await readMedia(charlie)).isPaused).toBe(true)
	const found = (await readMedia(charlie)).positionS
	// Not run on: at most to where it was left.
	expect(found).toBeLessThanOrEqual(positionS + 2)
	await charlie.page.waitForTimeout(2_000)
	expect((await readMedia(charlie)).positionS).toBeCloseTo(found, 1)
	expectNoErrors(charlie)
	await charlie.close()
})

test('[JO36] switched off, the server has nothing of the room at once, also for who comes then; on again, it has it again', async () => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, null)
	await say(alice, CHAT)
	await turnHistory(alice, true)
	await expect.poll(() => histories()[0]?.size ?? 0, { timeout: 30_000 }).toBeGreaterThan(0)
	await turnHistory(alice, false)
	await expect.poll(() => histories(), { timeout: 15_000 }).toEqual([])

	await alice.page.goto('about:blank')
	const charlie = await arrive(browser)
	await joinRoom(charlie, link)
	await expect(charlie.page.locator('[data-room-state="alone"]')).toBeVisible()
	// By then a kept one would have been asked for and read.
	await charlie.page.waitForTimeout(6_000)
	await openTab(charlie, 'Chat')
	await expect(charlie.page.getByText(CHAT)).toHaveCount(0)
	expect(histories()).toEqual([])
	expectNoErrors(charlie)
	await charlie.close()

	await joinRoom(alice, link)
	await expectToRead(alice, CHAT)
	await turnHistory(alice, true)
	await expect.poll(() => histories()[0]?.size ?? 0, { timeout: 45_000 }).toBeGreaterThan(0)
	expectNoErrors(alice)
	await alice.close()
})

test('[JO53] pages on another origin, two servers over one store: what one keeps, the other gives and drops', async () => {
	const pages = await startStaticHost()
	const shared = { MATINEE_CLIENT: 'none', ALLOWED_ORIGINS: pages.origin, MATINEE_DATA: app.dataDir }
	const servers = [await startApp(shared), await startApp(shared)] as const
	const use = (at: 0 | 1) => pages.setConfig(JSON.stringify({ server: servers[at].url }))
	try {
		await use(0)
		const alice = await arrive(browser)
		const link = await startRoom(alice, pages.url, null)
		await say(alice, CHAT)
		await turnHistory(alice, true)
		await expect.poll(() => histories()[0]?.size ?? 0, { timeout: 30_000 }).toBeGreaterThan(0)
		await alice.page.goto('about:blank')

		await use(1)
		const charlie = await arrive(browser)
		await joinRoom(charlie, link)
		await expectToRead(charlie, CHAT)
		await expect(charlie.page.locator('[data-room-state="alone"]')).toBeVisible()
		await charlie.page.goto('about:blank')

		await joinRoom(alice, link)
		await expectToRead(alice, CHAT)
		await turnHistory(alice, false)
		await expect.poll(() => histories(), { timeout: 15_000 }).toEqual([])
		expectNoErrors(alice, charlie)
		await alice.close()
		await charlie.close()
	} finally {
		for (const server of servers) await server.close()
		await pages.close()
	}
})
