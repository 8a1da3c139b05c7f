/**
 * `npm run pictures`: the pictures of the documentation, taken from the real app with three people in a room.
 * Writes docs/img/*.jpg.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startApp } from '../tests/support/app.ts'
import { launch } from '../tests/support/browsers.ts'
import {
	addToQueue,
	arriveKeeping as arrive,
	joinRoom,
	openTab,
	rename,
	say,
	seekTo,
	waitForLinks,
	waitForPlaying,
} from '../tests/support/person.ts'

const DIR = join(import.meta.dirname, '..', 'docs', 'img')
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
/** Where the film has something to show. */
const AT = 0.46

const app = await startApp()
const browser = await launch('chromium')

const take = async (page: Page, name: string, isHidden = true): Promise<void> => {
	// The pointer rests where nothing lights up under it.
	if (isHidden) await page.mouse.move(2, 2)
	await page.waitForTimeout(700)
	await page.screenshot({ path: join(DIR, `${name}.jpg`), type: 'jpeg', quality: 82 })
	console.log(`docs/img/${name}.jpg`)
}

const comeIn = async (link: string, name: string, viewport = DESKTOP) => {
	const person = await arrive(browser, viewport)
	await joinRoom(person, link)
	await rename(person, name)
	await openTab(person, 'Chat')
	return person
}

try {
	await mkdir(DIR, { recursive: true })
	const ana = await arrive(browser, DESKTOP)
	await ana.page.emulateMedia({ colorScheme: 'light' })
	await ana.page.goto(app.url)
	await ana.page.getByRole('button', { name: 'Start a room' }).waitFor()
	await take(ana.page, 'home')

	await ana.page.emulateMedia({ colorScheme: 'dark' })
	await ana.page.getByRole('button', { name: 'Options' }).click()
	await ana.page.getByRole('textbox', { name: 'Room title' }).fill('Sunday matinee')
	await ana.page.getByRole('button', { name: 'Try it with our sample film' }).click()
	await ana.page.waitForURL(/\/r#/)
	const link = ana.page.url()
	await rename(ana, 'Ana')
	const bo = await comeIn(link, 'Bo')
	const ines = await comeIn(link, 'Ines', PHONE)
	await ines.page.emulateMedia({ colorScheme: 'light' })
	for (const person of [ana, bo, ines]) await waitForLinks(person, 2)
	for (const person of [ana, bo, ines]) await waitForPlaying(person)
	await addToQueue(ana, 'https://www.youtube.com/watch?v=aqz-KE-bpKQ')
	await addToQueue(bo, 'https://media.example/harbour-lights.mp4')
	await addToQueue(bo, 'https://vimeo.com/76979871')
	await say(bo, 'Curtains shut, tea made.')
	await say(ines, 'Wait for me, the kettle…')
	await seekTo(ana, AT)
	await say(ana, 'There it is, at 0:50, the lamp in the window')
	await say(bo, 'I never saw that before')
	await openTab(ana, 'Chat')
	await openTab(ines, 'Chat')
	await ana.page.waitForTimeout(2_500)
	await take(ana.page, 'room')
	await take(ines.page, 'phone', false)
	await openTab(ana, 'Queue')
	await take(ana.page, 'queue')
	await openTab(ana, 'People')
	await take(ana.page, 'people')
	await ana.page.getByRole('button', { name: 'Invite' }).click()
	await take(ana.page, 'invite', false)
} finally {
	await browser.close()
	await app.close()
}
process.exit()
