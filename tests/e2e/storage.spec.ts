/**
 * A saved room that was damaged on disk: what is good is kept, and the person is told.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { arrive, expectNoErrors, expectToRead, say, startRoom } from '../support/person.ts'

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

test('[JO16] a damaged saved room opens with what is good in it, and says so', async () => {
	const alice = await arrive(browser)
	await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await say(alice, 'Kept on this device.')
	await expectToRead(alice, 'Kept on this device.')
	await alice.page.waitForTimeout(500)
	const link = alice.page.url()
	await alice.page.goto(app.url)
	// A piece that is no update at all, put between the good ones by another connection.
	const damaged = await alice.page.evaluate(async () => {
		const names = (await indexedDB.databases())
			.map(({ name }) => name ?? '')
			.filter((name) => name.startsWith('matinee-doc-'))
		for (const name of names) {
			const db = await new Promise<IDBDatabase>((resolve, reject) => {
				const request = indexedDB.open(name)
				request.onsuccess = () => resolve(request.result)
				request.onerror = () => reject(request.error ?? new Error('refused'))
			})
			const transaction = db.transaction('updates', 'readwrite')
			transaction.objectStore('updates').add(new Uint8Array([255, 255, 255, 255, 255, 1]))
			await new Promise((resolve) => (transaction.oncomplete = resolve))
			db.close()
		}
		return names.length
	})
	expect(damaged).toBe(1)
	await alice.page.goto(link)
	await expectToRead(alice, 'Kept on this device.')
	await expect(alice.page.getByRole('status', { name: 'Room status' })).toContainText('damaged')
	expectNoErrors(alice)
})
