/**
 * What the screens cost a person: `npm run bench:ui`. Lighthouse over the front page and a room with the sample film,
 * the script of a room before its player, interactions in a full room, long tasks while a film plays in step, and the
 * change from one film to the next. Prints tables and writes bench/out/ui.json.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import type { Browser, Page } from 'playwright-core'
import { startApp } from '../tests/support/app.ts'
import { launch } from '../tests/support/browsers.ts'
import {
	arriveKeeping as arrive,
	joinRoom,
	linkCount,
	openTab,
	startRoom,
	waitForPlaying,
} from '../tests/support/person.ts'
import { measureChangeOver } from './ui/change-over.ts'
import { fillRoom } from './ui/full-room.ts'
import { measure, quantile, watchInteractions } from './ui/interactions.ts'
import { ensureLighthouse, score, type Score } from './ui/lighthouse.ts'

const RUNS = Number(process.env['RUNS'] ?? 3)
const FULL = {
	messages: Number(process.env['MESSAGES'] ?? 1_000),
	videos: Number(process.env['VIDEOS'] ?? 300),
	people: Number(process.env['PEOPLE'] ?? 100),
}
const PLAY_MS = 5_000

const median = (values: readonly number[]): number => quantile(values, 0.5)
const round = (value: number): number => Math.round(value * 100) / 100

/** Lighthouse itself sometimes loses the beginning of a page and says to run it again. */
const TRIES = 3
const scoreOnce = async (url: string, categories: readonly string[]): Promise<Score> => {
	for (let tries = 1; ; tries++)
		try {
			return await score(url, categories)
		} catch (error) {
			if (tries === TRIES) throw error
			console.warn(error instanceof Error ? error.message : error)
		}
}

const scoreOften = async (url: string, categories: readonly string[]) => {
	const runs: Score[] = []
	for (let run = 0; run < RUNS; run++) runs.push(await scoreOnce(url, categories))
	const medians = (of: 'scores' | 'metrics') =>
		Object.fromEntries(
			Object.keys(runs[0]?.[of] ?? {}).map((name) => [
				name,
				round(median(runs.map((run) => run[of][name] ?? NaN))),
			]),
		)
	return {
		scores: medians('scores'),
		metrics: medians('metrics'),
		failures: [...new Set(runs.flatMap(({ failures }) => failures))],
		warnings: [...new Set(runs.flatMap(({ warnings }) => warnings))],
	}
}

/** Gzipped, as an operator's proxy would; without the service worker, which fetches the whole app beside the page. */
const weighRoom = async (browser: Browser, link: string) => {
	const context = await browser.newContext({ serviceWorkers: 'block' })
	const page = await context.newPage()
	const scripts = new Map<string, Promise<number>>()
	page.on('response', (response) => {
		if (response.request().resourceType() === 'script')
			scripts.set(
				new URL(response.url()).pathname,
				response.body().then((body) => gzipSync(body).length),
			)
	})
	await page.goto(link)
	await page.getByRole('button', { name: 'Invite' }).waitFor()
	await page.waitForLoadState('networkidle')
	const sizes = await Promise.all(scripts.values())
	await context.close()
	return { kilobytes: round(sizes.reduce((sum, size) => sum + size, 0) / 1024), files: sizes.length }
}

const longTasksOf = async (page: Page): Promise<readonly number[]> =>
	page.evaluate(
		(forMs) =>
			new Promise<number[]>((resolve) => {
				const tasks: number[] = []
				new PerformanceObserver((list) => {
					for (const entry of list.getEntries()) tasks.push(entry.duration)
				}).observe({ type: 'longtask', buffered: false })
				setTimeout(() => resolve(tasks), forMs)
			}),
		PLAY_MS,
	)

const inFullRoom = async (browser: Browser, url: string) => {
	const alice = await arrive(browser)
	const link = await startRoom(alice, url, null)
	await alice.page.waitForTimeout(2_000)
	const crowd = await fillRoom(link, FULL)
	try {
		await expect.poll(() => linkCount(alice), { timeout: 60_000 }).toBeGreaterThan(0)
		const { page } = alice
		await openTab(alice, 'Chat')
		await page.getByText('Line 99 of 9').waitFor({ timeout: 60_000 })
		await page.waitForTimeout(3_000)
		const take = await watchInteractions(page)
		const message = page.getByRole('textbox', { name: 'Message' })
		const tabs = ['Queue', 'People', 'Activity', 'Chat'] as const
		const told = [
			await measure(page, take, 'a tab', 20, (n) =>
				page.getByRole('tab', { name: tabs[n % 4] ?? 'Chat' }).click(),
			),
			await message.focus().then(() => measure(page, take, 'a letter', 40, () => page.keyboard.press('a'))),
			await measure(page, take, 'send', 8, async (n) => {
				await message.fill(`Said ${String(n)}`)
				await page.keyboard.press('Enter')
			}),
		]
		await openTab(alice, 'Queue')
		const item = page.getByRole('list', { name: 'Queue items' }).getByRole('listitem')
		told.push(
			await measure(page, take, 'vote', 8, (n) =>
				item
					.nth(n + 3)
					.getByRole('button', { name: 'Vote' })
					.click(),
			),
			await measure(page, take, 'move down', 8, (n) =>
				item
					.nth(n + 3)
					.getByRole('button', { name: 'Move down' })
					.click(),
			),
		)
		await openTab(alice, 'People')
		told.push(
			await measure(page, take, 'menu of a person', 8, async (n) => {
				await page
					.getByRole('button', { name: /^Options for/ })
					.nth(n)
					.click()
				await page.keyboard.press('Escape')
			}),
		)
		const all = told.flatMap((group) => group.all)
		return {
			people: await page.getByRole('list', { name: 'People' }).getByRole('listitem').count(),
			p75Ms: quantile(all, 0.75),
			worstMs: Math.max(...all),
			groups: told.map(({ name, count, p75Ms, worstMs }) => ({ name, count, p75Ms, worstMs })),
		}
	} finally {
		await crowd.close()
		await alice.close()
	}
}

await ensureLighthouse()
const app = await startApp()
const browser = await launch('chromium')
try {
	const home = await scoreOften(app.url, ['performance', 'accessibility', 'best-practices', 'seo'])
	console.log('\nThe front page')
	console.table([home.scores, home.metrics])
	console.log(home.failures.join('\n'))

	const alice = await arrive(browser)
	const link = await startRoom(alice, app.url, `${app.url}/film/saltmarsh.webm`)
	await waitForPlaying(alice)
	const room = await scoreOften(link, ['performance', 'accessibility', 'best-practices'])
	console.log('\nA room with the sample film')
	console.table([room.scores, room.metrics])
	console.log(room.failures.join('\n'))

	const bob = await arrive(browser)
	await joinRoom(bob, link)
	await waitForPlaying(bob)
	await bob.page.waitForTimeout(5_000)
	const longTasksMs = await longTasksOf(bob.page)
	await bob.close()
	const script = await weighRoom(browser, link)
	await alice.close()
	console.log(`\nscript of the room with all its player: ${String(script.kilobytes)} KB gzip`)
	console.log(`long tasks in 5 s of playback in step: ${longTasksMs.map(round).join(', ') || 'none'}`)

	const changeOver = await measureChangeOver(browser, app.url)
	console.log('\nFrom one film to the next, for each of two people (at most 1,000 ms)')
	console.table(changeOver)

	const full = await inFullRoom(browser, app.url)
	console.log(
		`\nInteraction to next paint in a room of ${JSON.stringify(FULL)} (${String(full.people)} rows of people)`,
	)
	console.table(full.groups)
	console.log(`p75 ${String(full.p75Ms)} ms (at most 100), worst ${String(full.worstMs)} ms`)

	const dir = join(import.meta.dirname, 'out')
	await mkdir(dir, { recursive: true })
	const out = { runs: RUNS, home, room, script, longTasksMs, changeOver, fullRoom: { of: FULL, ...full } }
	await writeFile(join(dir, 'ui.json'), `${JSON.stringify(out, null, '\t')}\n`)
} finally {
	await browser.close()
	await app.close()
}
process.exit()
