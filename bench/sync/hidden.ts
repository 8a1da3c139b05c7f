/**
 * A really hidden tab: a browser of its own without the driver's focus emulation, spoken to by its raw debugging
 * socket. Hiding is bringing another tab to the front.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spread } from '#lib/follow/figures.ts'
import type { Person } from '../../tests/support/person.ts'
import { probe } from '../page/probe.ts'
import { looksOf, nowMs, wait } from './pair.ts'
import { differences, IN_STEP_MS, spread, toLooks, type Look } from './readings.ts'
import { CHROMIUM_ARGS, probeOptions, type Character, type World } from './world.ts'

const UP_DEADLINE_MS = 20_000

interface Tab {
	send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>
	evaluate<T>(expression: string): Promise<T>
	close(): void
}

const openTab = async (socketUrl: string): Promise<Tab> => {
	const socket = new WebSocket(socketUrl)
	await new Promise((resolve, reject) => {
		socket.addEventListener('open', resolve)
		socket.addEventListener('error', () => reject(new Error('no debugging socket')))
	})
	let lastId = 0
	const waiting = new Map<number, (message: Record<string, unknown>) => void>()
	socket.addEventListener('message', ({ data }) => {
		const message = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> }
		if (message.id === undefined) return
		waiting.get(message.id)?.(message.result ?? {})
		waiting.delete(message.id)
	})
	const send: Tab['send'] = (method, params = {}) =>
		new Promise((resolve) => {
			const id = ++lastId
			waiting.set(id, resolve)
			socket.send(JSON.stringify({ id, method, params }))
		})
	return {
		send,
		evaluate: async <T>(expression: string) => {
			const { result } = await send('Runtime.evaluate', {
				expression,
				returnByValue: true,
				awaitPromise: true,
			})
			return (result as { value: T }).value
		},
		close: () => socket.close(),
	}
}

export interface Hidden {
	/** Difference to the visible one while hidden. */
	readonly between: Spread
	readonly wasHidden: boolean
	/** From being visible again until within 40 ms for good; null: not in the time watched. */
	readonly backInStepMs: number | null
}

/** `who` joins in a browser of its own, is hidden for `hiddenS`, and comes back. */
export const measureHidden = async (
	world: World,
	who: Character,
	visible: Person,
	link: string,
	hiddenS: number,
): Promise<Hidden> => {
	const profile = await mkdtemp(join(tmpdir(), 'matinee-hidden-'))
	const browser = spawn(
		world.executable(who.place),
		[
			...CHROMIUM_ARGS,
			'--headless=new',
			'--remote-debugging-port=0',
			`--user-data-dir=${profile}`,
			'about:blank',
		],
		{ stdio: 'ignore', detached: true },
	)
	try {
		const deadline = nowMs() + UP_DEADLINE_MS
		let port = ''
		while (port === '') {
			await wait(100)
			port = await readFile(join(profile, 'DevToolsActivePort'), 'utf8').then(
				(text) => text.split('\n')[0] ?? '',
				() => '', // not up yet
			)
			if (nowMs() > deadline) throw new Error('the browser for the hidden tab did not come up')
		}
		const http = `http://127.0.0.1:${port}`
		const newTab = async () =>
			(await (await fetch(`${http}/json/new?about:blank`, { method: 'PUT' })).json()) as {
				id: string
				webSocketDebuggerUrl: string
			}
		const film = await newTab()
		const other = await newTab()
		const bring = async (id: string) => {
			await fetch(`${http}/json/activate/${id}`)
		}
		const tab = await openTab(film.webSocketDebuggerUrl)
		await tab.send('Page.enable')
		await tab.send('Page.setBypassCSP', { enabled: true })
		await tab.send('Page.addScriptToEvaluateOnNewDocument', {
			source: `(${probe.toString()})(${JSON.stringify(probeOptions(who, 'ours'))})`,
		})
		await bring(film.id)
		await tab.send('Page.navigate', { url: link })
		const looks = async (fromMs: number): Promise<Look[]> =>
			toLooks(JSON.parse(await tab.evaluate<string>('JSON.stringify(rig.rows)')) as (number | null)[]).filter(
				({ atMs }) => atMs >= fromMs,
			)
		await wait(8_000)
		await bring(other.id)
		await wait(1_000)
		const hiddenAt = nowMs()
		const isHidden = await tab.evaluate<string>('document.visibilityState')
		await wait(hiddenS * 1000)
		await bring(film.id)
		const backAt = nowMs()
		await wait(5_000)
		const theirs = await looksOf(visible, hiddenAt)
		const mine = await looks(hiddenAt)
		const all = differences(theirs, mine)
		// Hidden, the probe looks only once a second or so: interpolating asks for neighbours, so each look of theirs is joined.
		const away = differences(mine, theirs).filter(({ atMs }) => atMs < backAt)
		const after = all.filter(({ atMs }) => atMs >= backAt)
		const lastOff = after.findLast(({ value }) => Math.abs(value) > IN_STEP_MS)
		const isBack = after.at(-1) !== undefined && Math.abs(after.at(-1)?.value ?? Infinity) <= IN_STEP_MS
		tab.close()
		return {
			between: spread(away),
			wasHidden: isHidden === 'hidden',
			backInStepMs: isBack ? Math.max(0, (lastOff?.atMs ?? backAt) - backAt) : null,
		}
	} finally {
		if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL')
		if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit')
		await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
	}
}
