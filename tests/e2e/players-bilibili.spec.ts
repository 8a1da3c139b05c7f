/**
 * Bilibili in a real Chromium against its fake: what can be had of a player that hears nothing, and what an extension's
 * script in its frame changes.
 */
import { expect, test, type Page } from '@playwright/test'
import type { MediaRef } from '#lib/core/media.ts'
import { followScript } from '../support/upstreams/bilibili-follow.ts'
import {
	bilibiliSwitches,
	createFakeBilibili,
	SALTMARSH,
	SLOWER_HEADER,
} from '../support/upstreams/bilibili.ts'
import { startLab, type PlayerLab } from '../support/upstreams/player-lab.ts'

const switches = bilibiliSwitches()
const MEDIA: MediaRef = { kind: 'bilibili', id: SALTMARSH.bvid, page: 1 }

// Each worker has its own sites and browser.
test.describe.configure({ mode: 'parallel' })

let lab: PlayerLab
test.beforeAll(async () => {
	lab = await startLab([createFakeBilibili(switches)])
})
test.afterAll(() => lab.close())
test.afterEach(() => {
	Object.assign(switches, bilibiliSwitches())
})

/** A page that somebody has touched, as a room's page is once a name was typed. */
const touchedPage = async (): Promise<Page> => {
	const page = await lab.newPage()
	await page.mouse.click(5, 5)
	return page
}
interface Film {
	readonly positionS: number
	readonly isPaused: boolean
	readonly isMuted: boolean
	/** performance.timeOrigin + now() there. */
	readonly atMs: number
}
/** What really goes on in the frame, which the adapter cannot see. */
const film = async (page: Page): Promise<Film> => {
	for (let tries = 0; ; tries++) {
		try {
			const frame = page.frames().find((one) => one.url().startsWith('https://player.bilibili.com'))
			if (!frame) throw new Error('no frame')
			return await frame.evaluate(() => {
				const video = document.querySelector('video')
				if (!video) throw new Error('no film')
				return {
					positionS: video.currentTime,
					isPaused: video.paused,
					isMuted: video.muted,
					atMs: performance.timeOrigin + performance.now(),
				}
			})
		} catch (error) {
			// It is being loaded anew just now.
			if (tries === 20) throw error
			await new Promise((resolve) => setTimeout(resolve, 250))
		}
	}
}
const open = async (page: Page, media: MediaRef = MEDIA): Promise<void> => {
	await page.evaluate(async (ref) => {
		const player = await window.lab.open(ref)
		if (!(await window.lab.until(() => player.state().type === 'ready'))) throw new Error('never ready')
	}, media)
}

test('[PL110] Bilibili keeps the contract as far as its abilities go', async () => {
	const page = await touchedPage()
	const report = await page.evaluate((media) => window.lab.contract(media, 0.5), MEDIA)
	expect(report.failed).toEqual([])
	expect(report.skipped.length).toBeGreaterThan(3)
	await page.context().close()
})

test('[PL111] play, pause and seek are loads at whole seconds, and leave no trace in the history', async () => {
	const page = await touchedPage()
	await open(page)
	const before = await page.evaluate(() => history.length)
	await page.evaluate(async () => {
		const { player, until } = window.lab
		player?.seek(42.9)
		await player?.play()
		await until(() => player?.state().type === 'playing')
	})
	await expect.poll(async () => (await film(page)).positionS).toBeGreaterThan(42.5)
	expect((await film(page)).isPaused).toBe(false)
	await page.evaluate(async () => {
		const { player, until } = window.lab
		player?.pause()
		player?.seek(60)
		await until(() => player?.state().type === 'paused')
	})
	await expect.poll(async () => (await film(page)).positionS).toBe(60)
	expect((await film(page)).isPaused).toBe(true)
	const asked = lab.upstreams.log.filter((line) => line.includes('/player.html')).slice(-2)
	expect(asked[0]).toContain(`bvid=${SALTMARSH.bvid}&p=1&t=42&autoplay=1&danmaku=0&muted=0`)
	expect(asked[1]).toContain('&t=60&autoplay=0')
	expect(await page.evaluate(() => history.length)).toBe(before)
	await page.context().close()
})

test('[PL116] a frame that hangs is told after 15 s', async () => {
	switches.hangs = true
	const page = await touchedPage()
	const failure = await page.evaluate(async (media) => {
		const player = await window.lab.open(media)
		await window.lab.until(() => player.state().type === 'failed', 18_000)
		return player.state()
	}, MEDIA)
	expect(failure).toEqual({ type: 'failed', failure: { type: 'no-answer', site: 'Bilibili' } })
	await page.context().close()
})

test('[PL119] with an extension’s script in its frame it keeps the whole contract', async () => {
	switches.hasScript = true
	const page = await touchedPage()
	const report = await page.evaluate(async (media) => {
		// The contract asks at the first `ready`; the script is heard right after it.
		const player = await window.lab.open(media)
		await window.lab.until(() => player.can.read === 'reports')
		return { can: player.can, report: await window.lab.contract(media, 0.35) }
	}, MEDIA)
	expect(report.can).toEqual({ rate: 'fine', seek: 'direct', read: 'reports', volume: true })
	expect(report.report.failed).toEqual([])
	await page.context().close()
})

interface Member {
	readonly page: Page
	vector(positionS: number, isPlaying: boolean, atMs: number): Promise<void>
	roomNow(): Promise<number>
}
/** Somebody in a room; `slowerMs`: the site takes so much longer for them. */
const member = async (clockOffsetMs: number, slowerMs: number): Promise<Member> => {
	const page = await touchedPage()
	if (slowerMs > 0) await page.setExtraHTTPHeaders({ [SLOWER_HEADER]: String(slowerMs) })
	await open(page)
	await page.evaluate(await followScript())
	await page.evaluate((offsetMs) => window.followRoom(offsetMs), clockOffsetMs)
	return {
		page,
		vector: (positionS, isPlaying, atMs) =>
			page.evaluate(([s, playing, ms]) => window.room.vector(s, playing, ms), [
				positionS,
				isPlaying,
				atMs,
			] as const),
		roomNow: () => page.evaluate(() => window.room.roomNow()),
	}
}
/** A's film minus B's, in seconds, both at the same moment. */
const apart = async (a: Member, b: Member): Promise<number> => {
	const [one, other] = await Promise.all([film(a.page), film(b.page)])
	expect([one.isPaused, other.isPaused]).toEqual([false, false])
	return one.positionS - other.positionS - (one.atMs - other.atMs) / 1000
}
const ever = async (members: readonly Member[], fromS: number): Promise<void> => {
	for (const { page } of members)
		await expect.poll(async () => (await film(page)).positionS, { timeout: 15_000 }).toBeGreaterThan(fromS)
}

const startBoth = async (
	both: readonly [Member, Member],
	positionS: number,
	isPlaying: boolean,
	inMs: number,
): Promise<number> => {
	const atMs = (await both[0].roomNow()) + inMs
	await Promise.all(both.map((one) => one.vector(positionS, isPlaying, atMs)))
	return atMs
}
/** A busy machine loads a frame late now and then, as a busy site does: the median of some seeks. */
const apartAfterSeeks = async (
	both: readonly [Member, Member],
	places: readonly number[],
): Promise<number> => {
	const found: number[] = []
	for (const place of places) {
		await startBoth(both, place, true, 0)
		await ever(both, place + 1)
		found.push(await apart(...both))
	}
	return found.sort((a, b) => a - b)[found.length >> 1] ?? Number.NaN
}

test(
	'[PL120] two members follow a room by loads, about a second apart, nearer once told how far off',
	{ tag: '@alone' },
	async () => {
		const both = [await member(0, 0), await member(0, 1_500)] as const
		const [quick, slow] = both
		// A start that is far enough away is waited for, and its moment is known.
		const startMs = await startBoth(both, 0, true, 5_000)
		await expect.poll(() => quick.page.evaluate(() => window.room.status().startsAtMs)).toBe(startMs)
		expect(await quick.page.evaluate(() => window.room.status().doing.type)).toBe('waiting')
		await ever(both, 1)
		const before = await apartAfterSeeks(both, [10, 25, 40])
		await slow.page.evaluate((ms) => window.room.correct(ms), before * 1_000)
		await slow.page.waitForTimeout(4_000)
		const after = await apartAfterSeeks(both, [50, 65, 80])
		// A pause: both stand at the same second.
		await startBoth(both, 90.4, false, 0)
		for (const { page } of both) {
			await expect.poll(async () => (await film(page)).positionS, { timeout: 15_000 }).toBe(90)
			expect((await film(page)).isPaused).toBe(true)
		}
		console.log(`apart ${before.toFixed(2)} s, once told ${after.toFixed(2)} s`)
		// The slower loads were seen and paid in advance; a person's word takes care of what cannot be seen.
		expect(Math.abs(before)).toBeLessThan(2)
		expect(Math.abs(after)).toBeLessThan(2)
		for (const { page } of both) await page.context().close()
	},
)

test(
	'[PL120] two like members are within a second of each other after a start and seeks',
	{ tag: '@alone' },
	async () => {
		const both = [await member(0, 0), await member(0, 0)] as const
		await startBoth(both, 5, true, 2_500)
		await ever(both, 6)
		const found = await apartAfterSeeks(both, [20, 50, 80])
		console.log(`apart ${found.toFixed(2)} s`)
		expect(Math.abs(found)).toBeLessThan(1)
		for (const { page } of both) await page.context().close()
	},
)
