/**
 * A room of the extension and the web app: whoever starts it, the other comes by link, and both are in step.
 */
import { expect, test, type Page } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	nameOf,
	openTab,
	seekTo,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'
import { startFilmSite, type FilmSite } from './support/film-site.ts'
import { expectNear, expectPlaying, joinFrom, leaveFrom, readOf, startFrom } from './support/site-page.ts'
import { launchWithExtension, type WithExtension } from './support/with-extension.ts'

let ext: WithExtension
let app: AppServer
let browser: Browser
let site: FilmSite
test.beforeAll(async () => {
	;[ext, browser, site] = await Promise.all([launchWithExtension(), launch('chromium'), startFilmSite()])
	app = await startApp({ ALLOWED_ORIGINS: ext.origin })
})
test.afterAll(async () => {
	await Promise.all([ext.close(), browser.close(), site.close()])
	await app.close()
})

const expectGood = (...people: readonly Person[]): void => {
	expectNoErrors(...people)
	expect(ext.errors).toEqual([])
}

/** The site's page with its popup, in a room that was started from there, and somebody at the web app in it. */
const meetFromPage = async (
	url = site.watch(),
): Promise<{ page: Page; popup: Page; link: string; bob: Person }> => {
	const page = await ext.open(url)
	const popup = await ext.popup(page)
	const link = await startFrom(popup, app.url)
	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await waitForPlaying(bob)
	await expectPlaying(page)
	return { page, popup, link, bob }
}
/** What Activity tells, from the first on. */
const deedsOf = async (person: Person): Promise<string[]> => {
	await openTab(person, 'Activity')
	return person.page.getByRole('log', { name: 'Activity' }).getByRole('listitem').allInnerTexts()
}
/** The web app's own control. */
const press = ({ page }: Person, name: 'Play' | 'Pause'): Promise<void> =>
	page.getByRole('button', { name, exact: true }).first().click()
const isPaused = async (watcher: Page | Person): Promise<boolean> => (await readOf(watcher)).isPaused
const positionS = async (watcher: Page | Person): Promise<number> => (await readOf(watcher)).positionS
const part = async ({ page, popup, bob }: { page: Page; popup: Page; bob: Person }): Promise<void> => {
	expectGood(bob)
	await leaveFrom(popup)
	await bob.close()
	await page.close()
}

test('[XT65] a room started from a page is joined from the web app by its link, and both are in step', async () => {
	const room = await meetFromPage()
	await expectNear(room.page, room.bob)
	await press(room.bob, 'Pause')
	await expect.poll(() => isPaused(room.page)).toBe(true)
	await expectNear(room.page, room.bob, 60)
	await press(room.bob, 'Play')
	await expectPlaying(room.page)
	await expectNear(room.page, room.bob)
	await part(room)
})

test('[XT65] a room of the web app is joined from a page by its link, and the page’s film goes where the room is', async () => {
	const bob = await arrive(browser)
	const link = await startRoom(bob, app.url, `${site.origin}/film.webm`)
	await waitForPlaying(bob)
	const page = await ext.open(site.watch())
	const popup = await ext.popup(page)
	expect(await joinFrom(popup, app.url, link)).toBe(link)
	await expectPlaying(page)
	await expectNear(page, bob)
	await part({ page, popup, bob })
})

test('[XT66] a click on the site’s own controls is the room’s, and what the room does on the page is nobody’s act', async () => {
	const room = await meetFromPage()
	const { page, bob } = room
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await expect.poll(() => isPaused(bob)).toBe(true)
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await waitForPlaying(bob)
	await expectNear(page, bob)
	const beforeS = await positionS(bob)
	await page.getByRole('button', { name: 'Ten seconds on' }).click()
	await expect.poll(() => positionS(bob)).toBeGreaterThan(beforeS + 9)
	await expectNear(page, bob)
	await page.getByRole('button', { name: 'Play or pause' }).click()
	await expect.poll(() => isPaused(bob)).toBe(true)
	// Now the web app acts: the page obeys, and tells of none of it as a deed of its person's.
	const deeds = await deedsOf(bob)
	await press(bob, 'Play')
	await expectPlaying(page)
	await seekTo(bob, 0.6)
	await expect.poll(() => positionS(page)).toBeGreaterThan(60)
	await expectNear(page, bob)
	await press(bob, 'Pause')
	await expect.poll(() => isPaused(page)).toBe(true)
	await bob.page.waitForTimeout(1_000)
	const added = (await deedsOf(bob)).slice(deeds.length)
	expect(added.length).toBeGreaterThan(0)
	const name = await nameOf(bob)
	expect(added.filter((text) => !text.includes(name))).toEqual([])
	await part(room)
})
