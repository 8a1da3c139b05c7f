/**
 * A person at a browser, in the words of the interface: everything is found by its role and name (ux, section 9).
 */
import { expect, type Page } from '@playwright/test'
import type { Browser, BrowserContext } from 'playwright-core'

export const SAMPLE = '/film/saltmarsh.webm'

export interface Person {
	readonly page: Page
	readonly context: BrowserContext
	/** Page errors seen so far; every story ends by asserting that there were none. */
	readonly errors: string[]
	close(): Promise<void>
}

const DESKTOP = { width: 1280, height: 800 }

const enter = async (
	browser: Browser,
	viewport: { width: number; height: number },
	serviceWorkers: 'allow' | 'block',
): Promise<Person> => {
	const context = await browser.newContext({ viewport, serviceWorkers })
	const page = await context.newPage()
	const errors: string[] = []
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
	return { page, context, errors, close: () => context.close() }
}

/** Somebody whose browser does not keep the app, which costs as much as opening it: stories that are not about that. */
export const arrive = (browser: Browser, viewport = DESKTOP): Promise<Person> =>
	enter(browser, viewport, 'block')

/** Somebody with a browser as people have it: the app is kept on the device. */
export const arriveKeeping = (browser: Browser, viewport = DESKTOP): Promise<Person> =>
	enter(browser, viewport, 'allow')

/** Pastes `link` on the home page (nothing: an empty room) and waits for the room. Returns the room's link. */
export const startRoom = async ({ page }: Person, url: string, link: string | null): Promise<string> => {
	await page.goto(url)
	if (link !== null) await page.getByRole('textbox', { name: 'Video link' }).fill(link)
	await page.getByRole('button', { name: 'Start a room' }).click()
	await page.waitForURL(/\/r#/)
	await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
	return page.url()
}

export const joinRoom = async ({ page }: Person, link: string): Promise<void> => {
	await page.goto(link)
	await expect(page.getByRole('button', { name: 'Invite' })).toBeVisible()
}

/** The app is on the device of this person (`arriveKeeping`): what it has not fetched yet does not need the server any more. */
export const whenKept = ({ page }: Person): Promise<void> =>
	page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

const root = (page: Page) => page.locator('[data-room-state]')

/** Open links, as the room says. */
export const linkCount = async ({ page }: Person): Promise<number> =>
	Number(await root(page).getAttribute('data-link-count'))

export const waitForLinks = async (person: Person, count: number): Promise<void> => {
	await expect.poll(() => linkCount(person), { timeout: 60_000 }).toBe(count)
}

/** So many links, none of them through the server: what is said goes on when the server does not. */
export const waitForDirectLinks = async (person: Person, count: number): Promise<void> => {
	await waitForLinks(person, count)
	await expect(root(person.page)).toHaveAttribute('data-relayed-count', '0', { timeout: 60_000 })
}

/** A room with `film` on (null: an empty one) and so many people in it, all linked with each other. */
export const meet = async (
	browser: Browser,
	url: string,
	film: string | null,
	count: number,
): Promise<{ people: Person[]; link: string }> => {
	const first = await arrive(browser)
	const link = await startRoom(first, url, film)
	const people = [first]
	while (people.length < count) {
		const person = await arrive(browser)
		await joinRoom(person, link)
		await waitForLinks(person, people.length)
		people.push(person)
	}
	return { people, link }
}

export interface MediaReading {
	readonly positionS: number
	readonly isPaused: boolean
	readonly rate: number
	/** performance.timeOrigin + now at the reading: one scale for pages of one machine. */
	readonly atMs: number
	readonly readyState: number
}

/** What the media element itself says; not what our interface claims. */
export const readMedia = ({ page }: Person): Promise<MediaReading> =>
	page.getByTestId('player').evaluate((element) => {
		const media = element as HTMLMediaElement
		return {
			positionS: media.currentTime,
			isPaused: media.paused,
			rate: media.playbackRate,
			atMs: performance.timeOrigin + performance.now(),
			readyState: media.readyState,
		}
	})

export const waitForPlaying = async (person: Person): Promise<void> => {
	await expect
		.poll(async () => {
			const first = await readMedia(person)
			await person.page.waitForTimeout(200)
			const second = await readMedia(person)
			return !second.isPaused && second.positionS > first.positionS
		})
		.toBe(true)
}

/** |difference| of the two films' positions at one moment, in ms. */
export const differenceMs = async (a: Person, b: Person): Promise<number> => {
	const [first, second] = await Promise.all([readMedia(a), readMedia(b)])
	const rate = first.isPaused || second.isPaused ? 0 : first.rate
	return Math.abs((first.positionS - second.positionS) * 1000 - rate * (first.atMs - second.atMs))
}

/** Both play and stay within `limitMs` of each other (loose here: the benchmark measures). */
export const expectInStep = async (a: Person, b: Person, limitMs = 150): Promise<void> => {
	await expect.poll(() => differenceMs(a, b), { timeout: 60_000 }).toBeLessThan(limitMs)
}

export const openTab = async (
	{ page }: Pick<Person, 'page'>,
	name: 'Chat' | 'Queue' | 'People' | 'Activity',
): Promise<void> => {
	await page.getByRole('tab', { name, exact: true }).click()
}

export const say = async (person: Person, text: string): Promise<void> => {
	await openTab(person, 'Chat')
	await person.page.getByRole('textbox', { name: 'Message' }).fill(text)
	await person.page.getByRole('button', { name: 'Send' }).click()
}

export const expectToRead = async (person: Person, text: string): Promise<void> => {
	await openTab(person, 'Chat')
	await expect(person.page.getByRole('log', { name: 'Chat messages' })).toContainText(text)
}

/** The text of every message, read by scrolling up to the first: of a long chat only a window is on the page. */
export const readWholeChat = async (person: Pick<Person, 'page'>): Promise<string[]> => {
	await openTab(person, 'Chat')
	return person.page.getByRole('log', { name: 'Chat messages' }).evaluate(async (log) => {
		const texts = new Map<string, string>()
		const scroller = log.parentElement
		// Nothing new for so many looks: the first message is on the page.
		for (let stillFor = 0; stillFor < 8; stillFor++) {
			for (const row of log.querySelectorAll<HTMLElement>('[data-message]')) {
				const id = row.dataset['message'] ?? ''
				if (!texts.has(id)) stillFor = 0
				texts.set(id, row.textContent)
			}
			if (scroller) scroller.scrollTop = 0
			await new Promise((resolve) => setTimeout(resolve, 100))
		}
		return [...texts.values()]
	})
}

/** Draws every row of a long queue. */
export const showWholeQueue = async (person: Person): Promise<void> => {
	await openTab(person, 'Queue')
	const list = person.page.getByRole('list', { name: 'Queue items' })
	await expect(list.getByRole('listitem').first()).toBeVisible()
	const more = person.page.getByRole('button', { name: /^Show \d+ more$/ })
	for (let clicks = 0; clicks < 100 && (await more.count()) > 0; clicks++) {
		// It goes by itself when it comes into view.
		await more.click({ timeout: 2_000 }).catch(() => undefined)
		await person.page.waitForTimeout(50)
	}
	await expect(more).toHaveCount(0)
}

export const addToQueue = async ({ page }: Person, link: string): Promise<void> => {
	await page.getByRole('textbox', { name: 'Add a video link' }).fill(link)
	await page.getByRole('button', { name: 'Add to queue' }).click()
}

export const queueTitles = async (person: Person): Promise<string[]> => {
	await openTab(person, 'Queue')
	return person.page.getByRole('list', { name: 'Queue items' }).getByRole('listitem').allInnerTexts()
}

export const seekTo = async ({ page }: Person, fraction: number): Promise<void> => {
	const slider = page.getByRole('slider', { name: 'Seek' })
	const box = await slider.boundingBox()
	if (box === null) throw new Error('the seek bar is not on the screen')
	await page.mouse.click(box.x + box.width * fraction, box.y + 4)
}

/** The person's own name, as the People tab has it. */
export const nameOf = async (person: Person): Promise<string> => {
	await openTab(person, 'People')
	return person.page.getByRole('textbox', { name: 'Your name' }).inputValue()
}

export const rename = async (person: Person, name: string): Promise<void> => {
	await openTab(person, 'People')
	const field = person.page.getByRole('textbox', { name: 'Your name' })
	await field.fill(name)
	await field.press('Enter')
}

/** The row of somebody in the People tab. */
export const rowOf = ({ page }: Person, name: string) =>
	page
		.getByRole('list', { name: 'People' })
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: `Options for ${name}` }) })

/** Picks from the menu that somebody's row has. */
export const pickFor = async (person: Person, name: string, item: string | RegExp): Promise<void> => {
	await openTab(person, 'People')
	await person.page.getByRole('button', { name: `Options for ${name}` }).click()
	await person.page.getByRole('menuitem', { name: item }).click()
}

export const openSettings = async ({ page }: Person) => {
	await page.getByRole('button', { name: 'Room settings' }).click()
	return page.getByRole('dialog', { name: 'Room settings' })
}

export const expectNoErrors = (...people: readonly Person[]): void => {
	expect(people.flatMap((person) => person.errors)).toEqual([])
}
