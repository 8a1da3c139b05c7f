/**
 * Firefox with the extension's build for it, spoken to by WebDriver BiDi itself: Playwright installs no add-ons there.
 * The copy that is installed has the host permission for this machine, since nobody can press the toolbar's button.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { freePort } from '../../support/app.ts'
import { firefoxPath } from '../../support/browsers.ts'
import { builtExtension } from './built.ts'

const UUID = '0f3a5c1e-7b2d-4e68-9a41-5d0c8e7f1b29'
/** As it stands in `Origin`. */
export const FIREFOX_ORIGIN = `moz-extension://${UUID}`

const PREFS: Readonly<Record<string, string | number | boolean>> = {
	'media.autoplay.default': 0,
	'media.autoplay.blocking_policy': 0,
	'browser.shell.checkDefaultBrowser': false,
	'datareporting.policy.dataSubmissionEnabled': false,
}
const START_MS = 60_000

export interface FirefoxTab {
	goTo(url: string): Promise<void>
	/** The value of an expression in the page, awaited. */
	value(expression: string): Promise<unknown>
}

export interface FirefoxWithExtension {
	open(url: string): Promise<FirefoxTab>
	close(): Promise<void>
}

interface Answer {
	readonly id?: number
	readonly type: string
	readonly result?: unknown
	readonly message?: string
}

const connect = async (url: string): Promise<WebSocket> => {
	const deadline = Date.now() + START_MS
	for (;;) {
		const ws = new WebSocket(url)
		const isOpen = await once(ws, 'open').then(
			() => true,
			() => false, // not listening yet
		)
		if (isOpen) return ws
		if (Date.now() > deadline) throw new Error('Firefox did not come up')
		await new Promise((resolve) => setTimeout(resolve, 300))
	}
}

export const launchFirefoxWithExtension = async (): Promise<FirefoxWithExtension> => {
	const work = await mkdtemp(join(tmpdir(), 'matinee-firefox-'))
	const [profile, extension] = [join(work, 'profile'), join(work, 'extension')]
	await mkdir(profile)
	await cp(await builtExtension('firefox'), extension, { recursive: true })
	const path = join(extension, 'manifest.json')
	const manifest = JSON.parse(await readFile(path, 'utf8')) as {
		browser_specific_settings: { gecko: { id: string } }
	}
	await writeFile(path, JSON.stringify({ ...manifest, host_permissions: ['http://127.0.0.1/*'] }))
	const uuids = JSON.stringify({ [manifest.browser_specific_settings.gecko.id]: UUID })
	const prefs = { ...PREFS, 'extensions.webextensions.uuids': uuids }
	await writeFile(
		join(profile, 'user.js'),
		Object.entries(prefs)
			.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
			.join(''),
	)
	const port = await freePort()
	const child = spawn(
		firefoxPath(),
		[
			...['--headless', '--no-remote', '--profile', profile],
			...['--remote-debugging-port', String(port), '--remote-allow-system-access'],
		],
		{ stdio: 'ignore' },
	)
	const close = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null) {
			child.kill('SIGKILL')
			await once(child, 'exit')
		}
		await rm(work, { recursive: true, force: true })
	}
	try {
		const ws = await connect(`ws://127.0.0.1:${String(port)}/session`)
		const waiting = new Map<number, (answer: Answer) => void>()
		ws.on('message', (data: Buffer) => {
			const answer = JSON.parse(data.toString()) as Answer
			if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
		})
		let lastId = 0
		const call = async <T>(method: string, params: object = {}): Promise<T> => {
			const id = ++lastId
			const answer = await new Promise<Answer>((resolve) => {
				waiting.set(id, resolve)
				ws.send(JSON.stringify({ id, method, params }))
			})
			if (answer.type === 'error') throw new Error(`${method}: ${answer.message ?? ''}`)
			return answer.result as T
		}
		await call('session.new', { capabilities: {} })
		await call('webExtension.install', { extensionData: { type: 'path', path: extension } })
		return {
			open: async (url) => {
				// A window of its own: what is behind another tab is hidden.
				const { context } = await call<{ context: string }>('browsingContext.create', { type: 'window' })
				const goTo = async (to: string): Promise<void> => {
					await call('browsingContext.navigate', { context, url: to, wait: 'complete' })
				}
				await goTo(url)
				return {
					goTo,
					value: async (expression) => {
						const made = await call<{ type: string; result?: { value?: string } }>('script.evaluate', {
							// One kind of answer for all: text.
							expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
							target: { context },
							awaitPromise: true,
							userActivation: true,
						})
						if (made.type !== 'success') throw new Error(`${expression}: ${JSON.stringify(made)}`)
						return JSON.parse(made.result?.value ?? 'null') as unknown
					},
				}
			},
			close,
		}
	} catch (error) {
		await close()
		throw error
	}
}
