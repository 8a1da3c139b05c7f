/**
 * What a person does with the popup over a site's page, and how the site's own video stands.
 */
import { expect, type Page } from '@playwright/test'
import { lookUpRoom } from '../../support/node-member.ts'
import { readMedia, type MediaReading, type Person } from '../../support/person.ts'

const setServer = async (popup: Page, server: string): Promise<void> => {
	const field = popup.getByRole('textbox', { name: 'Server' })
	await expect(field).toBeVisible()
	if ((await field.inputValue()) !== server) await field.fill(server)
}

const roomLink = async (popup: Page): Promise<string> => {
	await expect(popup.getByRole('button', { name: 'Leave the room' })).toBeVisible()
	return popup.getByText(/\/r#/).innerText()
}

/** Starts a room with the page under the popup. Returns the room's link. */
export const startFrom = async (popup: Page, server: string): Promise<string> => {
	await setServer(popup, server)
	await popup.getByRole('button', { name: 'Start a room with this page' }).click()
	const link = await roomLink(popup)
	// The server hears of a new room a moment after the person sees it.
	await expect(async () => void (await lookUpRoom(link))).toPass()
	return link
}

/** Joins by a link or a code. Returns the room's link. */
export const joinFrom = async (popup: Page, server: string, text: string): Promise<string> => {
	await setServer(popup, server)
	await popup.getByRole('textbox', { name: 'Room code or link' }).fill(text)
	await popup.getByRole('button', { name: 'Join' }).click()
	return roomLink(popup)
}

export const leaveFrom = async (popup: Page): Promise<void> => {
	await popup.getByRole('button', { name: 'Leave the room' }).click()
	await expect(popup.getByRole('button', { name: 'Start a room with this page' })).toBeVisible()
	await popup.close()
}

/** The value of an expression in a world of its own: what a page's scripts have done to theirs does not show. */
export const lookAt = async (page: Page, expression: string): Promise<unknown> => {
	const cdp = await page.context().newCDPSession(page)
	try {
		const { frameTree } = await cdp.send('Page.getFrameTree')
		const made = await cdp.send('Page.createIsolatedWorld', {
			frameId: frameTree.frame.id,
			worldName: 'looker',
		})
		const { result } = await cdp.send('Runtime.evaluate', {
			expression,
			contextId: made.executionContextId,
			returnByValue: true,
		})
		return result.value
	} finally {
		await cdp.detach()
	}
}

/** The value of this is a MediaReading, or null: of the largest video on the page. */
export const READ_VIDEO = `(() => {
	const [video] = [...document.getElementsByTagName('video')].sort(
		(a, b) => b.clientWidth * b.clientHeight - a.clientWidth * a.clientHeight,
	)
	return video === undefined ? null : {
		positionS: video.currentTime,
		isPaused: video.paused,
		rate: video.playbackRate,
		atMs: performance.timeOrigin + performance.now(),
		readyState: video.readyState,
	}
})()`

/** What the site's video itself says, the largest on the page. */
export const readVideo = async (page: Page): Promise<MediaReading> => {
	const reading = (await lookAt(page, READ_VIDEO)) as MediaReading | null
	if (reading === null) throw new Error('there is no video')
	return reading
}

export const expectPlaying = async (page: Page): Promise<void> => {
	await expect
		.poll(async () => {
			const first = await readVideo(page)
			await page.waitForTimeout(200)
			const second = await readVideo(page)
			return !second.isPaused && second.positionS > first.positionS
		})
		.toBe(true)
}

export type Watcher = Page | Person
const readOf = (watcher: Watcher): Promise<MediaReading> =>
	'page' in watcher && typeof watcher.page !== 'function' ? readMedia(watcher) : readVideo(watcher as Page)

export const isPaused = async (watcher: Watcher): Promise<boolean> => (await readOf(watcher)).isPaused
export const positionS = async (watcher: Watcher): Promise<number> => (await readOf(watcher)).positionS

/** |difference| of two films' positions at one moment, in ms. */
export const apartMs = async (a: Watcher, b: Watcher): Promise<number> => {
	const [first, second] = await Promise.all([readOf(a), readOf(b)])
	const rate = first.isPaused || second.isPaused ? 0 : first.rate
	return Math.abs((first.positionS - second.positionS) * 1000 - rate * (first.atMs - second.atMs))
}

/** Within `limitMs` of each other (loose here: the benchmark measures). */
export const expectNear = async (a: Watcher, b: Watcher, limitMs = 150): Promise<void> => {
	await expect.poll(() => apartMs(a, b), { timeout: 60_000 }).toBeLessThan(limitMs)
}
