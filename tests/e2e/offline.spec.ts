/**
 * The app itself is kept on the device: rooms open with no network at all, and a new version waits for the person.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import type { Browser, BrowserContext } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch, launchProfile, type BrowserKind } from '../support/browsers.ts'
import { createClientVersions, NEWER_MARK } from '../support/client-versions.ts'
import {
	addToQueue,
	arriveKeeping,
	expectNoErrors,
	expectToRead,
	joinRoom,
	openTab,
	readMedia,
	say,
	startRoom,
	waitForLinks,
	waitForPlaying,
	whenKept,
	type Person,
} from '../support/person.ts'

let app: AppServer
let browser: Browser
let profile: string
test.beforeEach(async () => {
	app = await startApp()
	browser = await launch('chromium')
	profile = mkdtempSync(join(tmpdir(), 'matinee-profile-'))
})
test.afterEach(async () => {
	await browser.close()
	await app.close()
	rmSync(profile, { recursive: true, force: true })
})

const personIn = async (context: BrowserContext): Promise<Person> => {
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => {
		// Firefox counts what it tells of a network that is away among a page's errors.
		if (!/^(Firefox can’t establish|The connection to ws)/.test(error.message))
			errors.push(error.stack ?? error.message)
	})
	return { page, context, errors, close: () => context.close() }
}

/** Also when it has been played since, or passed over as it cannot be. */
const expectAdded = async (person: Person, title: string): Promise<void> => {
	await openTab(person, 'Activity')
	await expect(person.page.getByRole('log', { name: 'Activity' })).toContainText(`added ${title}`)
}

for (const kind of ['chromium', 'firefox'] satisfies BrowserKind[]) {
	test(`[JO41] ${kind}: a visited room opens in a new process with no network, is written in, and merges`, async () => {
		const before = await personIn(await launchProfile(kind, profile))
		const bob = await arriveKeeping(browser)
		const link = await startRoom(before, app.url, null)
		await joinRoom(bob, link)
		await waitForLinks(bob, 1)
		await say(before, 'Back on the train.')
		await expectToRead(bob, 'Back on the train.')
		for (const person of [before, bob]) await whenKept(person)
		expectNoErrors(before)
		await before.close()
		await app.kill()
		await say(bob, 'While you were away.')
		await addToQueue(bob, 'https://media.example/by-bob.mp4')

		const alice = await personIn(await launchProfile(kind, profile))
		await alice.context.setOffline(true)
		await joinRoom(alice, link)
		await expectToRead(alice, 'Back on the train.')
		await expect(alice.page.getByRole('button', { name: /Connections: Offline/ })).toBeVisible()
		await expect(alice.page.locator('[data-room-state="offline"]')).toBeVisible()
		await say(alice, 'Written in a tunnel.')
		await addToQueue(alice, 'https://media.example/by-alice.mp4')
		await expectToRead(alice, 'Written in a tunnel.')
		await expectAdded(alice, 'by alice')

		await app.restart()
		await alice.context.setOffline(false)
		await waitForLinks(alice, 1)
		for (const person of [alice, bob]) {
			for (const line of ['Back on the train.', 'While you were away.', 'Written in a tunnel.'])
				await expectToRead(person, line)
			for (const title of ['by alice', 'by bob']) await expectAdded(person, title)
		}
		expectNoErrors(alice, bob)
		await alice.close()
	})
}

test('[JO42] offline, home lists the rooms; a room never visited says what it needs and opens with the network', async () => {
	const alice = await arriveKeeping(browser)
	const bob = await arriveKeeping(browser)
	await startRoom(alice, app.url, null)
	await say(alice, 'Remember me.')
	await expectToRead(alice, 'Remember me.')
	const foreign = await startRoom(bob, app.url, null)
	await whenKept(alice)

	await alice.context.setOffline(true)
	await alice.page.goto(app.url)
	const room = alice.page.getByRole('listitem').filter({ has: alice.page.locator('a[href*="r#"]') })
	await expect(room).toHaveCount(1)
	await room.getByRole('link').click()
	await expectToRead(alice, 'Remember me.')

	await alice.page.goto('about:blank')
	await alice.page.goto(foreign)
	await expect(alice.page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
	await expect(alice.page.getByText('This room is not kept on this device yet')).toBeVisible()
	await alice.context.setOffline(false)
	await expect(alice.page.getByRole('button', { name: 'Invite' })).toBeVisible()
	await waitForLinks(bob, 1)
	expectNoErrors(alice, bob)
})

test('[JO43] a new version waits while a film plays, is offered on pause, and comes with Reload; other pages go on', async () => {
	const versions = createClientVersions()
	const server = await startApp({ MATINEE_CLIENT: versions.dir })
	try {
		const alice = await arriveKeeping(browser)
		const { page } = alice
		const link = await startRoom(alice, server.url, `${server.url}/film/saltmarsh.webm`)
		await waitForPlaying(alice)
		await whenKept(alice)
		const names = await page.evaluate(() => caches.keys())
		expect(names.filter((name) => name.startsWith('matinee-shell'))).toHaveLength(1)

		versions.deploy()
		// Another page of the same browser makes it look for a newer version, as coming back does.
		const second = { ...alice, page: await alice.context.newPage() }
		second.page.on('pageerror', (error) => alice.errors.push(error.message))
		await second.page.goto(server.url)
		const noteAt = (at: Page) => at.getByRole('status', { name: 'New version' })
		await expect(noteAt(second.page)).toContainText('A new version is ready', { timeout: 30_000 })
		await waitForPlaying(alice)
		await expect(noteAt(page)).toBeHidden()
		const moment = (await readMedia(alice)).positionS
		expect(moment).toBeGreaterThan(1)

		// A part that this page had not fetched, and that the server has no more, comes from the device.
		await page.getByRole('button', { name: 'Room settings' }).click()
		await expect(page.getByRole('dialog', { name: 'Room settings' })).toBeVisible()
		await page.keyboard.press('Escape')

		await page.getByRole('button', { name: 'Pause', exact: true }).click()
		await expect(noteAt(page)).toContainText('A new version is ready')
		await page.getByRole('button', { name: 'Play', exact: true }).click()
		await expect(noteAt(page)).toBeHidden()
		await page.getByRole('button', { name: 'Pause', exact: true }).click()
		await noteAt(second.page).getByRole('button', { name: 'Later' }).click()
		await expect(noteAt(second.page)).toBeHidden()

		// What is half written is not lost by it.
		const message = page.getByRole('textbox', { name: 'Message' })
		await openTab(alice, 'Chat')
		await message.fill('Did you see the l')
		await page.getByRole('textbox', { name: 'Add a video link' }).fill('https://vimeo.com/7')

		const isNewer = (at: Page) => at.evaluate((mark) => document.head.innerHTML.includes(mark), NEWER_MARK)
		expect(await isNewer(page)).toBe(false)
		await Promise.all([
			page.waitForEvent('load'),
			noteAt(page).getByRole('button', { name: 'Reload' }).click(),
		])
		await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
		expect(page.url()).toBe(link)
		expect(await isNewer(page)).toBe(true)
		await expect(message).toHaveValue('Did you see the l')
		await expect(page.getByRole('textbox', { name: 'Add a video link' })).toHaveValue('https://vimeo.com/7')
		await openTab(alice, 'Queue')
		await expect(
			page.getByRole('heading', { name: 'Saltmarsh' }).or(page.getByText('saltmarsh').first()),
		).toBeVisible()

		// The other page was left as it was, and what it runs is kept until it goes.
		expect(await isNewer(second.page)).toBe(false)
		await second.page.getByRole('button', { name: 'Options', exact: true }).click()
		await expect(second.page.getByRole('textbox', { name: 'Room title' })).toBeVisible()
		const kept = () =>
			page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('matinee-shell')))
		expect(await kept()).toHaveLength(2)
		await second.page.close()
		await page.reload()
		await expect.poll(kept, { timeout: 30_000 }).toHaveLength(1)
		await expect(noteAt(page)).toBeHidden()
		expectNoErrors(alice)
	} finally {
		await server.close()
		versions.remove()
	}
})

test('[JO44] the app can be installed, and takes what other apps share', async () => {
	const alice = await personIn(await launchProfile('chromium', profile))
	const { page } = alice
	await page.goto(app.url)
	await whenKept(alice)
	await page.reload()
	const devTools = await alice.context.newCDPSession(page)
	const { errors, data, url } = (await devTools.send('Page.getAppManifest')) as {
		errors: unknown[]
		data?: string
		url: string
	}
	expect(errors).toEqual([])
	expect(url).toBe(`${app.url}/manifest.webmanifest`)
	const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors')
	expect(installabilityErrors).toEqual([])
	const manifest = JSON.parse(data ?? '{}') as {
		icons: { src: string; sizes: string; type: string }[]
		shortcuts: { name: string; url: string }[]
		share_target: { action: string; params: Record<string, string> }
	}
	for (const { src, type, sizes } of manifest.icons) {
		const size = await page.evaluate(async (address) => {
			const response = await fetch(address)
			const image = new Image()
			image.src = address
			await image.decode()
			return { type: response.headers.get('content-type'), width: image.naturalWidth }
		}, new URL(src, url).href)
		expect(size.type).toBe(type)
		if (sizes !== 'any') expect(`${String(size.width)}x${String(size.width)}`).toBe(sizes)
	}

	const [shortcut] = manifest.shortcuts
	expect(shortcut?.name).toBe('New room')
	await page.goto(new URL(shortcut?.url ?? '', url).href)
	await expect(page.getByRole('textbox', { name: 'Video link' })).toBeFocused()
	const shared = new URL(manifest.share_target.action, url)
	shared.searchParams.set(manifest.share_target.params['text'] ?? '', 'See this https://youtu.be/aqz-KE-bpKQ')
	await page.goto(shared.href)
	await expect(page.getByRole('textbox', { name: 'Video link' })).toHaveValue('https://youtu.be/aqz-KE-bpKQ')
	expectNoErrors(alice)
	await alice.close()
})

test('[JO45] with no storage left the page works as before, and the settings say why it is not ready offline', async () => {
	const alice = await arriveKeeping(browser)
	const { page } = alice
	await page.goto('about:blank')
	const devTools = await alice.context.newCDPSession(page)
	const setQuota = (quotaSize?: number) =>
		devTools.send('Storage.overrideQuotaForOrigin', {
			origin: app.url,
			...(quotaSize === undefined ? {} : { quotaSize }),
		})
	await setQuota(600_000)
	await startRoom(alice, app.url, null)
	await say(alice, 'Tight in here.')
	await expectToRead(alice, 'Tight in here.')
	await page.goto(`${app.url}/settings`)
	await expect(page.getByText('Not ready offline')).toBeVisible()
	await expect(page.getByText('There is no storage left for it on this device.')).toBeVisible()
	expect(await page.evaluate(() => caches.keys())).not.toContainEqual(
		expect.stringContaining('matinee-shell'),
	)

	await setQuota()
	await page.getByRole('button', { name: 'Try again' }).click()
	await expect(page.getByText('Ready offline', { exact: true })).toBeVisible()
	expectNoErrors(alice)
})
