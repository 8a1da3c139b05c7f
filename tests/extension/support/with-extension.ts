/**
 * Chromium with the extension as it is built, untouched. The toolbar's button is pressed for real, so that a page is
 * seen for that click's `activeTab` alone; the popup is then opened once more as a page of its own over the same tab,
 * because what hangs on the toolbar cannot be driven by Playwright.
 */
import type { Page } from '@playwright/test'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type CDPSession, type Worker } from 'playwright-core'
import { CHROMIUM_ARGS, chromiumPath } from '../../support/browsers.ts'
import { builtExtension } from './built.ts'

/** What is used of the extension's own API, within its service worker. */
declare const chrome: {
	tabs: {
		query(wanted: { active: boolean }): Promise<{ id?: number; url?: string }[]>
	}
	windows: {
		create(made: {
			url: string
			width: number
			height: number
			type: 'popup'
			focused: boolean
		}): Promise<unknown>
	}
}

export interface ExtensionOptions {
	/** Hosts that the person has allowed for good: match patterns such as `http://127.0.0.1/*`. */
	readonly allowed?: readonly string[]
	readonly args?: readonly string[]
}

export interface WithExtension {
	readonly context: BrowserContext
	readonly id: string
	/** As it stands in `Origin`; the server has to allow it. */
	readonly origin: string
	/** Errors of pages, the extension's own among them. */
	readonly errors: string[]
	/** The whole browser's wire. */
	readonly cdp: CDPSession
	open(url: string): Promise<Page>
	/** Presses the extension's button over this page; the popup that comes is put away. Returns the tab's number. */
	press(page: Page): Promise<number>
	/** Presses, and opens the popup as a window of its own over this page's tab. */
	popup(page: Page): Promise<Page>
	/** A page of the extension's own, `options.html` or another. */
	ownPage(path: string): Promise<Page>
	/** The service worker, as it runs now; it is woken if it sleeps. */
	worker(): Promise<Worker>
	/** Ends the service worker as the browser does when it is idle. */
	stopWorker(): Promise<void>
	close(): Promise<void>
}

/** As Chromium makes it: of the public key where the manifest has one, else of the folder's path. */
const idOf = (folder: string): string => {
	const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { key?: string }
	const hash = createHash('sha256')
	hash.update(manifest.key === undefined ? folder : Buffer.from(manifest.key, 'base64'))
	return Array.from(hash.digest('hex').slice(0, 32), (digit) =>
		String.fromCharCode(97 + parseInt(digit, 16)),
	).join('')
}

/** The extension's address in `Origin`, to be told to a server before any browser has started. */
export const extensionOrigin = async (): Promise<string> =>
	`chrome-extension://${idOf(await builtExtension('chrome'))}`

const launch = (profile: string, folder: string, args: readonly string[]): Promise<BrowserContext> =>
	chromium.launchPersistentContext(profile, {
		executablePath: chromiumPath(),
		args: [
			...CHROMIUM_ARGS,
			'--autoplay-policy=no-user-gesture-required',
			'--enable-unsafe-extension-debugging',
			`--disable-extensions-except=${folder}`,
			`--load-extension=${folder}`,
			...args,
		],
		ignoreDefaultArgs: ['--disable-extensions'],
		viewport: { width: 1280, height: 800 },
		locale: 'en-US',
	})

const POPUP_SIZE = { width: 360, height: 640 }
const WAIT_MS = 15_000

/** Null is asked for again until `WAIT_MS` have gone. */
const until = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
	const deadline = Date.now() + WAIT_MS
	for (;;) {
		const found = await look()
		if (found !== null) return found
		if (Date.now() > deadline) throw new Error(`${what} did not come`)
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
}

/**
 * The browser keeps what was once allowed: it is started with a manifest that has `hosts` for good, and again with the
 * one that people get. To ask for one of them then takes a click and no prompt, which nobody could answer here.
 */
const allowBefore = async (profile: string, folder: string, hosts: readonly string[]): Promise<void> => {
	const path = join(folder, 'manifest.json')
	const shipped = await readFile(path, 'utf8')
	await writeFile(path, JSON.stringify({ ...(JSON.parse(shipped) as object), host_permissions: hosts }))
	const context = await launch(profile, folder, [])
	if (context.serviceWorkers().length === 0) await context.waitForEvent('serviceworker')
	await context.close()
	await writeFile(path, shipped)
}

export const launchWithExtension = async (options: ExtensionOptions = {}): Promise<WithExtension> => {
	const work = await mkdtemp(join(tmpdir(), 'matinee-extension-'))
	const profile = join(work, 'profile')
	let folder = await builtExtension('chrome')
	if (options.allowed !== undefined) {
		const copy = join(work, 'extension')
		await cp(folder, copy, { recursive: true })
		folder = copy
		await allowBefore(profile, folder, options.allowed)
	}
	const context = await launch(profile, folder, options.args ?? [])
	const id = idOf(folder)
	const origin = `chrome-extension://${id}`
	const browser = context.browser()
	if (browser === null) throw new Error('the browser has no wire of its own')
	const cdp = await browser.newBrowserCDPSession()
	const errors: string[] = []
	context.on('weberror', (error) => errors.push(error.error().stack ?? error.error().message))

	const targets = async () => (await cdp.send('Target.getTargets', { filter: [{}] })).targetInfos
	const worker = (): Promise<Worker> =>
		until(
			'the service worker',
			async () => context.serviceWorkers().find((one) => one.url().startsWith(origin)) ?? null,
		)
	await worker()

	const press: WithExtension['press'] = async (page) => {
		await page.bringToFront()
		// The tab, not the page in it: two tabs may show the same address, but only one is in front.
		const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo')
		const tabs = (await cdp.send('Target.getTargets', { filter: [{ type: 'tab' }] })).targetInfos
		const isFront = (one: object) =>
			(one as { embedderData?: { tabActive?: boolean } }).embedderData?.tabActive === true
		const tab = tabs
			.filter(({ url }) => url === targetInfo.url)
			.sort((a, b) => Number(isFront(b)) - Number(isFront(a)))[0]
		if (tab === undefined) throw new Error(`no tab shows ${targetInfo.url}`)
		// Newer than the list of commands that Playwright brings.
		await cdp.send(
			'Extensions.triggerAction' as 'Target.activateTarget',
			{ id, targetId: tab.targetId } as never,
		)
		const shown = await until(
			'the popup',
			async () =>
				(await targets()).find((one) => one.type === 'page' && one.url === `${origin}/popup.html`) ?? null,
		)
		const number = await (
			await worker()
		).evaluate(async (url) => {
			// Its address is told for this click alone.
			const active = await chrome.tabs.query({ active: true })
			return active.find((one) => one.url === url)?.id ?? null
		}, targetInfo.url)
		await cdp.send('Target.closeTarget', { targetId: shown.targetId })
		if (number === null) throw new Error('the tab has no number')
		return number
	}

	/** In a window of its own: the site's tab stays in front. */
	const openWindow = async (path: string, size: { width: number; height: number }): Promise<Page> => {
		const opened = context.waitForEvent('page', (page) => page.url().startsWith(`${origin}/${path}`))
		await (
			await worker()
		).evaluate(
			([url, width, height]) =>
				chrome.windows.create({ url, width, height, type: 'popup', focused: false }).then(() => undefined),
			[`${origin}/${path}`, size.width, size.height] as const,
		)
		const page = await opened
		await page.setViewportSize(size)
		return page
	}

	return {
		context,
		id,
		origin,
		errors,
		cdp,
		open: async (url) => {
			const page = await context.newPage()
			await page.goto(url)
			return page
		},
		press,
		popup: async (page) => openWindow(`popup.html?tab=${String(await press(page))}`, POPUP_SIZE),
		ownPage: (path) => openWindow(path, { width: 900, height: 700 }),
		worker,
		stopWorker: async () => {
			const found = (await targets()).find(
				(one) => one.type === 'service_worker' && one.url.startsWith(origin),
			)
			if (found === undefined) throw new Error('the service worker does not run')
			await cdp.send('Target.closeTarget', { targetId: found.targetId })
			await until('the end of the service worker', async () =>
				(await targets()).some(({ type, url }) => type === 'service_worker' && url.startsWith(origin))
					? null
					: true,
			)
		},
		close: async () => {
			await context.close()
			await rm(work, { recursive: true, force: true })
		},
	}
}
