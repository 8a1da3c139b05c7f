/**
 * The same film from everybody's own disk: one drops it on the room, the others are asked for their copy, and are told
 * when theirs is another.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectInStep,
	expectNoErrors,
	joinRoom,
	openTab,
	readMedia,
	SAMPLE,
	startRoom,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'
import { ROOT } from '../support/source-files.ts'

const FILM = join(ROOT, 'static/film/saltmarsh.webm')
const SOUND = join(ROOT, 'tests/support/upstreams/media-film/sound.ogg')
const PICTURE = join(ROOT, 'static/film/saltmarsh.jpg')

let app: AppServer
let browser: Browser
let folder: string
test.beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'matinee-same-'))
	app = await startApp()
	browser = await launch('chromium')
})
test.afterAll(async () => {
	await browser.close()
	await app.close()
	rmSync(folder, { recursive: true })
})

/** The dialog of Chromium's own kind cannot be answered by a test: the one of all browsers can. */
const withoutPicker = async (person: Person): Promise<Person> => {
	await person.context.addInitScript(() => {
		Reflect.deleteProperty(window, 'showOpenFilePicker')
	})
	return person
}
const come = async (viewport?: { width: number; height: number }) =>
	withoutPicker(await arrive(browser, viewport))

const pick = async ({ page }: Person, button: string | RegExp, path: string): Promise<void> => {
	const chooser = page.waitForEvent('filechooser')
	await page.getByRole('button', { name: button }).first().click()
	await (await chooser).setFiles(path)
}

/** Held over the middle of the room, and let go there. */
const drag = async ({ page }: Person, name: string, path: string) => {
	const bytes = readFileSync(path).toString('base64')
	const transfer = await page.evaluateHandle(
		([text, called]) => {
			const held = new DataTransfer()
			held.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], called))
			return held
		},
		[bytes, name] as const,
	)
	const over = page.locator('[data-room-state]')
	await over.dispatchEvent('dragenter', { dataTransfer: transfer })
	await over.dispatchEvent('dragover', { dataTransfer: transfer })
	return { drop: () => over.dispatchEvent('drop', { dataTransfer: transfer }) }
}

test('[LF24] a film is dropped on the room, one picks the same and keeps step, another differs and says so', async () => {
	const alice = await come()
	const link = await startRoom(alice, app.url, null)
	const held = await drag(alice, 'the-four-ten.webm', FILM)
	await expect(alice.page.getByText('Drop a film to watch it together')).toBeVisible()
	await held.drop()
	const dialog = alice.page.getByRole('dialog', { name: 'Watch a file together' })
	await expect(dialog.getByText('Checked: this browser plays it.')).toBeVisible()
	await dialog.getByRole('textbox', { name: 'Title' }).fill('The Four-Ten')
	await dialog.getByRole('button', { name: 'Add to queue' }).click()
	await expect(dialog).toBeHidden()
	await waitForPlaying(alice)
	await expect(alice.page.getByText('You play “the-four-ten.webm” from your disk.')).toBeVisible()

	const bob = await come()
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await expect(
		bob.page.getByRole('heading', { name: /plays this from disk: choose your copy/ }),
	).toBeVisible()
	await expect(bob.page.getByText(/^the-four-ten\.webm, 3 MB, 2:0\d$/)).toBeVisible()
	await openTab(alice, 'People')
	await expect(alice.page.getByText('Has no copy yet')).toBeVisible()

	await pick(bob, 'Choose your copy', SOUND)
	await expect(bob.page.getByRole('heading', { name: '“sound.ogg” is not the same file' })).toBeVisible()
	await expect(
		bob.page.getByText(/Your file is 3 MB smaller\. It is .* shorter: another cut\?/),
	).toBeVisible()
	await expect(bob.page.getByRole('button', { name: 'Use it anyway' })).toBeHidden()
	await pick(bob, 'Choose another file', PICTURE)
	await expect(bob.page.getByRole('heading', { name: 'This is no film' })).toBeVisible()
	await expect(bob.page.getByText(/is a picture \(JPEG\), whatever its name says/)).toBeVisible()
	const same = join(folder, 'mine.bin')
	copyFileSync(FILM, same)
	await pick(bob, 'Choose another file', same)
	await waitForPlaying(bob)
	await expectInStep(alice, bob)
	await expect(alice.page.getByText('Has no copy yet')).toBeHidden()

	// A third, on a phone, has another edition of the same length.
	const cy = await come({ width: 390, height: 844 })
	await joinRoom(cy, link)
	await waitForLinks(cy, 2)
	const other = join(folder, 'other.webm')
	copyFileSync(FILM, other)
	truncateSync(other, statSync(FILM).size + 12_000)
	await pick(cy, 'Choose your copy', other)
	await expect(cy.page.getByText('Your file is 12 KB larger. It is equally long.')).toBeVisible()
	expect(await cy.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
	await cy.page.getByRole('button', { name: 'Use it anyway' }).click()
	await waitForPlaying(cy)
	await expectInStep(alice, cy)
	await expect(cy.page.getByText(/You watch by a file of your own that differs\./)).toBeVisible()
	await cy.page.getByRole('button', { name: 'Stop using this file' }).click()
	await expect(cy.page.getByRole('button', { name: 'Choose your copy' })).toBeVisible()
	expectNoErrors(alice, bob, cy)
	for (const person of [alice, bob, cy]) await person.close()
})

test('[LF25] one watches a link by a file of the own, in step with the others, and goes back; a film of 5 GB is looked at in samples', async () => {
	const alice = await come()
	const link = await startRoom(alice, app.url, SAMPLE)
	await waitForPlaying(alice)
	const bob = await come()
	await joinRoom(bob, link)
	await waitForLinks(bob, 1)
	await waitForPlaying(bob)

	await pick(alice, 'Choose a file', FILM)
	const dialog = alice.page.getByRole('dialog', { name: 'Watch a file together' })
	await dialog.getByRole('button', { name: /^Play it for me instead of/ }).click()
	await expect(
		alice.page.getByText('You play “saltmarsh.webm” from your disk instead of the link.'),
	).toBeVisible()
	await expect
		.poll(() =>
			alice.page.getByTestId('player').evaluate((player) => (player as HTMLMediaElement).currentSrc),
		)
		.toMatch(/^blob:/)
	await waitForPlaying(alice)
	await expectInStep(alice, bob)
	await alice.page.getByRole('button', { name: 'Back to the link' }).click()
	await expect
		.poll(() =>
			alice.page.getByTestId('player').evaluate((player) => (player as HTMLMediaElement).currentSrc),
		)
		.toMatch(/saltmarsh/)
	await waitForPlaying(alice)
	expect((await readMedia(bob)).isPaused).toBe(false)

	const large = join(folder, 'large.webm')
	copyFileSync(FILM, large)
	truncateSync(large, 5_000_000_000)
	await pick(alice, 'Choose a file', large)
	await expect(dialog.getByText('Checked: this browser plays it.')).toBeVisible({ timeout: 20_000 })
	await expect(dialog.getByText('5.0 GB')).toBeVisible()
	await dialog.getByRole('button', { name: 'Cancel' }).click()
	await expect(dialog).toBeHidden()
	await openTab(alice, 'Queue')
	await expect(alice.page.getByText('large')).toBeHidden()

	await pick(alice, 'Choose a file', PICTURE)
	await expect(dialog.getByText(/is a picture \(JPEG\), whatever its name says/)).toBeVisible()
	await expect(dialog.getByRole('button', { name: 'Choose another file' })).toBeVisible()
	expectNoErrors(alice, bob)
	for (const person of [alice, bob]) await person.close()
})
