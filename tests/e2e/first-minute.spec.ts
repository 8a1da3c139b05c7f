/**
 * The first minute: from nothing to a film that plays and a link that is shared, counted in what a person has to do;
 * links and files by every way there is; in both languages.
 */
import { expect, test } from '@playwright/test'
import type { Browser, Page } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { arrive, expectNoErrors, SAMPLE, waitForPlaying, type Person } from '../support/person.ts'

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

const field = (page: Page) => page.getByRole('textbox', { name: 'Video link' })
const inRoom = async ({ page }: Person) => {
	await page.waitForURL(/\/r#/)
	await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
}
const toast = (page: Page, text: RegExp | string) => page.getByText(text)

/** Scripts run: what is pressed now is not lost. */
const atHome = async (person: Person, query = '') => {
	await person.page.goto(`${app.url}/${query}`)
	await expect(person.page.getByRole('button', { name: /^(Start a room|开房间)$/ })).toBeEnabled()
}

/** As the system's file manager drops them: `kinds` as MIME types and texts, `film` from this server. */
const dropOnPage = async (
	page: Page,
	what: { readonly texts?: Record<string, string>; readonly film?: string; readonly picture?: string },
) => {
	const transfer = await page.evaluateHandle(
		async ({ texts = {}, film, picture, sample }) => {
			const data = new DataTransfer()
			for (const [type, text] of Object.entries(texts)) data.setData(type, text)
			if (film !== undefined) {
				const bytes = await (await fetch(sample)).blob()
				data.items.add(new File([bytes], film, { type: 'video/webm' }))
			}
			if (picture !== undefined) {
				const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
				data.items.add(new File([bytes], picture, { type: 'image/png' }))
			}
			return data
		},
		{ ...what, sample: SAMPLE },
	)
	await page.dispatchEvent('h1', 'dragover', { dataTransfer: transfer })
	await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer })
}

test('[FM1] one action to a playing video, two to a shared link', async () => {
	const alice = await arrive(browser)
	await alice.context.grantPermissions(['clipboard-read', 'clipboard-write'])
	await atHome(alice)
	// Brought along: the link in the field. The first action is Enter.
	await field(alice.page).fill(SAMPLE)
	await field(alice.page).press('Enter')
	await inRoom(alice)
	await expect(toast(alice.page, /Link copied/)).toBeVisible()
	await waitForPlaying(alice)
	// The second is pasting it where the friend reads it.
	expect(await alice.page.evaluate(() => navigator.clipboard.readText())).toBe(alice.page.url())

	const bob = await arrive(browser)
	await bob.page.goto(alice.page.url())
	await waitForPlaying(bob)
	expectNoErrors(alice, bob)
	await bob.close()
	await alice.close()
})

test('[FM1] a link that the browser does not copy stands in the toast, with a button that copies it', async () => {
	const alice = await arrive(browser)
	await alice.context.grantPermissions(['clipboard-read', 'clipboard-write'])
	await alice.context.addInitScript(() => {
		// As a browser refuses it without a press: once.
		const { clipboard } = navigator
		const write = clipboard.writeText.bind(clipboard)
		let tries = 0
		clipboard.writeText = (text: string) =>
			++tries === 1 ? Promise.reject(new DOMException('refused', 'NotAllowedError')) : write(text)
	})
	await atHome(alice)
	await alice.page.getByRole('button', { name: 'Start a room' }).click()
	await inRoom(alice)
	await expect(toast(alice.page, alice.page.url())).toBeVisible()
	await alice.page.getByRole('button', { name: 'Copy', exact: true }).click()
	await expect(toast(alice.page, 'Link copied')).toBeVisible()
	expect(await alice.page.evaluate(() => navigator.clipboard.readText())).toBe(alice.page.url())
	expectNoErrors(alice)
	await alice.close()
})

test('[FM2] a link is pasted and dropped anywhere on the page', async () => {
	const alice = await arrive(browser)
	await alice.context.grantPermissions(['clipboard-read', 'clipboard-write'])
	await atHome(alice)
	await alice.page.evaluate((text) => navigator.clipboard.writeText(text), 'https://films.example/a.mp4')
	await alice.page.locator('h1').click()
	await alice.page.keyboard.press('Control+V')
	await expect(field(alice.page)).toHaveValue('https://films.example/a.mp4')
	await expect(field(alice.page)).toBeFocused()
	await dropOnPage(alice.page, { texts: { 'text/uri-list': new URL(SAMPLE, app.url).href } })
	await expect(field(alice.page)).toHaveValue(new URL(SAMPLE, app.url).href)
	await alice.page.keyboard.press('Enter')
	await inRoom(alice)
	await waitForPlaying(alice)
	expectNoErrors(alice)
	await alice.close()
})

test('[FM3] a film from disk starts a room by dropping it, or by choosing it', async () => {
	for (const how of ['drop', 'choose'] as const) {
		const alice = await arrive(browser)
		await atHome(alice)
		if (how === 'drop') await dropOnPage(alice.page, { film: 'saltmarsh.webm' })
		else await alice.page.getByLabel(/^Film, list of links/).setInputFiles(`static${SAMPLE}`)
		await inRoom(alice)
		await waitForPlaying(alice)
		const source = await alice.page
			.getByTestId('player')
			.evaluate((element) => (element as HTMLMediaElement).currentSrc)
		expect(source).toMatch(/^blob:/)
		expectNoErrors(alice)
		await alice.close()
	}
})

test('[FM4] a list of links starts a room with all of them, and says what it left out', async () => {
	const alice = await arrive(browser)
	await atHome(alice)
	const list = `${new URL(SAMPLE, app.url).href}\nnot a link\nhttps://films.example/b.mp4\n`
	await alice.page
		.getByLabel(/^Film, list of links/)
		.setInputFiles({ name: 'tonight.txt', mimeType: 'text/plain', buffer: Buffer.from(list) })
	await inRoom(alice)
	await expect(toast(alice.page, /1 line of the list was left out/)).toBeVisible()
	await waitForPlaying(alice)
	await alice.page.getByRole('tab', { name: 'Queue', exact: true }).click()
	await expect(alice.page.getByRole('list', { name: 'Queue items' })).toContainText('films.example')
	expectNoErrors(alice)
	await alice.close()
})

test('[FM5] a picture is refused at the field, and what stood there stays', async () => {
	const alice = await arrive(browser)
	await atHome(alice)
	await field(alice.page).fill('https://films.example/a.mp4')
	await dropOnPage(alice.page, { picture: 'cat.png' })
	await expect(alice.page.getByRole('alert')).toContainText('cat.png')
	await expect(alice.page.getByRole('alert')).toContainText('picture')
	await expect(field(alice.page)).toHaveValue('https://films.example/a.mp4')
	expect(new URL(alice.page.url()).pathname).toBe('/')
	expectNoErrors(alice)
	await alice.close()
})

test('[FM7] a film that is lost by loading the page anew is named in the room', async () => {
	const alice = await arrive(browser)
	await atHome(alice)
	await alice.page.getByRole('button', { name: 'Start a room' }).click()
	await inRoom(alice)
	const link = alice.page.url()
	// As the front page leaves it when the way to the room loads the page anew.
	await atHome(alice)
	await alice.page.evaluate(
		(key) => {
			sessionStorage.setItem(key, '["saltmarsh.webm"]')
		},
		`matinee-first-files-${new URL(link).hash.slice(1)}`,
	)
	await alice.page.goto(link)
	await expect(toast(alice.page, /saltmarsh\.webm did not come along/)).toBeVisible()
	expectNoErrors(alice)
	await alice.close()
})

test('[FM8] what another app shares stands in the field', async () => {
	const alice = await arrive(browser)
	const said = `Tonight at eight: ${new URL(SAMPLE, app.url).href} see you`
	await atHome(alice, `?title=Tonight&text=${encodeURIComponent(said)}&url=`)
	await expect(field(alice.page)).toHaveValue(new URL(SAMPLE, app.url).href)
	await alice.page.getByRole('button', { name: 'Start a room' }).click()
	await inRoom(alice)
	await waitForPlaying(alice)
	expectNoErrors(alice)
	await alice.close()
})

test('[WD3] a browser that speaks Chinese gets a Chinese page, and no complaint of the page about itself', async () => {
	const context = await browser.newContext({ locale: 'zh-CN' })
	const page = await context.newPage()
	const said: string[] = []
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') said.push(message.text())
	})
	page.on('pageerror', (error) => said.push(error.message))
	await page.goto(app.url)
	await expect(page.getByRole('button', { name: '开房间' })).toBeEnabled()
	await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
	await expect(page).toHaveTitle(/一起看片/)
	await page.getByRole('textbox', { name: '视频链接' }).fill('not a link')
	await page.getByRole('button', { name: '开房间' }).click()
	await expect(page.getByRole('alert')).toBeVisible()
	expect(await page.getByRole('alert').textContent()).toMatch(/[一-鿿]/)
	expect(said).toEqual([])
	await context.close()
})

test('[WD6] the language is switched on the front page and in the settings, at once, and stays', async () => {
	const alice = await arrive(browser)
	const { page } = alice
	await atHome(alice)
	await page.getByRole('group', { name: 'Language' }).getByRole('button', { name: '中文' }).click()
	await expect(page.getByRole('button', { name: '开房间' })).toBeVisible()
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('同一部片，同一秒，不同的沙发。')
	await page.goto(`${app.url}/settings`)
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('你的账号和这台设备')
	await page.getByRole('group', { name: '语言' }).getByText('English').click()
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account and this device')
	await page.getByRole('group', { name: 'Theme' }).getByText('Light').click()
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
	expectNoErrors(alice)
	await alice.close()
})

test('[FM10] the rooms kept on this device are counted, and all forgotten after a question', async () => {
	const alice = await arrive(browser)
	const { page } = alice
	await atHome(alice)
	await page.getByRole('button', { name: 'Start a room' }).click()
	await inRoom(alice)
	await page.goto(`${app.url}/settings`)
	await expect(page.getByText(/^1 room is kept here/)).toBeVisible()
	await page.getByRole('button', { name: 'Forget all rooms' }).click()
	await page.getByRole('dialog').getByRole('button', { name: 'Forget them' }).click()
	await expect(page.getByText('No room is kept on this device any more.')).toBeVisible()
	await page.goto(app.url)
	await expect(page.getByText(/None yet/)).toBeVisible()
	expectNoErrors(alice)
	await alice.close()
})

test('[FM11] every page says what Matinee is, and only the front page is for search engines', async () => {
	const page = async (path: string) => (await fetch(`${app.url}${path}`)).text()
	for (const path of ['/', '/r', '/login', '/settings']) {
		const text = await page(path)
		expect(text, path).toContain('<meta property="og:title" content="Matinee: watch together, apart"')
		expect(/<meta name="robots" content="noindex"/.test(text), path).toBe(path !== '/')
	}
	expect(await page('/')).toMatch(/<meta name="description" content="Same film, same second/)
	const robots = await fetch(`${app.url}/robots.txt`)
	expect([robots.status, robots.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'text/plain'])
})
