/**
 * What each person sets for their own watching, and what steers the room from outside of the page.
 */
import { expect, test } from '@playwright/test'
import type { Browser } from 'playwright-core'
import { startApp, type AppServer } from '../support/app.ts'
import { launch } from '../support/browsers.ts'
import {
	arrive,
	expectNoErrors,
	joinRoom,
	meet,
	openTab,
	readMedia,
	SAMPLE,
	waitForLinks,
	waitForPlaying,
	type Person,
} from '../support/person.ts'

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

const two = async () => {
	const { people, link } = await meet(browser, app.url, app.url + SAMPLE, 2)
	const [alice, bob] = people as [Person, Person]
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	return { alice, bob, link }
}

const time = (seconds: number) =>
	`00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')},000`
/** "line 0" for the first two seconds, "line 1" for the next, … */
const srt = Array.from(
	{ length: 300 },
	(_, n) => `${String(n + 1)}\n${time(n * 2)} --> ${time(n * 2 + 2)}\nline <i>${String(n)}</i>\n`,
).join('\n')

const drop = async ({ page }: Person, name: string, text: string): Promise<void> => {
	const dataTransfer = await page.evaluateHandle(
		([fileName, content]) => {
			const transfer = new DataTransfer()
			transfer.items.add(new File([content!], fileName!))
			return transfer
		},
		[name, text],
	)
	for (const event of ['dragenter', 'dragover', 'drop'])
		await page.getByTestId('player').dispatchEvent(event, { dataTransfer })
}

/** How far what stands on the picture is from what the film's own second asks for, in lines. */
const linesOff = ({ page }: Person): Promise<number> =>
	page.evaluate(() => {
		const film = document.querySelector<HTMLVideoElement>('[data-testid="player"]')
		const shown = document.querySelector('[data-testid="cues"]')?.textContent ?? ''
		const line = /line (\d+)/.exec(shown)?.[1]
		if (!film || line === undefined) return Infinity
		const lateBy = film.currentTime / 2 - Number(line)
		// At the turn from one line to the next either is right.
		return lateBy > -0.15 && lateBy < 1.15 ? 0 : lateBy
	})

test('[WT1] subtitles dropped by one stand over the other’s film at the right second, and each turns them as they like', async () => {
	const { alice, bob } = await two()
	await drop(alice, 'saltmarsh.en.srt', srt)
	await expect(alice.page.getByText('saltmarsh.en.srt was added for everybody.')).toBeVisible()
	await expect.poll(() => linesOff(alice)).toBe(0)
	await expect.poll(() => linesOff(bob)).toBe(0)
	await bob.page.getByRole('button', { name: 'Subtitles' }).click()
	const panel = bob.page.getByRole('dialog', { name: 'Subtitles' })
	await expect(panel.getByRole('combobox', { name: 'Shown to you' })).toContainText(
		'saltmarsh.en.srt (English)',
	)
	for (let i = 0; i < 3; i++) await panel.getByRole('button', { name: '0.1 s later' }).click()
	await expect(panel.getByText('+0.3 s')).toBeVisible()
	await panel.getByRole('combobox', { name: 'Shown to you' }).selectOption({ label: 'Off' })
	await expect(bob.page.getByTestId('cues')).toHaveCount(0)
	await expect.poll(() => linesOff(alice)).toBe(0)
	await bob.page.keyboard.press('Escape')
	await expect(panel).toHaveCount(0)
	await bob.page.reload()
	await waitForPlaying(bob)
	await expect(bob.page.getByTestId('cues')).toHaveCount(0)
	await drop(alice, 'novel.srt', 'Chapter one. It was late.')
	await expect(alice.page.getByText(/novel\.srt holds no subtitles that can be read/)).toBeVisible()
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[WT6] media keys steer the room for everybody, and are refused where a button would be', async () => {
	const alice = await arrive(browser)
	await alice.context.addInitScript(() => {
		const handlers = new Map<string, MediaSessionActionHandler | null>()
		Object.assign(window, { mediaKeys: handlers })
		const { setActionHandler } = MediaSession.prototype
		MediaSession.prototype.setActionHandler = function (action, handler) {
			handlers.set(action, handler)
			setActionHandler.call(this, action, handler)
		}
	})
	await alice.page.goto(app.url)
	await alice.page.getByRole('textbox', { name: 'Video link' }).fill(app.url + SAMPLE)
	await alice.page.getByRole('button', { name: 'Start a room' }).click()
	await alice.page.waitForURL(/\/r#/)
	const bob = await arrive(browser)
	await joinRoom(bob, alice.page.url())
	await waitForLinks(bob, 1)
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	const press = (action: string, details: object = {}): Promise<void> =>
		alice.page.evaluate(
			([name, more]) => {
				const { mediaKeys } = window as unknown as { mediaKeys: Map<string, (details: object) => void> }
				mediaKeys.get(name)!({ action: name, ...more })
			},
			[action, details] as const,
		)
	await expect
		.poll(() => alice.page.evaluate(() => navigator.mediaSession.metadata?.title ?? ''), { timeout: 20_000 })
		.not.toBe('')
	await press('pause')
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	expect(await alice.page.evaluate(() => navigator.mediaSession.playbackState)).toBe('paused')
	await press('seekto', { seekTime: 12 })
	await expect.poll(async () => (await readMedia(bob)).positionS).toBeCloseTo(12, 0)
	await press('seekforward')
	await expect.poll(async () => (await readMedia(bob)).positionS).toBeCloseTo(22, 0)
	await press('play')
	await waitForPlaying(bob)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[WT5] the picture goes into its own window where that can be, and the keys are listed and keep still while typing', async () => {
	const { alice, bob } = await two()
	const pip = alice.page.getByRole('button', { name: 'Picture in picture' })
	await expect(pip).toBeVisible({ timeout: 20_000 })
	const can = await alice.page.evaluate(() => document.pictureInPictureEnabled)
	await expect(pip).toHaveAttribute(
		'title',
		can ? 'Picture in picture' : /This browser gives pages no picture in picture/,
	)
	await alice.page.keyboard.press('?')
	const keys = alice.page.getByRole('dialog', { name: 'Keyboard' })
	await expect(keys).toContainText('Play or pause')
	await alice.page.keyboard.press('k')
	await alice.page.waitForTimeout(300)
	expect((await readMedia(bob)).isPaused).toBe(false)
	await alice.page.keyboard.press('Escape')
	const field = alice.page.getByRole('textbox', { name: 'Message' })
	await field.click()
	await alice.page.keyboard.type('kjl ')
	await expect(field).toHaveValue('kjl ')
	expect((await readMedia(bob)).isPaused).toBe(false)
	await alice.page.locator('#stage').focus()
	await alice.page.keyboard.press('Shift+K')
	await alice.page.waitForTimeout(300)
	expect((await readMedia(bob)).isPaused).toBe(false)
	await alice.page.keyboard.press('k')
	await expect.poll(async () => (await readMedia(bob)).isPaused).toBe(true)
	expectNoErrors(alice, bob)
	await alice.close()
	await bob.close()
})

test('[WT14] a remote has chat, queue and controls without a film, says what it is, and holds nobody up', async () => {
	const { alice, bob } = await two()
	const remote = await arrive(browser, { width: 390, height: 844 })
	await joinRoom(remote, bob.page.url().replace('/r#', '/r?view=remote#'))
	await waitForLinks(remote, 2)
	await expect(remote.page.getByText('This is a remote: the film plays elsewhere.')).toBeVisible()
	expect(await remote.page.getByTestId('player').count()).toBe(0)
	await openTab(alice, 'People')
	await expect(alice.page.getByRole('list', { name: 'People' })).toContainText('Remote')
	await remote.page.getByRole('button', { name: 'Pause' }).click()
	await expect.poll(async () => (await readMedia(alice)).isPaused).toBe(true)
	await remote.page.getByRole('button', { name: 'Play', exact: true }).click()
	await waitForPlaying(alice)
	await waitForPlaying(bob)
	await remote.page.getByRole('button', { name: 'More' }).click()
	await remote.page.getByRole('link', { name: 'Watch here' }).click()
	await waitForPlaying(remote)
	expectNoErrors(alice, bob, remote)
	await remote.close()
	await alice.close()
	await bob.close()
})
