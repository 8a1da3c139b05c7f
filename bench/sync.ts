/**
 * How closely two browsers stay in step: `npm run bench:sync`. Two Chromium processes, the sample film, 60 s of
 * positions read from the media elements every 20 ms against one clock. Then seeks from either side, and joiners.
 * Prints a table and writes bench/out/sync.json.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { startApp } from '../tests/support/app.ts'
import { launch } from '../tests/support/browsers.ts'
import { arrive, joinRoom, readMedia, seekTo, type Person } from '../tests/support/person.ts'

const STEADY_S = Number(process.env['STEADY_S'] ?? 60)
/** The issue of start-up: what happens before is not steady. */
const DROP_FIRST_S = 3
const SEEKS = Number(process.env['SEEKS'] ?? 8)
const JOINS = Number(process.env['JOINS'] ?? 8)
const SAMPLE_EVERY_MS = 20
const IN_STEP_MS = 40
const GAP_MAX_MS = 200

interface Sample {
	/** performance.timeOrigin + now: one scale for all pages of this machine. */
	readonly atMs: number
	readonly positionMs: number
	readonly isGood: boolean
}

/** Samples the page's player by itself until told to stop; reading from outside would measure the reading. */
const startSampling = ({ page }: Person): Promise<void> =>
	page.evaluate((everyMs) => {
		const samples: Sample[] = []
		const read = () => {
			const media = document.querySelector<HTMLMediaElement>('[data-testid="player"]')
			if (media === null) return
			samples.push({
				atMs: performance.timeOrigin + performance.now(),
				positionMs: media.currentTime * 1000,
				isGood: !media.paused && !media.seeking && media.readyState >= 3,
			})
		}
		const handle = setInterval(read, everyMs)
		Object.assign(globalThis, {
			takeSamples: () => {
				clearInterval(handle)
				return samples
			},
		})
	}, SAMPLE_EVERY_MS)

const takeSamples = ({ page }: Person): Promise<Sample[]> =>
	page.evaluate(() => (globalThis as unknown as { takeSamples: () => Sample[] }).takeSamples())

/** B's position at A's times, interpolated between neighbours at most 200 ms apart; |A − B| in ms. */
const differences = (a: readonly Sample[], b: readonly Sample[], fromMs: number): number[] => {
	const out: number[] = []
	let at = 0
	for (const sample of a) {
		if (sample.atMs < fromMs || !sample.isGood) continue
		while (at + 1 < b.length && (b[at + 1]?.atMs ?? Infinity) <= sample.atMs) at++
		const before = b[at]
		const after = b[at + 1]
		if (before === undefined || after === undefined || !before.isGood || !after.isGood) continue
		const gapMs = after.atMs - before.atMs
		if (before.atMs > sample.atMs || gapMs > GAP_MAX_MS || gapMs <= 0) continue
		const share = (sample.atMs - before.atMs) / gapMs
		out.push(
			Math.abs(sample.positionMs - (before.positionMs + share * (after.positionMs - before.positionMs))),
		)
	}
	return out
}

const percentile = (values: readonly number[], p: number): number => {
	const sorted = values.toSorted((x, y) => x - y)
	return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN
}

/** Ms from a click on the seek bar until both are, and stay for 300 ms, within 40 ms of the line they now share. */
const measureSeek = async (who: Person, other: Person, fraction: number): Promise<number> => {
	await startSampling(who)
	await startSampling(other)
	const before = await readMedia(who)
	const clickedMs = performance.timeOrigin + performance.now()
	await seekTo(who, fraction)
	await who.page.waitForTimeout(4_000)
	const a = await takeSamples(who)
	const b = await takeSamples(other)
	// The line: where both are a while later, traced back at rate 1.
	const settled = [a, b].map((samples) => {
		const late = samples.filter(({ atMs, isGood }) => isGood && atMs > clickedMs + 3_000)
		return percentile(
			late.map(({ atMs, positionMs }) => positionMs - atMs),
			50,
		)
	})
	const line = ((settled[0] ?? 0) + (settled[1] ?? 0)) / 2
	if (Math.abs(line + clickedMs - before.positionS * 1000) < 1_000) return Number.NaN // nothing was sought
	const lastOff = Math.max(
		...[a, b].map((samples) =>
			Math.max(
				clickedMs,
				...samples
					.filter(
						({ atMs, positionMs, isGood }) =>
							atMs > clickedMs && (!isGood || Math.abs(positionMs - atMs - line) > IN_STEP_MS),
					)
					.map(({ atMs }) => atMs),
			),
		),
	)
	return lastOff - clickedMs
}

/** Ms from opening the link until the joiner's film plays within 40 ms of the other's and stays there for 300 ms. */
const measureJoin = async (browser: Browser, other: Person, link: string): Promise<number> => {
	await startSampling(other)
	const joiner = await arrive(browser)
	await joiner.page.addInitScript((everyMs) => {
		const samples: Sample[] = []
		setInterval(() => {
			const media = document.querySelector<HTMLMediaElement>('[data-testid="player"]')
			if (media === null) return
			samples.push({
				atMs: performance.timeOrigin + performance.now(),
				positionMs: media.currentTime * 1000,
				isGood: !media.paused && !media.seeking && media.readyState >= 3,
			})
		}, everyMs)
		Object.assign(globalThis, { takeSamples: () => samples })
	}, SAMPLE_EVERY_MS)
	const openedMs = performance.timeOrigin + performance.now()
	await joinRoom(joiner, link)
	await joiner.page.waitForTimeout(5_000)
	const mine = await takeSamples(joiner)
	const theirs = await takeSamples(other)
	await joiner.close()
	let sinceMs: number | null = null
	for (const sample of mine) {
		const [difference] = differences([sample], theirs, 0)
		const isIn = difference !== undefined && difference <= IN_STEP_MS
		if (!isIn) sinceMs = null
		else sinceMs ??= sample.atMs
		if (sinceMs !== null && sample.atMs - sinceMs >= 300) return sinceMs - openedMs
	}
	return Number.NaN
}

const round = (value: number): number => Math.round(value * 10) / 10

const main = async () => {
	const app = await startApp()
	const browserA = await launch('chromium')
	const browserB = await launch('chromium')
	try {
		const alice = await arrive(browserA)
		const bob = await arrive(browserB)
		await alice.page.goto(app.url)
		await alice.page.getByText('Try it with our sample film').click()
		await alice.page.waitForURL(/\/r#/)
		await alice.page.getByTestId('player').waitFor()
		const link = alice.page.url()
		await joinRoom(bob, link)
		await bob.page.getByTestId('player').waitFor()

		await startSampling(alice)
		await startSampling(bob)
		const startedMs = performance.timeOrigin + performance.now()
		await alice.page.waitForTimeout((DROP_FIRST_S + STEADY_S) * 1000)
		const steady = differences(
			await takeSamples(alice),
			await takeSamples(bob),
			startedMs + DROP_FIRST_S * 1000,
		)

		const seeks: number[] = []
		for (let i = 0; i < SEEKS; i++) {
			const [who, other] = i % 2 === 0 ? [alice, bob] : [bob, alice]
			seeks.push(await measureSeek(who, other, i % 2 === 0 ? 0.15 : 0.45))
		}
		const joins: number[] = []
		for (let i = 0; i < JOINS; i++) {
			await seekTo(alice, 0.1)
			await alice.page.waitForTimeout(1_000)
			joins.push(await measureJoin(browserB, alice, link))
		}

		const result = {
			steady: {
				n: steady.length,
				p50: round(percentile(steady, 50)),
				p95: round(percentile(steady, 95)),
				p99: round(percentile(steady, 99)),
			},
			seekSettleMs: round(percentile(seeks, 50)),
			joinMs: round(percentile(joins, 50)),
		}
		console.table([
			{ what: '|A − B| steady, p50', ms: result.steady.p50, goal: 15 },
			{ what: '|A − B| steady, p95', ms: result.steady.p95, goal: 40 },
			{ what: '|A − B| steady, p99', ms: result.steady.p99, goal: '' },
			{
				what: `seek until both within ${String(IN_STEP_MS)} ms, median of ${String(SEEKS)}`,
				ms: result.seekSettleMs,
				goal: 1_500,
			},
			{ what: 'seek, worst', ms: round(Math.max(...seeks)), goal: '' },
			{ what: `page open until in step, median of ${String(JOINS)}`, ms: result.joinMs, goal: 3_000 },
			{ what: 'join, worst', ms: round(Math.max(...joins)), goal: '' },
		])
		console.log(
			`seeks ${seeks.map(round).join(' ')}; joins ${joins.map(round).join(' ')}; errors ${String(alice.errors.length + bob.errors.length)}`,
		)
		const folder = join(import.meta.dirname, 'out')
		await mkdir(folder, { recursive: true })
		await writeFile(join(folder, 'sync.json'), `${JSON.stringify(result, null, '\t')}\n`)
	} finally {
		await browserA.close()
		await browserB.close()
		await app.close()
	}
}

await main()
