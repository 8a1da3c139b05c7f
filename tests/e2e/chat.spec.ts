/**
 * The chat between real browsers: reactions, answers, edits, what an operator removes, names that are meant, who is
 * writing, places in the film, muting on one device, what is unread, and the chat over the picture.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	expectNoErrors,
	expectToRead,
	meet,
	openTab,
	readMedia,
	rename,
	SAMPLE,
	say,
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

const gather = async (...names: string[]): Promise<Person[]> => {
	const { people } = await meet(browser, app.url, new URL(SAMPLE, app.url).href, names.length)
	for (const [i, person] of people.entries()) await rename(person, names[i] ?? '')
	for (const person of people) {
		await openTab(person, 'People')
		for (const name of names)
			await expect(person.page.getByRole('button', { name: `Options for ${name}` })).toBeVisible()
		await openTab(person, 'Chat')
	}
	return people
}
const logOf = ({ page }: Person) => page.getByRole('log', { name: 'Chat messages' })
const messageOf = (person: Person, text: string) =>
	logOf(person).locator('[data-message]').filter({ hasText: text }).last()
const pick = async (person: Person, text: string, item: string | RegExp): Promise<void> => {
	await messageOf(person, text).hover()
	await messageOf(person, text).getByRole('button', { name: 'Options for this message' }).click()
	await person.page.getByRole('menuitem', { name: item }).click()
}
const field = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' })

test('[CV1] a reaction, an answer, an edit and a removal reach the other browser', async () => {
	const [ana, bo] = (await gather('Ana', 'Bo')) as [Person, Person]
	await say(ana, 'That lamp again')
	await expectToRead(bo, 'That lamp again')

	// A reaction from the list, taken back by a press on it.
	await messageOf(bo, 'That lamp again').hover()
	await messageOf(bo, 'That lamp again').getByRole('button', { name: 'React' }).click()
	await bo.page.getByRole('searchbox', { name: 'Search emoji' }).fill('clap')
	await bo.page.keyboard.press('Enter')
	await expect(logOf(ana).getByRole('button', { name: 'Bo reacted with 👏' })).toBeVisible()
	await logOf(ana).getByRole('button', { name: 'Bo reacted with 👏' }).click()
	await expect(logOf(bo).getByRole('button', { name: 'You and Ana reacted with 👏' })).toContainText('2')

	// An answer, with the line that it answers.
	await pick(bo, 'That lamp again', 'Reply')
	await field(bo).fill('In full daylight')
	await field(bo).press('Enter')
	const quote = logOf(ana).getByRole('button', { name: 'Answers You: That lamp again' })
	await expect(quote).toBeVisible()
	await quote.click()
	await expect(messageOf(ana, 'That lamp again').first()).toBeVisible()

	// Up in an empty field edits what was said last.
	await field(bo).press('ArrowUp')
	await expect(field(bo)).toHaveValue('In full daylight')
	await field(bo).fill('In broad daylight')
	await field(bo).press('Enter')
	await expectToRead(ana, 'In broad daylight')
	await expect(messageOf(ana, 'In broad daylight')).toContainText('edited')

	// The room is Ana's: she removes what Bo said, and Bo cannot remove hers.
	await messageOf(bo, 'That lamp again').hover()
	await pick(ana, 'In broad daylight', 'Remove')
	await expect(logOf(bo)).not.toContainText('In broad daylight')
	await expect(logOf(bo)).toContainText('Ana removed a message of yours')
	expectNoErrors(ana, bo)
	for (const person of [ana, bo]) await person.close()
})

test('[CV7] whom a message names is told: a mark, a badge; who writes is seen', async () => {
	const [ana, bo] = (await gather('Ana', 'Bo')) as [Person, Person]
	// What shows who is writing comes with the first touch of the page, on both sides.
	await ana.page.mouse.click(5, 5)
	await bo.page.mouse.click(5, 5)
	await expect
		.poll(
			async () => {
				await field(bo).fill('')
				await field(bo).pressSequentially('Hm', { delay: 50 })
				return ana.page.getByText('Bo is writing').isVisible()
			},
			{ timeout: 30_000, intervals: [1_000, 3_200] },
		)
		.toBe(true)

	await openTab(ana, 'Queue')
	await field(bo).fill('')
	await field(bo).pressSequentially('Look @An')
	await expect(bo.page.getByRole('option', { name: 'Ana' })).toBeVisible()
	await field(bo).press('Enter')
	await expect(field(bo)).toHaveValue('Look @Ana ')
	await field(bo).press('Enter')
	const tab = ana.page.getByRole('tab', { name: 'Chat' })
	await expect(tab.locator('[data-for-me]')).toBeAttached()
	await expect(tab).toHaveAccessibleDescription('1 new, 1 for you')
	await openTab(ana, 'Chat')
	await expect(ana.page.getByText('New', { exact: true })).toBeVisible()
	await expect(messageOf(ana, 'Look @Ana')).toContainText('Mentions you')
	expectNoErrors(ana, bo)
	for (const person of [ana, bo]) await person.close()
})

test('[CV10] a time in a message seeks for all; a muted person is silent on this device alone', async () => {
	const [ana, bo] = (await gather('Ana', 'Bo')) as [Person, Person]
	await waitForPlaying(ana)
	await say(bo, 'The best part is at 0:30, trust me')
	await messageOf(ana, 'The best part').getByRole('button', { name: '0:30' }).click()
	await expect.poll(async () => (await readMedia(bo)).positionS, { timeout: 20_000 }).toBeGreaterThan(29)

	await pick(ana, 'The best part', 'Mute Bo for me')
	await expect(logOf(ana)).not.toContainText('The best part')
	await say(bo, 'Still here')
	await expectToRead(bo, 'Still here')
	await say(ana, 'Quiet now')
	await expectToRead(bo, 'Quiet now')
	await expect(logOf(ana)).not.toContainText('Still here')
	// Kept on the device, and undone from a list.
	await ana.page.reload()
	await expectToRead(ana, 'Quiet now')
	await expect(logOf(ana)).not.toContainText('Still here')
	await ana.page.getByRole('button', { name: 'Room menu' }).click()
	await ana.page.getByRole('menuitem', { name: 'Chat on this device' }).click()
	await ana.page.getByRole('button', { name: 'Unmute Bo' }).click()
	await ana.page.keyboard.press('Escape')
	await expectToRead(ana, 'Still here')
	// What was said before Ana came back is there along the film.
	await ana.page.getByRole('button', { name: 'Replay' }).click()
	await expect(ana.page.getByRole('log', { name: 'Chat along the film' })).toContainText('The best part')
	expectNoErrors(ana, bo)
	for (const person of [ana, bo]) await person.close()
})

test('[CV13] in full screen messages lie over the picture, and a reaction flies over everybody’s', async () => {
	const [ana, bo] = (await gather('Ana', 'Bo')) as [Person, Person]
	await waitForPlaying(ana)
	await ana.page.mouse.click(5, 5)
	await bo.page.mouse.click(5, 5)
	await ana.page.getByRole('button', { name: 'Full screen' }).click()
	await say(bo, 'Over the picture')
	const over = ana.page.locator('.over[aria-hidden="true"]')
	await expect(over).toContainText('Over the picture')
	expect(await over.evaluate((node) => getComputedStyle(node).pointerEvents)).toBe('none')
	await expect(over.getByText('Over the picture')).toBeHidden({ timeout: 20_000 })

	await bo.page.getByRole('button', { name: 'React over the picture' }).click()
	await expect
		.poll(
			async () => {
				await bo.page.getByRole('button', { name: /^Show everybody heart/ }).click()
				return ana.page.locator('.floats span').count()
			},
			{ timeout: 30_000 },
		)
		.toBeGreaterThan(0)
	expectNoErrors(ana, bo)
	for (const person of [ana, bo]) await person.close()
})
