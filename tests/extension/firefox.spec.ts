/**
 * The extension's build for Firefox in Firefox, in a room with the web app in Chromium.
 */
import { expect, test } from '@playwright/test'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	readMedia,
	waitForPlaying,
	type MediaReading,
} from '../support/person.ts'
import { startFilmSite, type FilmSite } from './support/film-site.ts'
import {
	FIREFOX_ORIGIN,
	launchFirefoxWithExtension,
	type FirefoxTab,
	type FirefoxWithExtension,
} from './support/firefox-with-extension.ts'
import { READ_VIDEO } from './support/site-page.ts'

let firefox: FirefoxWithExtension
let site: FilmSite
let app: AppServer
test.beforeAll(async () => {
	site = await startFilmSite()
	app = await startApp({ ALLOWED_ORIGINS: FIREFOX_ORIGIN })
	firefox = await launchFirefoxWithExtension()
})
test.afterAll(async () => {
	// Whichever of them came up.
	const all: readonly ({ close(): Promise<unknown> } | undefined)[] = [firefox, app, site]
	for (const one of all) await one?.close()
})

const button = (text: string): string =>
	`[...document.querySelectorAll('button')].find((one) => one.textContent.includes(${JSON.stringify(text)}))`
const click = async (popup: FirefoxTab, text: string): Promise<void> => {
	await expect.poll(() => popup.value(`${button(text)}?.disabled === false`)).toBe(true)
	await popup.value(`${button(text)}.click()`)
}

test('[XT77] in Firefox a room is started from a page, the web app joins it by its link, and both are in step', async () => {
	const page = await firefox.open(site.watch())
	const read = async (): Promise<MediaReading> => (await page.value(READ_VIDEO)) as MediaReading
	const popup = await firefox.open(`${FIREFOX_ORIGIN}/popup.html`)
	const tab = await popup.value(
		`browser.tabs.query({}).then((tabs) => tabs.find((one) => one.url === ${JSON.stringify(site.watch())})?.id)`,
	)
	await popup.goTo(`${FIREFOX_ORIGIN}/popup.html?tab=${String(tab)}`)
	await expect.poll(() => popup.value(`document.querySelector('#server') !== null`)).toBe(true)
	await popup.value(
		`(() => { const field = document.querySelector('#server'); field.value = ${JSON.stringify(app.url)}; field.dispatchEvent(new Event('input', { bubbles: true })) })()`,
	)
	await click(popup, 'Start a room with this page')
	const link = `document.body.innerText.match(/http\\S+\\/r#\\S+(?:\\s?-\\S+)*/)?.[0] ?? null`
	await expect.poll(() => popup.value(link), { timeout: 40_000 }).not.toBeNull()

	const browser = await launch('chromium')
	const bob = await arrive(browser)
	await joinRoom(bob, String(await popup.value(link)))
	await waitForPlaying(bob)
	const apartMs = async (): Promise<number> => {
		const [here, there] = await Promise.all([read(), readMedia(bob)])
		if (here.isPaused || there.isPaused) return Infinity
		return Math.abs((here.positionS - there.positionS) * 1000 - (here.atMs - there.atMs))
	}
	await expect.poll(apartMs, { timeout: 60_000 }).toBeLessThan(150)
	await click(popup, 'Pause for everyone')
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	await expect.poll(async () => (await read()).isPaused).toBe(true)
	await click(popup, 'Leave the room')
	await expect.poll(() => popup.value(`${button('Start a room with this page')} !== undefined`)).toBe(true)
	expectNoErrors(bob)
	await browser.close()
})
