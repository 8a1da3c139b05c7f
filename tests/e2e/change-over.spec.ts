/**
 * From one film to the next: at the end of one the other is there already, at each person's.
 */
import type { AddressInfo } from 'node:net'
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { createFilmServer } from '../../bench/sync/film-server.ts'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	addToQueue,
	expectInStep,
	expectNoErrors,
	meet,
	openTab,
	readMedia,
	seekTo,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

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

const source = ({ page }: Person): Promise<string> =>
	page.getByTestId('player').evaluate((film) => (film as HTMLVideoElement).currentSrc)

test('[QV16] at the end of a film the next plays for everybody from what was fetched before, and again by hand', async () => {
	const films = await createFilmServer()
	const asked: string[] = []
	films.prependListener('request', (request) => asked.push(request.url ?? ''))
	await new Promise<void>((resolve) => films.listen(0, '127.0.0.1', resolve))
	const next = `http://127.0.0.1:${String((films.address() as AddressInfo).port)}/film.mp4`
	try {
		const { people } = await meet(browser, app.url, `${app.url}/film/saltmarsh.webm`, 2)
		const [alice, bob] = people as [Person, Person]
		await openTab(alice, 'Queue')
		await addToQueue(alice, next)
		await addToQueue(alice, `${app.url}/film/saltmarsh.webm?again`)
		for (const person of people) await waitForPlaying(person)
		expect(asked).toEqual([])

		// 10 s before its end.
		await seekTo(alice, 1 - 10 / 120)
		// The server forbids to keep it, and yet nobody asks twice.
		await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(2)
		for (const person of people) expect(await source(person)).toContain('.webm')
		for (const person of people)
			await expect.poll(() => source(person), { timeout: 60_000 }).toContain('/film.mp4')
		for (const person of people) await waitForPlaying(person)
		await expectInStep(alice, bob)
		expect((await readMedia(bob)).positionS).toBeLessThan(60)
		expect(asked).toHaveLength(2)

		await bob.page.getByRole('button', { name: 'Next', exact: true }).click()
		for (const person of people)
			await expect.poll(() => source(person), { timeout: 20_000 }).toContain('.webm?again')
		for (const person of people) await waitForPlaying(person)
		await expectInStep(alice, bob)
		expectNoErrors(alice, bob)
		for (const person of people) await person.close()
	} finally {
		films.close()
	}
})
