/**
 * The players of files and HLS streams in real browsers, against an upstream with everything that films on the web
 * suffer from.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from 'playwright-core'
import type { MediaRef } from '#lib/core/media.ts'
import { launch, type BrowserKind } from '../support/browsers.ts'
import { ROOT } from '../support/source-files.ts'
import { startMedia, type MediaUpstream } from '../support/upstreams/media.ts'

/** Browsers on a loaded machine start late. */
const TOLERANCE_S = 0.2
const KINDS: readonly BrowserKind[] = ['chromium', 'firefox']

// Each worker has its own sites and browser.
test.describe.configure({ mode: 'parallel' })

let media: MediaUpstream
let browsers: Record<BrowserKind, Browser>
test.beforeAll(async () => {
	media = await startMedia()
	browsers = { chromium: await launch('chromium'), firefox: await launch('firefox') }
})
test.afterAll(async () => {
	await browsers.chromium.close()
	await browsers.firefox.close()
	await media.close()
})

const file = (url: string): MediaRef => ({ kind: 'file', url })
const hls = (url: string): MediaRef => ({ kind: 'hls', url })

const newPage = async (kind: BrowserKind = 'chromium'): Promise<Page> => {
	const page = await (await browsers[kind].newContext({ viewport: { width: 640, height: 360 } })).newPage()
	await page.goto(media.pageUrl)
	await page.waitForFunction(() => 'mediaLab' in window)
	return page
}
/** With the player opened on `ref`. */
const withPlayer = async (
	ref: MediaRef,
	use: (page: Page) => Promise<void>,
	kind: BrowserKind = 'chromium',
): Promise<void> => {
	const page = await newPage(kind)
	try {
		await page.evaluate((opened) => window.mediaLab.open(opened), ref)
		await use(page)
	} finally {
		await page.context().close()
	}
}
/** Milliseconds until the player is in that state, null if never. */
const untilState = (page: Page, type: string, mostMs = 10_000): Promise<number | null> =>
	page.evaluate(
		([wanted, most]) => window.mediaLab.until(() => window.mediaLab.player?.state().type === wanted, most),
		[type, mostMs] as const,
	)
const failureOf = (page: Page, mostMs: number) =>
	page.evaluate((most) => window.mediaLab.failure(most), mostMs)
const play = async (page: Page): Promise<void> => {
	expect(await untilState(page, 'ready')).not.toBeNull()
	expect(await page.evaluate(() => window.mediaLab.player?.play())).toBe('playing')
}
const facts = (page: Page) => page.evaluate(() => window.mediaLab.player?.facts())
const position = (page: Page) =>
	page.evaluate(() => window.mediaLab.player?.sample()?.positionS ?? Number.NaN)

for (const kind of KINDS) {
	test.describe(`in ${kind}`, () => {
		const sources: [string, () => MediaRef][] = [
			['a film', () => file(media.addFile('saltmarsh.webm').url)],
			['an HLS film', () => hls(media.addStream({ hasMaster: true }).url)],
		]
		for (const [what, source] of sources)
			test(`[PL90] ${what} keeps the contract of players`, async () => {
				const page = await newPage(kind)
				const report = await page.evaluate(([ref, toleranceS]) => window.mediaLab.contract(ref, toleranceS), [
					source(),
					TOLERANCE_S,
				] as const)
				await page.context().close()
				expect(report.failed).toEqual([])
				expect(report.passed.length).toBeGreaterThan(7)
			})
		test('[PL90] a sound file keeps the contract, and shows a background instead of a black picture', async () => {
			const page = await newPage(kind)
			const sound = { body: SOUND, contentType: 'audio/ogg' }
			const ref = file(media.addFile('saltmarsh.ogg', sound).url)
			await page.evaluate((opened) => window.mediaLab.open(opened), ref)
			expect(await untilState(page, 'ready')).not.toBeNull()
			const shown = await page.evaluate(() => {
				const element = window.mediaLab.player?.element
				return [element?.dataset['soundOnly'], element && getComputedStyle(element).backgroundImage]
			})
			expect(shown[0]).toBe('true')
			expect(shown[1]).toContain('gradient')
			await page.evaluate(() => window.mediaLab.player?.play())
			await page.waitForTimeout(1_500)
			const state = await page.evaluate(() => window.mediaLab.player?.state().type)
			// Firefox on a machine without a sound device plays films mute, and sound files not at all: that is told.
			const isMute = kind === 'firefox' && !(state === 'playing' && (await position(page)) > 0.5)
			if (isMute) expect(['failed', 'stalled', 'playing']).toContain(state)
			else {
				const report = await page.evaluate(
					([opened, toleranceS]) => window.mediaLab.contract(opened, toleranceS),
					[ref, TOLERANCE_S] as const,
				)
				expect(report.failed).toEqual([])
			}
			await page.context().close()
		})

		test(
			'[PL91] a live stream with dates is placed by them, and two in one room show the same moment',
			{ tag: '@alone' },
			async () => {
				const { url } = media.addStream({ type: 'live', dateWobbleMs: 30 })
				const pages = [await newPage(kind), await newPage(kind)] as const
				const needs: number[] = []
				for (const [i, page] of pages.entries()) {
					await page.evaluate((ref) => window.mediaLab.open(ref), hls(url))
					expect(await untilState(page, 'ready')).not.toBeNull()
					const told = await facts(page)
					expect(told).toMatchObject({ isLive: true, timeline: 'date', durationS: null })
					needs.push(told?.liveLatencyMs ?? Number.NaN)
					// The second comes later and sees another window.
					if (i === 0) await page.waitForTimeout(2_300)
				}
				for (const need of needs) expect(need).toBeGreaterThan(2_000)
				for (const need of needs) expect(need).toBeLessThan(6_000)
				const commonMs = Math.max(...needs)
				const began = Date.now()
				for (const page of pages)
					await page.evaluate((latencyMs) => window.mediaLab.followLive(latencyMs, 0), commonMs)
				await pages[0].waitForTimeout(6_000)
				// Read in each page by itself, against the clock they share on this machine.
				const lags = await Promise.all(
					pages.map((page) =>
						page.evaluate(async () => {
							const read: number[] = []
							for (let i = 0; i < 100; i++) {
								const sample = window.mediaLab.player?.sample()
								if (sample) read.push(sample.atLocalMs - sample.positionS * 1000)
								await window.mediaLab.wait(40)
							}
							return read.sort((a, b) => a - b)
						}),
					),
				)
				const middle = lags.map((read) => read[read.length >> 1] ?? Number.NaN)
				expect(Math.abs((middle[0] ?? 0) - (middle[1] ?? 0))).toBeLessThan(40)
				for (const lagMs of middle) expect(Math.abs(lagMs - commonMs)).toBeLessThan(40)
				// What is seen is what the stream says of it: the stream's second at that date.
				const seen = await pages[0].evaluate(() => ({
					positionS: window.mediaLab.player?.sample()?.positionS ?? Number.NaN,
					stalls: window.mediaLab.events.filter((e) => e.type === 'state' && e.state.type === 'stalled')
						.length,
				}))
				expect(seen.positionS * 1000).toBeGreaterThan(began - commonMs)
				expect(seen.stalls).toBeLessThan(2)
				for (const page of pages) await page.context().close()
			},
		)
	})
}

const SOUND = readFileSync(join(ROOT, 'tests/support/upstreams/media-film/sound.ogg'))

test.describe('live streams', () => {
	test('[PL92] hls.js corrects nothing by itself: neither the speed nor the place', async () => {
		const { url } = media.addStream({ type: 'live', windowParts: 30 })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			const before = await page.evaluate(() => {
				const element = window.mediaLab.player?.element as HTMLVideoElement
				const lab = window.mediaLab
				lab.player?.seek(lab.local() / 1000 - 20)
				lab.player?.setRate(0.97, false)
				return element.playbackRate
			})
			expect(before).toBe(0.97)
			await page.waitForTimeout(6_000)
			const after = await page.evaluate(() => {
				const element = window.mediaLab.player?.element as HTMLVideoElement
				const sample = window.mediaLab.player?.sample()
				return {
					rate: element.playbackRate,
					lagS: (sample?.atLocalMs ?? 0) / 1000 - (sample?.positionS ?? 0),
				}
			})
			expect(after.rate).toBe(0.97)
			expect(after.lagS).toBeGreaterThan(19.5)
			expect(after.lagS).toBeLessThan(21)
		})
	})
	test('[PL122] subtitles of a stream are in the element’s own list, off until one is shown, and come then', async () => {
		const vtt = media.addFile('de.vtt', {
			cors: true,
			body: Buffer.from('WEBVTT\n\n00:00:00.000 --> 00:00:30.000\nGuten Abend\n'),
		})
		const list = media.addFile('de.m3u8', {
			cors: true,
			body: Buffer.from(
				`#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:30\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:30,\n${vtt.url}\n#EXT-X-ENDLIST\n`,
			),
		})
		const { url: pictures } = media.addStream()
		const { url } = media.addFile('film.m3u8', {
			cors: true,
			body: Buffer.from(
				[
					'#EXTM3U',
					`#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,URI="${list.url}"`,
					'#EXT-X-STREAM-INF:BANDWIDTH=800000,SUBTITLES="subs"',
					pictures,
					'',
				].join('\n'),
			),
		})
		await withPlayer(hls(url), async (page) => {
			await play(page)
			const tracks = () =>
				page.evaluate(() => {
					const { textTracks } = window.mediaLab.player?.element as HTMLVideoElement
					return [...textTracks].map(({ kind, label, language, mode }) => ({ kind, label, language, mode }))
				})
			await expect.poll(tracks).toHaveLength(1)
			const [track] = await tracks()
			expect(track).toMatchObject({ kind: 'subtitles', label: 'Deutsch', language: 'de' })
			expect(track?.mode).not.toBe('showing')
			const cues = await page.evaluate(async () => {
				const [first] = (window.mediaLab.player?.element as HTMLVideoElement).textTracks
				if (first === undefined) return []
				first.mode = 'showing'
				await window.mediaLab.until(() => (first.cues?.length ?? 0) > 0, 10_000)
				return [...(first.cues ?? [])].map((cue) => (cue as VTTCue).text)
			})
			expect(cues).toEqual(['Guten Abend'])
			expect((await tracks())[0]?.mode).toBe('showing')
		})
	})
	test('[PL93] dates that jump with the stream’s clock and cuts in its times move the position with them', async () => {
		const began = Date.now() - 60_000
		const jump = { atPart: 66, byMs: 7_000 }
		const { url } = media.addStream({ type: 'live', beganMs: began, cutEvery: 16, dateJump: jump })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			const offsets = await page.evaluate(async () => {
				const element = window.mediaLab.player?.element as HTMLVideoElement
				const seen: number[] = []
				for (let i = 0; i < 120; i++) {
					const sample = window.mediaLab.player?.sample()
					if (sample) seen.push((sample.positionS - element.currentTime) * 1000)
					await window.mediaLab.wait(100)
				}
				return seen
			})
			const first = offsets[0] ?? Number.NaN
			const last = offsets.at(-1) ?? Number.NaN
			expect(Math.abs(last - first - jump.byMs)).toBeLessThan(60)
			// One step, not a slide: nearly all readings are before or after it.
			const between = offsets.filter((o) => Math.abs(o - first) > 60 && Math.abs(o - last) > 60)
			expect(between.length).toBeLessThan(3)
		})
	})
	test('[PL91] a stream whose clock is an hour and more off is still placed near the present', async () => {
		const { url } = media.addStream({ type: 'live', dateOffsetMs: 8 * 3_600_000 })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			const lagS = (await page.evaluate(() => window.mediaLab.local() / 1000)) - (await position(page))
			expect(lagS).toBeGreaterThan(1)
			expect(lagS).toBeLessThan(8)
			expect((await facts(page))?.liveLatencyMs).toBeLessThan(6_000)
		})
	})
	test('[PL91] a moment that has left the window, or has not come yet, is answered with the nearest there is', async () => {
		const { url } = media.addStream({ type: 'live', windowParts: 10 })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			const lagAfter = async (lagS: number) => {
				await page.evaluate((lag) => {
					window.mediaLab.player?.seek(window.mediaLab.local() / 1000 - lag)
				}, lagS)
				await untilState(page, 'playing')
				return (await page.evaluate(() => window.mediaLab.local() / 1000)) - (await position(page))
			}
			const early = await lagAfter(3_600)
			expect(early).toBeGreaterThan(7)
			expect(early).toBeLessThan(13)
			const late = await lagAfter(-60)
			expect(late).toBeLessThan(4)
		})
	})
	test('[PL94] a live stream without dates plays, says so, and cannot be moved; after a pause it is live again', async () => {
		const { url } = media.addStream({ type: 'live', hasDates: false })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			expect(await facts(page)).toMatchObject({ isLive: true, timeline: 'none' })
			expect(await page.evaluate(() => window.mediaLab.player?.can)).toMatchObject({
				seek: 'none',
				read: 'none',
			})
			expect(await page.evaluate(() => window.mediaLab.player?.sample())).toBeNull()
			const time = () =>
				page.evaluate(() => (window.mediaLab.player?.element as HTMLVideoElement).currentTime)
			const before = await time()
			await page.evaluate(() => window.mediaLab.player?.pause())
			await page.waitForTimeout(8_000)
			await page.evaluate(() => window.mediaLab.player?.play())
			await untilState(page, 'playing')
			expect(await time()).toBeGreaterThan(before + 5)
		})
	})
	test('[PL94] an event that forgets nothing is counted from its beginning', async () => {
		const { url } = media.addStream({ type: 'event', hasDates: false, beganMs: Date.now() - 30_000 })
		await withPlayer(hls(url), async (page) => {
			expect(await untilState(page, 'ready')).not.toBeNull()
			expect(await facts(page)).toMatchObject({ isLive: true, timeline: 'media' })
			await page.evaluate(() => window.mediaLab.player?.seek(4))
			await untilState(page, 'ready')
			expect(await position(page)).toBeCloseTo(4, 1)
		})
	})
	test('[PL95] a live stream that says it is over is played to its end', async () => {
		const began = Date.now() - 30_000
		const { url } = media.addStream({ type: 'live', beganMs: began, lastPart: 33, end: 'endlist' })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			expect(await untilState(page, 'ended', 20_000)).not.toBeNull()
			expect(await facts(page)).toMatchObject({ timeline: 'date', durationS: null })
		})
	})
	test('[PL95] one whose playlist is gone is shown to the last part, then told to have ended', async () => {
		const began = Date.now() - 30_000
		const { url } = media.addStream({ type: 'live', beganMs: began, lastPart: 33, end: 'gone' })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			expect(await failureOf(page, 30_000)).toMatchObject({ type: 'live-ended' })
		})
	})
	test('[PL95] a part of a live stream that is missing is no end: it goes on at the newest', async () => {
		const began = Date.now() - 30_000
		const partStatus = { 36: 404 }
		const { url } = media.addStream({ type: 'live', beganMs: began, partStatus })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			await page.waitForTimeout(14_000)
			expect(await untilState(page, 'playing', 10_000)).not.toBeNull()
			expect(await position(page)).toBeGreaterThan(began / 1000 + 37)
		})
	})
})

/** So long may it take until a load that never begins is told. */
const LIMIT_MS = 20_000
/** Twenty-six pages at once have other delays than one. */
const BUSY_MS = 10_000
const filmBytes = readFileSync(join(ROOT, 'static/film/saltmarsh.webm'))

interface BadFilm {
	readonly what: string
	readonly source: () => MediaRef
	readonly failure: Record<string, unknown>
	/** Left out: the limit. */
	readonly withinMs?: number
}
const badFiles: readonly BadFilm[] = [
	{
		what: 'a file that is gone',
		source: () => file(media.addFile('a.mp4', { status: 404 }).url),
		failure: { type: 'not-found', status: 404 },
	},
	{
		what: 'a private file',
		source: () => file(media.addFile('a.mp4', { status: 403 }).url),
		failure: { type: 'private', status: 403 },
	},
	{
		what: 'a file behind a login',
		source: () => file(media.addFile('a.mp4', { status: 401 }).url),
		failure: { type: 'private', status: 401 },
	},
	{
		what: 'a server in trouble',
		source: () => file(media.addFile('a.mp4', { status: 503 }).url),
		failure: { type: 'not-found', status: 503 },
	},
	{
		what: 'a file of no length',
		source: () => file(media.addFile('a.mp4', { body: Buffer.alloc(0) }).url),
		failure: { type: 'empty' },
	},
	{
		what: 'a file of no length from a server without ranges',
		source: () => file(media.addFile('a.mp4', { body: Buffer.alloc(0), ranges: false }).url),
		failure: { type: 'empty' },
	},
	{
		what: 'a web page',
		source: () =>
			file(media.addFile('a.mp4', { body: Buffer.from('<p>no film</p>'), contentType: 'text/html' }).url),
		failure: { type: 'not-media', contentType: 'text/html' },
	},
	{
		what: 'something that is no film',
		source: () => file(media.addFile('a.mp4', { body: Buffer.from('not really a film') }).url),
		failure: { type: 'codec' },
	},
	{
		what: 'a site that hides what it says',
		source: () => file(media.addFile('a.mp4', { status: 404, cors: false }).url),
		failure: { type: 'cors' },
	},
	{
		what: 'an address that leads in a circle',
		source: () => file(media.addFile('a.mp4', { redirect: 'loop' }).url),
		failure: { type: 'redirects' },
	},
	{
		what: 'nobody at the address',
		source: () => file('http://localhost:9/a.mp4'),
		failure: { type: 'unreachable' },
	},
	{
		what: 'a server that never answers',
		source: () => file(media.addFile('a.webm', { hang: 'before-head' }).url),
		failure: { type: 'unreachable' },
	},
	{
		what: 'a server that answers and sends nothing',
		source: () => file(media.addFile('a.webm', { hang: 'after-head' }).url),
		failure: { type: 'unreachable' },
	},
	{
		what: 'garbage without end',
		source: () => file(media.addFile('a.webm', { endless: true }).url),
		failure: { type: 'codec' },
	},
	{
		what: 'a playlist that is gone',
		source: () => hls(media.addFile('a.m3u8', { status: 404 }).url),
		failure: { type: 'not-found', status: 404 },
	},
	{
		what: 'a private playlist',
		source: () => hls(media.addFile('a.m3u8', { status: 403 }).url),
		failure: { type: 'private', status: 403 },
	},
	{
		what: 'an empty playlist',
		source: () => hls(media.addFile('a.m3u8', { body: Buffer.alloc(0) }).url),
		failure: { type: 'empty' },
	},
	{
		what: 'a playlist of nothing',
		source: () => hls(media.addStream({ parts: 0 }).url),
		failure: { type: 'empty' },
	},
	{
		what: 'a web page in the place of a playlist',
		source: () => hls(media.addFile('a.m3u8', { body: Buffer.from('<p>no list</p>') }).url),
		failure: { type: 'not-media' },
	},
	{
		what: '50 MB in the place of a playlist',
		source: () => hls(media.addFile('a.m3u8', { body: Buffer.alloc(50_000_000, '#EXTM3U\n') }).url),
		failure: { type: 'too-big', what: 'playlist' },
	},
	{
		what: 'a playlist without end',
		source: () => hls(media.addFile('a.m3u8', { endless: true }).url),
		failure: { type: 'too-big', what: 'playlist' },
	},
	{
		what: 'a playlist that never comes',
		source: () => hls(media.addFile('a.m3u8', { hang: 'before-head' }).url),
		failure: { type: 'unreachable' },
	},
	{
		what: 'a playlist whose parts never come',
		source: () => hls(media.addStream({ partStatus: { 0: 'hang' } }).url),
		failure: { type: 'unreachable' },
	},
	{
		what: 'a playlist whose parts are gone',
		source: () => hls(media.addStream({ partStatus: { 0: 404 } }).url),
		failure: { type: 'not-found', status: 404 },
	},
	{
		what: 'a playlist whose parts are no film',
		source: () => hls(media.addStream({ partBody: Buffer.from('no film') }).url),
		failure: { type: 'not-media' },
	},
	{
		what: 'a playlist in a circle',
		source: () => hls(media.addFile('a.m3u8', { redirect: 'loop' }).url),
		failure: { type: 'redirects' },
	},
]

test.describe('bad films', () => {
	for (const kind of KINDS)
		test(`[PL96] each is told for what it is within 20 s, in ${kind}`, { tag: '@alone' }, async () => {
			// All at once: most of them are a wait. The limit is the player's; starting pages on a busy machine is not.
			const told = await Promise.all(
				badFiles.map(async ({ what, source, failure }) => {
					let found: Awaited<ReturnType<typeof failureOf>> = null
					await withPlayer(
						source(),
						async (page) => {
							found = await failureOf(page, 40_000)
						},
						kind,
					)
					return { what, failure, found: found as Awaited<ReturnType<typeof failureOf>> }
				}),
			)
			for (const { what, failure, found } of told) {
				expect.soft(found, what).toMatchObject(failure)
				expect.soft(found?.afterMs, what).toBeLessThan(LIMIT_MS + BUSY_MS)
			}
		})
	test('[PL106] HLS from a site that lets nobody read it plays in the browser’s own player, where there is one', async () => {
		const { url } = media.addStream({ cors: false })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			await page.waitForTimeout(1_000)
			expect(await position(page)).toBeGreaterThan(0.5)
		})
		const noPlayer = async (page: Page) => {
			expect(await failureOf(page, LIMIT_MS)).toMatchObject({ type: 'cors' })
		}
		await withPlayer(hls(url), noPlayer, 'firefox')
	})
	for (const kind of KINDS)
		test(`[PL97] a file that breaks off is shown to there, then told with the place, in ${kind}`, async () => {
			const { url } = media.addFile('a.webm', { body: filmBytes.subarray(0, 100_000) })
			await withPlayer(
				file(url),
				async (page) => {
					await play(page)
					const found = await failureOf(page, 15_000)
					expect(found).toMatchObject({ type: 'broken-off' })
					expect((found as unknown as { atS: number }).atS).toBeGreaterThan(2)
				},
				kind,
			)
		})
	for (const kind of KINDS)
		test(`[PL98] what can only be had from its beginning plays and says that it cannot be sought, in ${kind}`, async () => {
			const { url } = media.addFile('a.webm', { ranges: false, throttleBytesPerS: 200_000 })
			await withPlayer(
				file(url),
				async (page) => {
					await play(page)
					expect(await page.evaluate(() => window.mediaLab.player?.can.seek)).toBe('none')
					await page.waitForTimeout(1_500)
					await page.evaluate(() => window.mediaLab.player?.seek(100))
					await page.waitForTimeout(300)
					const at = await position(page)
					expect(at).toBeGreaterThan(1)
					expect(at).toBeLessThan(20)
				},
				kind,
			)
		})
	for (const kind of KINDS)
		test(`[PL99] a network that stands still for a while is a stall, and then it goes on, in ${kind}`, async () => {
			const slow = { throttleBytesPerS: 60_000, stallAtByte: 260_000, stallForMs: 9_000 }
			const { url } = media.addFile('a.webm', slow)
			await withPlayer(
				file(url),
				async (page) => {
					await play(page)
					// Starting may be a moment's stall too; this one is later.
					await page.evaluate(() =>
						window.mediaLab.until(() => (window.mediaLab.player?.sample()?.positionS ?? 0) > 3),
					)
					expect(await untilState(page, 'stalled', 20_000)).not.toBeNull()
					const at = await position(page)
					expect(at).toBeGreaterThan(3)
					expect(await untilState(page, 'playing', 20_000)).not.toBeNull()
					await page.waitForTimeout(500)
					expect(await position(page)).toBeGreaterThan(at)
				},
				kind,
			)
		})
	test('[PL99] a part of an HLS film that hangs is a stall, asked for again', async () => {
		const { url, switches } = media.addStream({ partStatus: { 5: 'hang' } })
		await withPlayer(hls(url), async (page) => {
			await play(page)
			expect(await untilState(page, 'stalled', 12_000)).not.toBeNull()
			switches.partStatus = {}
			expect(await untilState(page, 'playing', 20_000)).not.toBeNull()
		})
	})
	test('[PL99] a server that goes silent in mid-film is asked again, and the film goes on where it was', async () => {
		const { url, switches } = media.addFile('a.webm', { throttleBytesPerS: 40_000, stallAtByte: 150_000 })
		switches.stallForMs = Infinity
		await withPlayer(file(url), async (page) => {
			await play(page)
			expect(await untilState(page, 'stalled', 30_000)).not.toBeNull()
			const at = await position(page)
			await page.waitForTimeout(16_000)
			switches.stallForMs = 0
			expect(await untilState(page, 'playing', 30_000)).not.toBeNull()
			await page.waitForTimeout(1_000)
			expect(await position(page)).toBeGreaterThan(at)
		})
	})
})
