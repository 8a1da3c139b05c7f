/**
 * YouTube's and Vimeo's players led by the app's own follow loop, judged by the film inside the frame.
 */
import { expect, test } from '@playwright/test'
import type { Frame, Page } from 'playwright-core'
import type { MediaRef } from '#lib/core/media.ts'
import { followScript } from '../support/upstreams/bilibili-follow.ts'
import { startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'
import { createFakeVimeo, vimeoSwitches } from '../support/upstreams/vimeo.ts'
import { createFakeYouTube, youtubeSwitches } from '../support/upstreams/youtube.ts'

const CLOCK_OFFSET_MS = 123_456.7
/** No measurement: a busy machine makes these players late again and again. */
const IN_STEP_MS = 150

const youtube = youtubeSwitches()
let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([createFakeYouTube(youtube), createFakeVimeo(vimeoSwitches())])
})
test.afterAll(() => lab.close())

interface Led {
	readonly page: Page
	readonly frame: Frame
	/** A new vector of the room; `inMs` from now. */
	vector(positionS: number, isPlaying: boolean, inMs: number): Promise<void>
	/** Target minus the film's true place, + = behind. */
	errorMs(): Promise<number>
}

const lead = async (media: MediaRef): Promise<Led> => {
	const page = await lab.newPage()
	await page.evaluate(await followScript())
	await page.evaluate(
		async ([ref, offsetMs]) => {
			const player = await window.lab.open(ref)
			await window.lab.until(() => player.state().type === 'ready')
			window.followRoom(offsetMs)
		},
		[media, CLOCK_OFFSET_MS] as const,
	)
	const frame = page.frames().at(-1)
	if (!frame) throw new Error('no embed')
	let room = { positionS: 0, isPlaying: false, atMs: 0 }
	return {
		page,
		frame,
		async vector(positionS, isPlaying, inMs) {
			const atMs = await page.evaluate(
				([toS, plays, ms]) => {
					const at = window.room.roomNow() + ms
					window.room.vector(toS, plays, at)
					return at
				},
				[positionS, isPlaying, inMs] as const,
			)
			room = { positionS, isPlaying, atMs }
		},
		async errorMs() {
			const { filmS, atMs } = await frame.evaluate(() => ({
				filmS: document.querySelector('video')?.currentTime ?? NaN,
				atMs: performance.timeOrigin + performance.now(),
			}))
			const elapsedMs = room.isPlaying ? Math.max(0, atMs + CLOCK_OFFSET_MS - room.atMs) : 0
			return room.positionS * 1000 + elapsedMs - filmS * 1000
		},
	}
}
const inStep = (led: Led): Promise<void> =>
	expect.poll(async () => Math.abs(await led.errorMs()), { timeout: 40_000 }).toBeLessThan(IN_STEP_MS)

for (const media of [
	{ kind: 'youtube', id: 'sAltMar5h_0' },
	{ kind: 'vimeo', id: '76979871' },
] as const)
	test(`[PL42] ${media.kind} takes the room’s place, starts, seeks and pauses with it, and comes back after a stall`, async () => {
		const led = await lead(media)
		await led.vector(20, true, 500)
		await inStep(led)
		await led.vector(60, true, 0)
		await inStep(led)
		await led.vector(63.5, false, 0)
		await expect.poll(async () => Math.abs(await led.errorMs())).toBeLessThan(50)
		await led.vector(63.5, true, 500)
		await inStep(led)
		await led.frame.evaluate('hand.stall(1200)')
		await led.page.waitForTimeout(1_500)
		await inStep(led)
		expect(
			await led.page.evaluate(() => window.lab.events.filter(({ type }) => type === 'user-intent')),
		).toEqual([])
		await led.page.context().close()
	})

test('[PL42] after an ad of its own, YouTube takes the place the room has reached meanwhile', async () => {
	youtube.preRollS = 4
	const led = await lead({ kind: 'youtube', id: 'sAltMar5h_0' })
	await led.page.mouse.click(5, 5)
	await led.vector(20, true, 500)
	await expect.poll(() => led.page.evaluate(() => window.room.status().doing.type)).toBe('ad')
	await inStep(led)
	expect(await led.frame.evaluate(() => document.querySelector('video')?.currentTime ?? 0)).toBeGreaterThan(
		24,
	)
	await led.page.context().close()
})
