/**
 * F9: the browser is killed at random moments just after somebody wrote, the page's process alone or all of it. The
 * room always opens again, and lacks nothing that the disk had said it has.
 */
import { expect, test } from '@playwright/test'
import type { BrowserContext, Page } from 'playwright-core'
import { createChromiumProfile, type ChromiumProfile } from '../faults/chromium-profile.ts'
import { seedOf, sizeOf } from '../faults/sizes.ts'
import { createVerdict } from '../faults/verdict.ts'
import { createSeededRandom } from '#lib/transport/seeded-random.ts'
import { startApp, type AppServer } from '../support/app.ts'

const CRASHES = sizeOf('FAULT_CRASHES', 20, 120)
/** Every so many the whole browser goes. */
const BROWSER_EVERY = 5
const SEED = seedOf('FAULT_SEED')
const AFTER_ACT_MAX_MS = 300

let app: AppServer
let profile: ChromiumProfile
test.beforeAll(async () => {
	app = await startApp()
	profile = await createChromiumProfile()
})
test.afterAll(async () => {
	await profile.close()
	await app.close()
})

/** What the disk said is stored: told by the page when a write is complete, and lost with the page if it is not told. */
const stored = new Set<string>()
const listenToTheDisk = async (context: BrowserContext): Promise<void> => {
	await context.exposeBinding('toldStored', (_source, texts: readonly string[]) => {
		for (const text of texts) stored.add(text)
	})
	await context.addInitScript(() => {
		const add = IDBObjectStore.prototype.add
		IDBObjectStore.prototype.add = function (value: unknown, ...rest) {
			if (this.name === 'updates' && value instanceof Uint8Array) {
				const texts = new TextDecoder().decode(value).match(/crash-\d+-\d+;/g) ?? []
				const told = (window as unknown as { toldStored: (texts: readonly string[]) => void }).toldStored
				if (texts.length > 0) this.transaction.addEventListener('complete', () => told(texts))
			}
			return add.call(this, value, ...rest)
		}
	})
}

const open = async (link: string): Promise<{ page: Page; isOpen: boolean }> => {
	const page = await profile.context().newPage()
	await page.goto(link)
	const isOpen = await expect(page.getByRole('button', { name: 'Invite' }))
		.toBeVisible({ timeout: 30_000 })
		.then(
			() => true,
			() => false,
		)
	return { page, isOpen }
}
const isDamaged = async (page: Page): Promise<boolean> =>
	((await page.getByRole('status', { name: 'Room status' }).textContent()) ?? '').includes('damaged')

test(`[FA9] killed ${String(CRASHES)} times just after something was written, the room opens and has all that was stored @alone`, async () => {
	test.setTimeout(3_600_000)
	const random = createSeededRandom(SEED)
	await listenToTheDisk(profile.context())
	let page = await profile.context().newPage()
	await page.goto(app.url)
	await page.getByRole('button', { name: 'Start a room' }).click()
	await page.waitForURL(/\/r#/)
	await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
	const link = page.url()

	let written = 0
	let unreadable = 0
	let damaged = 0
	let browsers = 0
	const lost = new Set<string>()
	const how: string[] = []
	for (let crash = 0; crash < CRASHES; crash++) {
		const isBrowser = crash % BROWSER_EVERY === BROWSER_EVERY - 1
		await page.getByRole('tab', { name: 'Chat', exact: true }).click()
		const kill = isBrowser ? () => profile.killBrowser() : await profile.aimAt(page)
		const message = page.getByRole('textbox', { name: 'Message' })
		const acts = 1 + random.integer(3)
		for (let act = 0; act < acts; act++) {
			await message.fill(`crash-${String(crash)}-${String(act)};`)
			await message.press('Enter')
			written++
		}
		await new Promise((resolve) => setTimeout(resolve, random.unit() * AFTER_ACT_MAX_MS))
		await kill()
		if (isBrowser) {
			browsers++
			await listenToTheDisk(await profile.start())
		}
		const promised = [...stored]
		const again = await open(link)
		page = again.page
		if (!again.isOpen) {
			unreadable++
			continue
		}
		if (await isDamaged(page)) damaged++
		await page.getByRole('tab', { name: 'Chat', exact: true }).click()
		const log = page.getByRole('log', { name: 'Chat messages' })
		const missing = async (): Promise<string[]> => {
			const said = new Set(((await log.textContent()) ?? '').match(/crash-\d+-\d+;/g))
			return promised.filter((text) => !said.has(text) && !lost.has(text))
		}
		// What has been missing for so long is not on the disk.
		for (let tries = 0; tries < 50 && (await missing()).length > 0; tries++) await page.waitForTimeout(100)
		for (const text of await missing()) {
			lost.add(text)
			how.push(`${text} by crash ${String(crash)} of the ${isBrowser ? 'browser' : 'page'}`)
		}
	}
	const verdict = createVerdict(`F9 browser killed after an act (seed ${String(SEED)})`)
	verdict.note('crashes', `${String(CRASHES)}, ${String(browsers)} of them the whole browser`)
	verdict.note('messages', written)
	verdict.note('told as stored', stored.size)
	verdict.is('unreadable rooms', unreadable, 0)
	verdict.is('stored but lost', lost.size, 0)
	verdict.is('said to be damaged', damaged, 0)
	// Or nothing was tried.
	verdict.atLeast('stored of what was written %', (100 * stored.size) / written, 20)
	expect(verdict.end(), how.join('\n')).toEqual([])
})
