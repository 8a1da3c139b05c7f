/**
 * Wrong codes, links that are none, media that cannot be played: told where the person is, and nothing is lost.
 */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	arrive,
	expectInStep,
	expectNoErrors,
	readMedia,
	startRoom,
	waitForPlaying,
} from '../support/person.ts'

let app: AppServer
let browser: Browser
let media: Server
let mediaUrl: string
test.beforeAll(async () => {
	app = await startApp()
	browser = await launch('chromium')
	media = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://x').pathname
		if (path === '/gone.mp4') response.writeHead(404, { 'access-control-allow-origin': '*' }).end()
		else if (path === '/page.mp4') {
			response
				.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
				.end('<p>no film</p>')
		} else if (path === '/strange.mp4') {
			response
				.writeHead(200, { 'content-type': 'video/mp4', 'access-control-allow-origin': '*' })
				.end('not really a film')
		} else response.writeHead(404).end() // without CORS
	})
	media.listen(0, '127.0.0.1')
	await once(media, 'listening')
	const address = media.address()
	if (address === null || typeof address === 'string') throw new Error('no port')
	mediaUrl = `http://localhost:${String(address.port)}`
})
test.afterAll(async () => {
	media.close()
	await browser.close()
	await app.close()
})

test('[JO8] a code that is none says which part is wrong and stays in the field', async () => {
	const alice = await arrive(browser)
	await alice.page.goto(app.url)
	const field = alice.page.getByRole('textbox', { name: 'Room code' })
	await field.fill('K7QX-3M9R-T2VH')
	await alice.page.getByRole('button', { name: 'Join' }).click()
	await expect(alice.page.getByText('12 of 20 characters')).toBeVisible()
	await expect(field).toHaveValue(/K7QX/)

	await field.fill('K7QX-3M9R-T2VH-8WPC-5NDA')
	await alice.page.getByRole('button', { name: 'Join' }).click()
	await expect(alice.page.getByText(/no room/i)).toBeVisible()
	expectNoErrors(alice)
	await alice.close()
})

test('[JO8] a code typed at home opens the room', async () => {
	const alice = await arrive(browser)
	const bob = await arrive(browser)
	const link = await startRoom(alice, app.url, null)
	await bob.page.goto(app.url)
	const typed = (link.split('#')[1] ?? '').replaceAll('-', ' ').toLowerCase().replaceAll('0', 'o')
	await bob.page.getByRole('textbox', { name: 'Room code' }).fill(typed)
	await bob.page.getByRole('button', { name: 'Join' }).click()
	await expect(bob.page.getByRole('button', { name: 'Invite' })).toBeVisible()
	expect(bob.page.url()).toBe(link)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[JO9] what is no link, or no video, is refused under the field with the text kept', async () => {
	const alice = await arrive(browser)
	await alice.page.goto(app.url)
	const field = alice.page.getByRole('textbox', { name: 'Video link' })
	for (const text of ['just some words', 'javascript:alert(1)', 'https://www.wikipedia.org/']) {
		await field.fill(text)
		await alice.page.getByRole('button', { name: 'Start a room' }).click()
		await expect(alice.page.getByRole('alert')).toBeVisible()
		await expect(field).toHaveValue(text)
		expect(alice.page.url()).not.toContain('/r#')
	}
	await startRoom(alice, app.url, null)
	await addToQueue(alice, 'nothing that plays')
	await expect(alice.page.getByRole('alert')).toBeVisible()
	await expect(alice.page.getByRole('textbox', { name: 'Add a video link' })).toHaveValue(
		'nothing that plays',
	)
	expectNoErrors(alice)
	await alice.close()
})

const refusals: readonly (readonly [string, RegExp])[] = [
	['gone.mp4', /404|not there|no longer/i],
	['page.mp4', /not a video|page/i],
	['strange.mp4', /codec|format|cannot play/i],
	['closed.mp4', /does not let|could not be|not there|404/i],
]
for (const [file, words] of refusals) {
	test(`[JO10] ${file}: the reason is told in the player, and the queue goes on`, async () => {
		const alice = await arrive(browser)
		await startRoom(alice, app.url, `${mediaUrl}/${file}`)
		await expect(alice.page.getByText(words).first()).toBeVisible()
		await addToQueue(alice, `${app.url}/film/saltmarsh.webm`)
		// On a slow machine the room has gone on by itself meanwhile, and another Skip would leave the film.
		const skip = alice.page.getByRole('button', { name: 'Skip' })
		if (await skip.isVisible()) await skip.click({ timeout: 12_000 }).catch(() => undefined) // gone, as the room went on
		await waitForPlaying(alice)
		expect((await readMedia(alice)).positionS).toBeGreaterThan(0)
		expectNoErrors(alice)
		await alice.close()
	})
}

for (const refused of ['sound', 'everything'] as const) {
	test(`[JO11] a browser that refuses ${refused} before a gesture: one tap joins, and nothing freezes in silence`, async () => {
		const alice = await arrive(browser)
		const bob = await arrive(browser)
		// Whatever drives a browser counts as a gesture, so people's policy is put in by hand: a press, or no sound.
		await bob.page.addInitScript((what) => {
			let didPress = false
			addEventListener('pointerdown', () => (didPress = true), true)
			const { prototype } = HTMLMediaElement
			const descriptor = Object.getOwnPropertyDescriptor(prototype, 'play')
			const play = descriptor?.value as (this: HTMLMediaElement) => Promise<void>
			prototype.play = function (this: HTMLMediaElement) {
				const isAllowed = didPress || (what === 'sound' && this.muted)
				return isAllowed
					? play.call(this)
					: Promise.reject(new DOMException('no gesture yet', 'NotAllowedError'))
			}
		}, refused)
		const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
		await waitForPlaying(alice)
		await bob.page.goto(link)
		const tap = bob.page.getByRole('button', { name: /Tap to join/ })
		await expect(tap).toBeVisible()
		if (refused === 'sound') await waitForPlaying(bob)
		await tap.click()
		await waitForPlaying(bob)
		await expect(tap).toBeHidden()
		await expectInStep(alice, bob)
		expect(
			await bob.page.getByTestId('player').evaluate((element) => (element as HTMLMediaElement).muted),
		).toBe(false)
		expectNoErrors(alice, bob)
		await alice.close()
		await bob.close()
	})
}

test('[JO12] a browser without what the room needs gets a page that names it', async () => {
	const alice = await arrive(browser)
	await alice.page.addInitScript(() => {
		// Refused, as some private windows do.
		Object.defineProperty(globalThis, 'indexedDB', { value: null })
	})
	await alice.page.goto(`${app.url}/r#K7QX-3M9R-T2VH-8WPC-5NDA`)
	await expect(alice.page.getByText('IndexedDB').first()).toBeVisible()
	await alice.close()
})
