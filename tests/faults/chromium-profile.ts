/**
 * Chromium as a process of our own with a profile on disk, so that it, or one of its pages, can be ended from one
 * moment to the next and started again with what it had kept.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, chromiumPath } from '../support/browsers.ts'

const UP_DEADLINE_MS = 60_000
const BUSY_MS = 120

interface ProcessInfo {
	readonly type: string
	readonly id: number
	readonly cpuTime: number
}

export interface ChromiumProfile {
	context(): BrowserContext
	/** Finds the process that runs `page`; what comes back sends SIGKILL to that one, at once. */
	aimAt(page: Page): Promise<() => Promise<void>>
	/** SIGKILL to the browser itself, with all that hangs on it. */
	killBrowser(): Promise<void>
	/** Again, with the same profile; `prepare` each new context. */
	start(): Promise<BrowserContext>
	close(): Promise<void>
}

export const createChromiumProfile = async (): Promise<ChromiumProfile> => {
	const folder = await mkdtemp(join(tmpdir(), 'matinee-profile-'))
	let child: ChildProcess | null = null
	let browser: Browser | null = null
	let context: BrowserContext | null = null

	const portOf = async (): Promise<string> => {
		const untilMs = Date.now() + UP_DEADLINE_MS
		for (;;) {
			const text = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '') // not there yet
			const [port = ''] = text.split('\n')
			if (port !== '') return port
			if (child?.exitCode !== null || Date.now() > untilMs) throw new Error('Chromium did not come up')
			await new Promise((resolve) => setTimeout(resolve, 50))
		}
	}

	const start = async (): Promise<BrowserContext> => {
		await rm(join(folder, 'DevToolsActivePort'), { force: true })
		child = spawn(
			chromiumPath(),
			[
				...CHROMIUM_ARGS,
				'--headless=new',
				'--window-size=1280,900',
				'--remote-debugging-port=0',
				`--user-data-dir=${folder}`,
				'--hide-crash-restore-bubble',
				'--autoplay-policy=no-user-gesture-required',
				'about:blank',
			],
			{ stdio: 'ignore' },
		)
		browser = await chromium.connectOverCDP(`http://127.0.0.1:${await portOf()}`)
		const [first] = browser.contexts()
		if (first === undefined) throw new Error('Chromium has no window')
		context = first
		return first
	}

	const processes = async (): Promise<readonly ProcessInfo[]> => {
		const session = await (browser as Browser).newBrowserCDPSession()
		const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
			processInfo: readonly ProcessInfo[]
		}
		await session.detach()
		return processInfo.filter(({ type }) => type === 'renderer')
	}
	/** The one that gets busy when the page does. */
	const rendererOf = async (page: Page): Promise<number> => {
		const before = new Map((await processes()).map(({ id, cpuTime }) => [id, cpuTime]))
		await page.evaluate((forMs) => {
			const untilMs = performance.now() + forMs
			while (performance.now() < untilMs);
		}, BUSY_MS)
		const [busiest] = (await processes()).toSorted(
			(a, b) => b.cpuTime - (before.get(b.id) ?? 0) - (a.cpuTime - (before.get(a.id) ?? 0)),
		)
		if (busiest === undefined) throw new Error('no renderer')
		return busiest.id
	}

	const killBrowser = async () => {
		const running = child
		child = null
		if (running === null || running.exitCode !== null) return
		running.kill('SIGKILL')
		await once(running, 'exit')
		await browser?.close().catch(() => undefined) // the connection is dead already
	}

	await start()
	return {
		context: () => {
			if (context === null) throw new Error('not started')
			return context
		},
		aimAt: async (page) => {
			const pid = await rendererOf(page)
			return async () => {
				process.kill(pid, 'SIGKILL')
				await page.close().catch(() => undefined) // it is gone
			}
		},
		killBrowser,
		start,
		close: async () => {
			await killBrowser()
			await rm(folder, { recursive: true, force: true, maxRetries: 5 })
		},
	}
}
