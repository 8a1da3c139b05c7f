/**
 * A film that only its own site plays, in the web app: with the extension (a script here says its words) and without.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	expectInStep,
	expectNoErrors,
	joinRoom,
	openTab,
	SAMPLE,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

const PAGE = 'https://films.example/night-bus.html'
const ONLY_THERE = 'This video plays on films.example only, with the Matinee extension.'

interface Heard {
	readonly wishes: { readonly note: unknown; readonly isInClick: boolean }[]
	asked: number
}
/** As the extension's script on the server's pages does it. */
const putExtension = async ({ page }: Person, protocol: number): Promise<void> => {
	await page.addInitScript(
		(said) => {
			const heard: Heard = { wishes: [], asked: 0 }
			Object.assign(window, { heard })
			document.addEventListener('matinee-app', () => {
				heard.asked++
				document.dispatchEvent(new CustomEvent('matinee-extension', { detail: said }))
			})
			document.addEventListener('matinee-watch-on-site', (event) => {
				const note: unknown = JSON.parse((event as CustomEvent<string>).detail)
				heard.wishes.push({ note, isInClick: navigator.userActivation.isActive })
			})
		},
		JSON.stringify({ version: '0.1.0', protocol }),
	)
}
const heardBy = ({ page }: Person): Promise<Heard> =>
	page.evaluate(() => (window as unknown as { heard: Heard }).heard)

let app: AppServer
let browser: Browser
test.beforeAll(async () => {
	app = await startApp({ MEDIA_METADATA: 'off' })
	browser = await launch('chromium')
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
})

const seekBar = ({ page }: Person) => page.getByRole('slider', { name: 'Seek' })
const watch = ({ page }: Person) => page.getByRole('button', { name: 'Watch it on the site' })

test('[XT47, XT48, XT49, XT50] a page plays on its site, offered to who has the extension; the room goes on for all', async () => {
	const alice = await arrive(browser)
	const bob = await arrive(browser)
	await putExtension(alice, 1)
	const link = await startRoom(alice, app.url, null)
	await joinRoom(bob, link)
	await waitForLinks(alice, 1)

	// Without the extension it is refused by name, as it always was.
	await addToQueue(bob, PAGE)
	await expect(bob.page.getByText('a web page on films.example').first()).toBeVisible()
	await alice.page.getByRole('textbox', { name: 'Add a video link' }).click()
	await expect.poll(async () => (await heardBy(alice)).asked).toBe(1)
	await addToQueue(alice, PAGE)

	for (const { page } of [alice, bob]) {
		await expect(page.getByRole('heading', { name: ONLY_THERE })).toBeVisible()
		await expect(page.getByRole('link', { name: 'Open films.example in a new tab' })).toHaveAttribute(
			'href',
			PAGE,
		)
	}
	await expect(watch(bob)).toHaveCount(0)
	expect(await heardBy(alice)).toMatchObject({ wishes: [] })
	await watch(alice).click()
	const code = link.slice(link.indexOf('#') + 1)
	await expect
		.poll(async () => (await heardBy(alice)).wishes)
		.toEqual([{ note: { code, url: PAGE, title: 'night bus' }, isInClick: true }])
	expect(alice.context.pages()).toHaveLength(1)

	// The room's clock and its controls go on without a player.
	await expect(bob.page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
	await bob.page.getByRole('button', { name: 'Pause', exact: true }).click()
	await expect(alice.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
	await openTab(alice, 'People')
	await expect(alice.page.getByText('Not on the site').first()).toBeVisible()

	// What comes next plays here as ever.
	await addToQueue(bob, app.url + SAMPLE)
	await expect(bob.page.getByText('Next: The Four-Ten to Saltmarsh')).toBeVisible()
	await bob.page.getByRole('button', { name: 'Skip' }).click()
	for (const person of [alice, bob]) await waitForPlaying(person)
	await expectInStep(alice, bob)
	await expect(watch(alice)).toHaveCount(0)
	await expect(seekBar(alice)).toBeVisible()
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})
