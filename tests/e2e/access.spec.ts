/**
 * What assistive technology, small screens, keyboards and fingers get: axe over every screen and state in both themes
 * and languages, the room by keyboard alone, and the phone, the tablet and the page at 200 %.
 */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import { arrive, expectNoErrors, type Person } from '../support/person.ts'

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

interface Screen {
	readonly width: number
	readonly height: number
	readonly isTouch: boolean
	readonly locale?: 'en-US' | 'zh-CN'
}
const DESK: Screen = { width: 1280, height: 800, isTouch: false }
const PHONE: Screen = { width: 390, height: 844, isTouch: true }
const ON_ITS_SIDE: Screen = { width: 844, height: 390, isTouch: true }
const TABLET: Screen = { width: 820, height: 1180, isTouch: true }
/** 1280 × 800 at 200 %. */
const TWICE: Screen = { width: 640, height: 400, isTouch: false }

const sitDown = async ({ width, height, isTouch, locale = 'en-US' }: Screen): Promise<Person> => {
	const context = await browser.newContext({
		viewport: { width, height },
		hasTouch: isTouch,
		isMobile: isTouch,
		locale,
		reducedMotion: 'reduce',
		colorScheme: 'dark',
		serviceWorkers: 'block',
	})
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
	return { page, context, errors, close: () => context.close() }
}

/** Many states in one page: about 20 s each on a machine that has nothing else to do. */
const LONG_MS = 300_000
const SETTLE_MS = 250

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const told = (result: Awaited<ReturnType<AxeBuilder['analyze']>>): string[] =>
	result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`)

/** Everything in the theme that is on; in the other one what differs: the colours. */
const expectClean = async ({ page }: Person, what: string): Promise<void> => {
	/** And until nothing moves any more: a colour on its way is neither of the two. */
	const setTheme = async (theme: 'light' | 'dark') => {
		await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme)
		await page.waitForTimeout(SETTLE_MS)
	}
	await setTheme('dark')
	expect.soft(told(await new AxeBuilder({ page }).withTags(TAGS).analyze()), `${what}, dark`).toEqual([])
	await setTheme('light')
	const light = new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block'])
	expect.soft(told(await light.analyze()), `${what}, light`).toEqual([])
	expect.soft(await isTooWide(page), `${what}: wider than the screen`).toBe(false)
}

const isTooWide = (page: Page): Promise<boolean> =>
	page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

/** By place, not by name: the same in every language. */
const tab = (page: Page, name: 'chat' | 'queue' | 'people' | 'activity') => page.locator(`#tab-${name}`)
const header = (page: Page) => page.locator('header').first()
const menuButton = (page: Page) => header(page).locator('[aria-haspopup="menu"]').last()
const settingsButton = (page: Page) => header(page).locator('.end [aria-haspopup="dialog"]')
const inviteButton = (page: Page) => header(page).locator('.btn.primary[aria-haspopup="dialog"]')
const inMenu = (page: Page, at: number) => page.locator('[role="menu"] [role^="menuitem"]').nth(at)
const shutDialog = async (page: Page): Promise<void> => {
	await page.keyboard.press('Escape')
	await expect(page.locator('dialog[open], [role="dialog"], [role="menu"]')).toHaveCount(0)
}

/** By place as well. */
const startWith = async ({ page }: Person, link: string): Promise<void> => {
	await page.goto(app.url)
	const start = page.locator('main form .btn.primary').first()
	await expect(start).toBeEnabled()
	if (link !== '') await page.locator('main form input').first().fill(link)
	await start.click()
	await page.waitForURL(/\/r#/)
}
const startFilm = async (person: Person): Promise<void> => {
	await startWith(person, `${app.url}/film/saltmarsh.webm`)
	await expect(inviteButton(person.page)).toBeVisible()
}

/** Every state of a room that one person can bring about alone. */
const lookAround = async (person: Person, where: string): Promise<void> => {
	const { page } = person
	const look = (what: string) => expectClean(person, `${where}, ${what}`)
	for (const name of ['queue', 'people', 'activity', 'chat'] as const) {
		await tab(page, name).click()
		await look(name)
	}
	await inviteButton(page).click()
	await expect(page.locator('[role="dialog"] svg.qr')).toBeVisible()
	await look('invite')
	await shutDialog(page)
	await menuButton(page).click()
	await expect(page.locator('[role="menu"]')).toBeVisible()
	await look('menu')
	await shutDialog(page)
	await settingsButton(page).click()
	await expect(page.locator('dialog[open]')).toBeVisible()
	await look('room settings')
	await page.locator('dialog[open] section .btn').first().click()
	await expect(page.locator('dialog[open] input[type="password"]')).toBeVisible()
	await look('change the lock')
	await shutDialog(page)
	await menuButton(page).click()
	const count = await page.locator('[role="menu"] [role^="menuitem"]').count()
	// The last one leaves the room.
	for (let at = 0; at < count - 1; at++) {
		if (at > 0) await menuButton(page).click()
		const item = inMenu(page, at)
		const label = (await item.innerText()).trim()
		if ((await item.getAttribute('aria-disabled')) === 'true') {
			await shutDialog(page)
			continue
		}
		await item.click()
		const opened = await page
			.locator('dialog[open], [role="dialog"]')
			.first()
			.waitFor({ timeout: 1_500 })
			.then(
				() => true,
				() => false, // it does something else than open a dialog
			)
		if (!opened) continue
		await look(label)
		await shutDialog(page)
	}
}

/** Each size and each language once; the other two by `AXE=all`, which takes three minutes more. */
const SCREENS = [
	['desktop, English', { ...DESK }],
	['phone, Chinese', { ...PHONE, locale: 'zh-CN' }],
] as const
const OTHER_SCREENS = [
	['desktop, Chinese', { ...DESK, locale: 'zh-CN' }],
	['phone, English', { ...PHONE }],
] as const

for (const [where, screen] of process.env['AXE'] === 'all' ? [...SCREENS, ...OTHER_SCREENS] : SCREENS) {
	test(`[AX2] ${where}, both themes: axe finds nothing in any state of a room`, async () => {
		test.setTimeout(LONG_MS)
		const person = await sitDown(screen)
		const { page } = person
		await page.goto(`${app.url}/r#no-code`)
		await expect(page.getByRole('heading')).toBeVisible()
		await expectClean(person, `${where}, no code`)
		await startWith(person, '')
		await expect(inviteButton(page)).toBeVisible()
		await expectClean(person, `${where}, empty room`)
		await startFilm(person)
		await expect(page.getByTestId('player')).toBeVisible()
		await lookAround(person, where)
		expectNoErrors(person)
		await person.close()
	})
}

for (const [where, screen] of SCREENS) {
	test(`[AX2] ${where}, both themes: axe finds nothing before the room, at its doors and without a server`, async () => {
		test.setTimeout(LONG_MS)
		const person = await sitDown(screen)
		const { page } = person
		for (const path of ['', 'login', 'settings']) {
			await page.goto(`${app.url}/${path}`)
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
			await page.waitForTimeout(500)
			await expectClean(person, `${where}, /${path}`)
		}
		await page.goto(`${app.url}/r#0000-0000-0000-0000-0000`)
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
		await page.waitForTimeout(500)
		await expectClean(person, `${where}, unknown room`)

		// A room with a password, for somebody who has never been in it.
		const owner = await arrive(browser)
		await owner.page.goto(app.url)
		await owner.page.getByText('Options', { exact: true }).click()
		await owner.page.getByLabel('Room password').fill('a password of its own')
		const link = await startRoomHere(owner)
		// The server is told of a new room a moment after it was made.
		await expect(async () => {
			await page.goto('about:blank')
			await page.goto(link)
			await expect(page.locator('input[type="password"]')).toBeVisible({ timeout: 5_000 })
		}).toPass({ timeout: 60_000 })
		await expectClean(person, `${where}, password`)
		await page.locator('input[type="password"]').fill('another one')
		await page.keyboard.press('Enter')
		await expect(page.getByRole('alert')).toBeVisible()
		await expectClean(person, `${where}, wrong password`)
		await owner.close()

		await startFilm(person)
		await page.context().setOffline(true)
		await expect(page.locator('[data-room-state="offline"], [data-room-state="alone"]')).toBeVisible()
		await page.waitForTimeout(1_500)
		await expectClean(person, `${where}, offline`)
		await person.close()
	})
}

const startRoomHere = async ({ page }: Person): Promise<string> => {
	await page.getByRole('button', { name: 'Start a room' }).click()
	await page.waitForURL(/\/r#/)
	await expect(inviteButton(page)).toBeVisible()
	return page.url()
}

/** Buttons, fields and links of the frame (not of rows in lists) whose place answers to less than 44 px of a finger. */
const smallTargets = (page: Page): Promise<string[]> =>
	page.evaluate(() => {
		const LEAST = 44
		const FAR = 30
		const isSeen = (element: Element): boolean => {
			const { width, height, left, top, right, bottom } = element.getBoundingClientRect()
			return (
				width > 1 &&
				height > 1 &&
				left >= 0 &&
				top >= 0 &&
				right <= innerWidth &&
				bottom <= innerHeight &&
				element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
			)
		}
		const reach = (element: Element) => {
			const { left, top, width, height } = element.getBoundingClientRect()
			const [x, y] = [left + width / 2, top + height / 2]
			const isHit = (dx: number, dy: number): boolean => {
				const at = document.elementFromPoint(x + dx, y + dy)
				if (at === null) return false
				const frame = at.closest('label, .field')
				return element.contains(at) || (frame?.contains(element) ?? false)
			}
			const go = (dx: number, dy: number): number => {
				let far = 0
				while (far < FAR && isHit(dx * (far + 1), dy * (far + 1))) far++
				return far
			}
			return isHit(0, 0)
				? { w: go(1, 0) + go(-1, 0) + 1, h: go(0, 1) + go(0, -1) + 1 }
				: { w: LEAST, h: LEAST } // something lies over it: not to be pressed now
		}
		return [...document.querySelectorAll('button, a[href], input, select, textarea, [role="tab"]')]
			.filter((element) => isSeen(element) && !element.matches('.skip, .pane > .scroll *, [type="range"]'))
			.map((element) => ({ element, ...reach(element) }))
			.filter(({ w, h }) => w < LEAST || h < LEAST)
			.map(
				({ element, w, h }) =>
					`${element.getAttribute('aria-label') ?? element.textContent.trim()}: ${String(w)} by ${String(h)}`,
			)
	})
const expectForThumbs = async (page: Page, what: string): Promise<void> => {
	expect.soft(await smallTargets(page), what).toEqual([])
	expect.soft(await isTooWide(page), what).toBe(false)
}

for (const [name, screen] of [
	['a phone', PHONE],
	['a tablet', TABLET],
] as const)
	test(`[AX3] on ${name} nothing is wider than the screen and the frame’s targets are large enough for a thumb`, async () => {
		const person = await sitDown(screen)
		const { page } = person
		await startFilm(person)
		for (const pane of ['queue', 'people', 'activity', 'chat'] as const) {
			await tab(page, pane).tap()
			await expectForThumbs(page, pane)
		}
		await inviteButton(page).tap()
		await expect(page.locator('[role="dialog"] svg.qr')).toBeVisible()
		await expectForThumbs(page, 'invite')
		await shutDialog(page)
		await settingsButton(page).tap()
		await expect(page.locator('dialog[open]')).toBeVisible()
		await expectForThumbs(page, 'room settings')
		await shutDialog(page)
		expectNoErrors(person)
		await person.close()
	})

test('[AX5] a phone on its side shows the stage alone; the panel is a sheet beside it, opened and closed by its button', async () => {
	const person = await sitDown(ON_ITS_SIDE)
	const { page } = person
	await startWith(person, `${app.url}/film/saltmarsh.webm`)
	await page.getByTestId('player').waitFor()
	const stage = page.locator('.house')
	await expect(stage).toBeVisible()
	await expect(header(page)).toBeHidden()
	await expect(tab(page, 'chat')).toBeHidden()
	expect((await stage.boundingBox())?.width).toBe(844)
	await page.getByRole('button', { name: 'Show the side panel' }).tap()
	await expect(tab(page, 'chat')).toBeVisible()
	const side = await page.locator('aside').boundingBox()
	expect(Math.round(side?.width ?? 0)).toBe(Math.round(844 * 0.4))
	expect((side?.x ?? 0) + (side?.width ?? 0)).toBe(844)
	await expectForThumbs(page, 'the sheet')
	await page.getByRole('button', { name: 'Hide the side panel' }).tap()
	await expect(tab(page, 'chat')).toBeHidden()
	await person.close()
})

test('[AX6] at 200 % every part of the room is there and within the window', async () => {
	const person = await sitDown(TWICE)
	const { page } = person
	await startFilm(person)
	const isInside = async (what: string, place: ReturnType<Page['locator']>): Promise<void> => {
		const box = await place.boundingBox()
		expect.soft(box !== null && box.x >= 0 && box.y >= 0, what).toBe(true)
		expect.soft((box?.x ?? 0) + (box?.width ?? 0), what).toBeLessThanOrEqual(TWICE.width)
		expect.soft((box?.y ?? 0) + (box?.height ?? 0), what).toBeLessThanOrEqual(TWICE.height)
	}
	for (const name of ['Invite', 'Room settings', 'Room menu', 'Full screen', 'Playback speed'])
		await isInside(name, page.getByRole('button', { name, exact: true }))
	await isInside('Seek', page.getByRole('slider', { name: 'Seek' }))
	for (const name of ['Chat', 'Queue', 'People', 'Activity'])
		await isInside(name, page.getByRole('tab', { name, exact: true }))
	await isInside('Message', page.getByRole('textbox', { name: 'Message' }))
	await tab(page, 'queue').click()
	await isInside('Add a video link', page.getByRole('textbox', { name: 'Add a video link' }))
	// What is larger than the window scrolls within it.
	await settingsButton(page).click()
	const last = page.getByRole('button', { name: 'Export the activity log' })
	await last.scrollIntoViewIfNeeded()
	await isInside('the last of the settings', last)
	expect(await isTooWide(page)).toBe(false)
	expectNoErrors(person)
	await person.close()
})

const focused = (page: Page): Promise<string> =>
	page.evaluate(() => {
		const at = document.activeElement
		return at?.getAttribute('aria-label') ?? at?.textContent.trim() ?? ''
	})

test('[AX7] the room by keyboard alone: skip links, tabs, menu and dialogs, and the focus comes back', async () => {
	const person = await sitDown(DESK)
	const { page } = person
	const { keyboard } = page
	await startFilm(person)
	// A page just opened begins at its top, unless its room is empty.
	await expect(page.getByTestId('player')).toBeVisible()
	await page.reload()
	await expect(inviteButton(page)).toBeVisible()
	await keyboard.press('Tab')
	expect(await focused(page)).toBe('Skip to the player')
	await keyboard.press('Enter')
	expect(await page.evaluate(() => document.activeElement?.id)).toBe('stage')
	expect(page.url(), 'the address has the room’s code still').not.toContain('stage')

	/** Forward, until something of this name has the focus. */
	const tabTo = async (name: string): Promise<void> => {
		for (let presses = 0; presses < 80; presses++) {
			await keyboard.press('Tab')
			if ((await focused(page)) === name) return
		}
		throw new Error(`Tab never came to ${name}`)
	}
	await tabTo('Chat')
	await keyboard.press('ArrowRight')
	expect(await focused(page)).toBe('Queue')
	await keyboard.press('End')
	expect(await focused(page)).toBe('Activity')
	await expect(page.getByRole('log', { name: 'Activity' })).toBeVisible()
	await keyboard.press('Home')
	await tabTo('Message')
	await keyboard.type('Written without a mouse')
	await keyboard.press('Enter')
	await expect(page.getByRole('log', { name: 'Chat messages' })).toContainText('Written without a mouse')

	// Round the page's end, past the skip links, to the header.
	await tabTo('Invite')
	await keyboard.press('Enter')
	await expect(page.getByText('Whoever has it can enter')).toBeVisible()
	await keyboard.press('Escape')
	expect(await focused(page)).toBe('Invite')
	await tabTo('Room settings')
	await keyboard.press('Enter')
	await expect(page.getByRole('dialog', { name: 'Room settings' })).toBeVisible()
	await keyboard.press('Escape')
	expect(await focused(page)).toBe('Room settings')
	await tabTo('Room menu')
	await keyboard.press('ArrowDown')
	await expect(page.getByRole('menu')).toBeVisible()
	await keyboard.press('Y')
	while ((await focused(page)) !== 'Your settings') await keyboard.press('ArrowDown')
	await keyboard.press('Enter')
	await expect(page.getByRole('dialog', { name: 'Your settings' })).toBeVisible()
	await keyboard.press('Escape')
	await expect.poll(() => focused(page)).toBe('Room menu')
	expectNoErrors(person)
	await person.close()
})

test('[AX8] with forced colours what is chosen and what has the focus have borders of their own', async () => {
	const person = await sitDown(DESK)
	const { page } = person
	await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
	await startFilm(person)
	const outline = (of: ReturnType<Page['locator']>): Promise<string> =>
		of.evaluate((element) => getComputedStyle(element).outlineStyle)
	expect(await outline(tab(page, 'chat'))).toBe('solid')
	expect(await outline(tab(page, 'queue'))).toBe('none')
	await inviteButton(page).focus()
	await page.keyboard.press('Shift+Tab')
	await page.keyboard.press('Tab')
	expect(await outline(inviteButton(page))).toBe('solid')
	await settingsButton(page).click()
	const chosen = page.locator('dialog[open] label:has(:checked)').first()
	expect(await outline(chosen)).toBe('solid')
	await person.close()
})

test('[AX10] a toast covers none of the controls, on any screen', async () => {
	for (const screen of [DESK, PHONE, TABLET, TWICE]) {
		const person = await sitDown(screen)
		const { page } = person
		await startFilm(person)
		const toast = page.locator('.toast')
		await expect(toast).toBeVisible()
		const box = await toast.boundingBox()
		const places = page.locator('.bar button, .bar input, header button, [role="tab"], textarea')
		for (const place of await places.all()) {
			const other = await place.boundingBox()
			if (box === null || other === null) continue
			const isApart =
				other.x >= box.x + box.width ||
				other.x + other.width <= box.x ||
				other.y >= box.y + box.height ||
				other.y + other.height <= box.y
			expect
				.soft(isApart, `${String(screen.width)}: ${(await place.getAttribute('aria-label')) ?? ''}`)
				.toBe(true)
		}
		await person.close()
	}
})

test('[AX11] changed in the room, the language holds for what the room itself says, and after a reload', async () => {
	const person = await sitDown(DESK)
	const { page } = person
	await startFilm(person)
	await expect(page.getByRole('status', { name: 'Room status' })).toContainText('Nobody else is here yet')
	await menuButton(page).click()
	await page.getByRole('menuitem', { name: 'Your settings' }).click()
	await page.getByRole('radio', { name: '中文' }).check({ force: true })
	await expect(page.getByRole('dialog', { name: '我的设置' })).toBeVisible()
	await shutDialog(page)
	await expect(page.locator('[role="status"]').first()).not.toContainText('Nobody')
	await expect(page.getByRole('tab', { name: '片单' })).toBeVisible()
	await page.reload()
	await expect(page.getByRole('tab', { name: '片单' })).toBeVisible()
	expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
	expectNoErrors(person)
	await person.close()
})
