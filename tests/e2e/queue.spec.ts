/**
 * The queue between two people: voted on, dragged, moved by keys, filled from lists, saved, cleared and taken back.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { expectNoErrors, joinRoom, meet, openTab, waitForLinks, type Person } from '../support/person.ts'

let app: AppServer
let browser: Browser
test.beforeEach(async () => {
	app = await startApp()
	browser = await launch('chromium')
})
test.afterEach(async () => {
	await browser.close()
	await app.close()
})

const film = (name: string): string => `https://media.example/${name}.mp4`
const items = ({ page }: Person) => page.getByRole('list', { name: 'Queue items' }).getByRole('listitem')
const titles = (person: Person): Promise<string[]> => items(person).locator('.t').allInnerTexts()
const row = (person: Person, title: string) => items(person).filter({ hasText: title })
const expectOrder = async (order: readonly string[], ...people: readonly Person[]): Promise<void> => {
	for (const person of people) await expect.poll(() => titles(person), { timeout: 20_000 }).toEqual(order)
}
/** As by Ctrl+V: a field of one line is given many. */
const paste = async ({ page }: Person, text: string): Promise<void> => {
	await page.getByRole('textbox', { name: 'Add a video link' }).evaluate((field, pasted) => {
		const clipboardData = new DataTransfer()
		clipboardData.setData('text/plain', pasted)
		field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
	}, text)
}
const option = async ({ page }: Person, name: string): Promise<void> => {
	await page.getByRole('button', { name: 'Queue options' }).click()
	await page.getByRole('menu').getByText(name, { exact: true }).click()
}
const addAll = async (person: Person, names: readonly string[]): Promise<void> => {
	await paste(person, names.map(film).join('\n'))
	await person.page.getByRole('button', { name: `Add ${String(names.length)} videos` }).click()
}

test('[QV15] many lines at once, votes, mouse and keys, clear and undo reach the other one', async () => {
	const { people } = await meet(browser, app.url, `${app.url}/film/saltmarsh.webm`, 2)
	const [alice, bob] = people as [Person, Person]
	await openTab(alice, 'Queue')
	await openTab(bob, 'Queue')

	await paste(
		alice,
		[film('one'), 'no link at all', film('two'), film('three'), 'https://example.org/a.pdf'].join('\n'),
	)
	const sheet = alice.page.getByRole('dialog', { name: 'Several links' })
	await expect(sheet.getByRole('status')).toHaveText('3 videos found, 2 lines are no video.')
	await expect(sheet.getByRole('list', { name: 'Lines that are no video' })).toContainText('Line 2')
	await sheet.getByRole('button', { name: 'Add 3 videos' }).click()
	await expect(sheet.getByRole('status')).toContainText('Added 3 videos. 2 lines are still here.')
	await expect(sheet.getByRole('textbox')).toHaveValue('no link at all\nhttps://example.org/a.pdf')
	await sheet.getByRole('button', { name: 'Close' }).click()
	await expect(alice.page.getByRole('button', { name: '2 lines not added' })).toBeVisible()
	await expectOrder(['one', 'two', 'three'], alice, bob)

	await row(bob, 'three').getByRole('button', { name: 'Vote' }).click()
	await expect(row(bob, 'three').getByRole('button', { name: 'Vote', pressed: true })).toBeVisible()
	await expect(row(alice, 'three').getByText('1 vote')).toBeAttached()
	await option(alice, 'Most votes next')
	await expectOrder(['three', 'one', 'two'], alice, bob)
	await bob.page.getByRole('button', { name: 'Queue options' }).click()
	await expect(bob.page.getByRole('menuitemcheckbox', { name: 'Most votes next' })).toHaveAttribute(
		'aria-disabled',
		'true',
	)
	await bob.page.keyboard.press('Escape')
	await option(alice, 'Most votes next')
	await expectOrder(['one', 'two', 'three'], alice, bob)

	const grip = row(bob, 'three').locator('.grip')
	const [from, to] = [await grip.boundingBox(), await row(bob, 'one').boundingBox()]
	if (from === null || to === null) throw new Error('the rows are not on the screen')
	await bob.page.mouse.move(from.x + 4, from.y + from.height / 2)
	await bob.page.mouse.down()
	await bob.page.mouse.move(from.x + 4, to.y + 20, { steps: 8 })
	await bob.page.mouse.move(from.x + 4, to.y + 4, { steps: 4 })
	await bob.page.mouse.up()
	await expectOrder(['three', 'one', 'two'], alice, bob)

	await row(alice, 'three').getByRole('button', { name: 'Vote' }).focus()
	await alice.page.keyboard.press('Alt+ArrowDown')
	await expect(alice.page.getByText('three moved to 2 of 3')).toBeAttached()
	await expectOrder(['one', 'three', 'two'], alice, bob)
	const playTwoNext = async () => {
		await row(bob, 'two').hover()
		await row(bob, 'two').getByRole('button', { name: 'Play next' }).click()
		await expectOrder(['two', 'one', 'three'], alice, bob)
	}
	await playTwoNext()
	const told = bob.page.getByRole('region', { name: 'What just happened' })
	await expect(told).toContainText('You moved')
	await told.getByRole('button', { name: 'Undo' }).click()
	await expectOrder(['one', 'three', 'two'], alice, bob)
	await playTwoNext()

	await option(alice, 'Clear')
	await expect(items(bob)).toHaveCount(0)
	await alice.page
		.getByRole('region', { name: 'What just happened' })
		.getByRole('button', { name: 'Undo' })
		.click()
	await expectOrder(['two', 'one', 'three'], alice, bob)
	expectNoErrors(alice, bob)
})

test('[QV15] a saved queue is opened again, what was played is added again, and twins are pointed out', async () => {
	const { people } = await meet(browser, app.url, `${app.url}/film/saltmarsh.webm`, 2)
	const [alice, bob] = people as [Person, Person]
	await openTab(alice, 'Queue')
	await openTab(bob, 'Queue')
	await addAll(alice, ['one', 'two'])
	await expectOrder(['one', 'two'], alice, bob)

	const [download] = await Promise.all([
		alice.page.waitForEvent('download'),
		option(alice, 'Save the queue as a file'),
	])
	expect(download.suggestedFilename()).toMatch(/^matinee-queue-.*\.json$/)
	const saved = await readFile(await download.path(), 'utf8')
	expect(saved).toContain('matinee-queue-1')

	await bob.page
		.locator('input[type=file][accept*=m3u]')
		.setInputFiles({ name: 'saved.json', mimeType: 'application/json', buffer: Buffer.from(saved) })
	const sheet = bob.page.getByRole('dialog', { name: 'From saved.json' })
	await expect(sheet.getByRole('status')).toHaveText('3 videos found.')
	await sheet.getByRole('checkbox', { name: /Leave out the 3/ }).check()
	await expect(sheet.getByRole('button', { name: 'Add 0 videos' })).toHaveAttribute('aria-disabled', 'true')
	await sheet.getByRole('checkbox', { name: /Leave out the 3/ }).uncheck()
	await sheet.getByRole('button', { name: 'Add 3 videos' }).click()
	await expect(items(alice)).toHaveCount(5)
	await expect(items(alice).getByText('Also further up')).toHaveCount(3)

	await bob.page.locator('input[type=file][accept*=m3u]').setInputFiles({
		name: 'list.m3u',
		mimeType: '',
		buffer: Buffer.from(`#EXTM3U\n#EXTINF:61,Harbour\n${film('h')}\n`),
	})
	await bob.page.getByRole('button', { name: 'Add 1 video' }).click()
	await expect(row(alice, 'Harbour').getByText('1:01')).toBeVisible()

	await alice.page.getByRole('button', { name: 'Next', exact: true }).click()
	const fold = alice.page.getByRole('button', { name: /^Earlier/ })
	await fold.click()
	const earlier = alice.page.getByRole('list', { name: 'Earlier' }).getByRole('listitem')
	await expect(earlier).toHaveCount(1)
	await earlier.getByRole('button', { name: 'Add again' }).click()
	await expect(items(bob).last()).toContainText('The Four-Ten to Saltmarsh')
	expectNoErrors(alice, bob)
})

test('[QV2] on a phone a held row is dragged by a finger; without holding it the list scrolls', async () => {
	const { people, link } = await meet(browser, app.url, `${app.url}/film/saltmarsh.webm`, 1)
	const [alice] = people as [Person]
	const context = await browser.newContext({
		viewport: { width: 390, height: 844 },
		hasTouch: true,
		isMobile: true,
		serviceWorkers: 'block',
	})
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
	const bob: Person = { page, context, errors, close: () => context.close() }
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await openTab(alice, 'Queue')
	await openTab(bob, 'Queue')
	await addAll(alice, ['one', 'two', 'three', 'four', 'five', 'six'])
	await expectOrder(['one', 'two', 'three', 'four', 'five', 'six'], bob)

	const finger = await context.newCDPSession(page)
	const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
		finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
	const middleOf = async (title: string): Promise<{ x: number; y: number }> => {
		const box = await row(bob, title).locator('.t').boundingBox()
		if (box === null) throw new Error(`${title} is not on the screen`)
		return { x: box.x + 20, y: box.y + box.height / 2 }
	}
	await row(bob, 'one').scrollIntoViewIfNeeded()
	const from = await middleOf('two')
	const to = await middleOf('one')
	await touch('touchStart', from.x, from.y)
	await expect(page.locator('.dragged')).toHaveCount(1)
	for (let step = 1; step <= 8; step++)
		await touch('touchMove', from.x, from.y + ((to.y - 20 - from.y) * step) / 8)
	await touch('touchEnd', 0, 0)
	await expectOrder(['two', 'one', 'three', 'four', 'five', 'six'], alice, bob)

	const start = await middleOf('one')
	await touch('touchStart', start.x, start.y)
	for (let step = 1; step <= 8; step++) await touch('touchMove', start.x, start.y - step * 15)
	await touch('touchEnd', 0, 0)
	await expectOrder(['two', 'one', 'three', 'four', 'five', 'six'], alice, bob)
	expectNoErrors(alice, bob)
	await bob.close()
})
