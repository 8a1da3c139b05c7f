/**
 * The world that is measured: the real server, the film and the browsers, on loopback or at the ends of a
 * wide-area link made of network namespaces (tests/wan). Ends whatever it started.
 */
import { chromium, type Browser } from 'playwright-core'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../tests/support/app.ts'
import { FEATURES_OFF } from '../../tests/support/browsers.ts'
import { openWan, type Wan, type WanOptions } from '../../tests/wan/wan.ts'
import { probe, type ProbeOptions } from '../page/probe.ts'
import { FILM_PATH, SILENT_MARK } from './film-server.ts'
import { FRONT_HOST, siteArgs } from './sites.ts'
import type { Person } from '../../tests/support/person.ts'

const ROOT = join(import.meta.dirname, '../..')
export const SAMPLE_EVERY_MS = 20
const START_DEADLINE_MS = 30_000

/** Also the hiding of local addresses: links must find their way in namespaces without names. */
const DISABLED_FEATURES = [...FEATURES_OFF, 'WebRtcHideLocalIpsWithMdns']
export const CHROMIUM_ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--autoplay-policy=no-user-gesture-required',
	`--disable-features=${DISABLED_FEATURES.join(',')}`,
]

/** Where a browser stands; on loopback all three are the same place. */
export type Place = 'a' | 'b' | 'c'

export interface Character {
	readonly place: Place
	/** Without a sound track. */
	readonly isSilent: boolean
	readonly offsetMs: number
	readonly ppm: number
}

/** Unlike in all that matters: sound track, clock, crystal. */
export const ALICE: Character = { place: 'a', isSilent: false, offsetMs: -98_765.4, ppm: 40 }
export const BOB: Character = { place: 'b', isSilent: true, offsetMs: 123_456.7, ppm: -35 }
export const CAROL: Character = { place: 'c', isSilent: false, offsetMs: 31_415.9, ppm: 15 }

export interface World {
	readonly url: string
	/** The same app over https at the default port, as embeds want it. */
	readonly httpsUrl: string
	readonly filmUrl: string
	/** Between the first two, half of the round trip as measured; 0 on loopback. */
	readonly oneWayMs: number
	readonly wan: Wan | null
	browser(place: Place): Promise<Browser>
	/** Somebody with a fresh profile. */
	arrive(browser: Browser, who: Character, rule?: string): Promise<Person>
	/** Serves another build from now on, with its data empty. */
	serve(clientDir: string): Promise<void>
	/** What starts a browser at a place: a path, for programs that start one by themselves. */
	executable(place: Place): string
	close(): Promise<void>
}

export const chromiumPath = (): string => {
	const path = [
		process.env['CHROMIUM_PATH'],
		'/usr/bin/chromium',
		'/usr/bin/chromium-browser',
		'/usr/bin/google-chrome',
	].find((candidate) => candidate !== undefined && existsSync(candidate))
	if (path === undefined) throw new Error('no Chromium found; say where it is with CHROMIUM_PATH')
	return path
}

const oneWayOf = (wan: Wan | null): number => {
	const first = Object.values(wan?.rtts ?? {})[0]
	return first === undefined ? 0 : first.medianMs / 2
}

export const probeOptions = (who: Character, rule: string): ProbeOptions => ({
	offsetMs: who.offsetMs,
	ppm: who.ppm,
	rule,
	everyMs: SAMPLE_EVERY_MS,
})

export const openWorld = async (wanOptions: Omit<WanOptions, 'ports'> | null): Promise<World> => {
	const port = await freePort()
	const filmPort = await freePort()
	const sitesPort = await freePort()
	const frontPort = await freePort()
	const data = await mkdtemp(join(tmpdir(), 'matinee-bench-'))
	const wan =
		wanOptions === null
			? null
			: await openWan({ ...wanOptions, ports: [port, filmPort, sitesPort, frontPort] })
	const children = new Set<ChildProcess>()
	const browsers: Browser[] = []
	const host = wan?.serverAddress ?? '127.0.0.1'
	const url = `http://localhost:${String(port)}`
	let server: ChildProcess | null = null

	const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess => {
		const [command = '', ...rest] = [...(wan?.serverPrefix ?? []), process.execPath, ...args]
		const child = spawn(command, rest, {
			cwd: ROOT,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'ignore', 'inherit'],
		})
		children.add(child)
		return child
	}
	const end = async (child: ChildProcess | null): Promise<void> => {
		if (child === null || child.exitCode !== null || child.signalCode !== null) return
		child.kill('SIGKILL')
		await once(child, 'exit')
	}
	/** Asked from beside the server. */
	const isUp = async (): Promise<boolean> => {
		const code = `fetch('http://${host}:${String(port)}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`
		const [exit] = (await once(start(['-e', code]), 'exit')) as [number | null]
		return exit === 0
	}

	const serve = async (clientDir: string): Promise<void> => {
		await end(server)
		const room = await mkdtemp(join(data, 'data-'))
		server = start(['signaling/server.ts'], {
			PORT: String(port),
			HOST: host,
			MATINEE_DATA: room,
			MATINEE_CLIENT: clientDir,
			LOG_LEVEL: 'warn',
			// Nothing is asked of the real sites.
			MEDIA_METADATA: 'off',
		})
		const deadline = Date.now() + START_DEADLINE_MS
		while (!(await isUp())) {
			if (server.exitCode !== null) throw new Error('the server ended at once')
			if (Date.now() > deadline) throw new Error('the server did not come up')
		}
	}
	start(['bench/sync/film-server.ts', String(filmPort), host])
	start(['bench/sync/sites.ts', host, String(port), String(sitesPort), String(frontPort)])

	return {
		url,
		httpsUrl: `https://${FRONT_HOST}`,
		filmUrl: `http://localhost:${String(filmPort)}${FILM_PATH}`,
		oneWayMs: oneWayOf(wan),
		wan,
		serve,
		executable: (place) => wan?.executable(place, chromiumPath()) ?? chromiumPath(),
		browser: async (place) => {
			const browser = await chromium.launch({
				executablePath: wan?.executable(place, chromiumPath()) ?? chromiumPath(),
				args: [...CHROMIUM_ARGS, ...siteArgs(sitesPort, frontPort)],
			})
			browsers.push(browser)
			return browser
		},
		arrive: async (browser, who, rule = 'ours') => {
			const context = await browser.newContext({
				viewport: { width: 900, height: 560 },
				// The probe starts Workers through a wrapper of its own.
				bypassCSP: true,
				ignoreHTTPSErrors: true,
				...(who.isSilent
					? { userAgent: `Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/156 ${SILENT_MARK}` }
					: {}),
			})
			await context.addInitScript(probe, probeOptions(who, rule))
			const page = await context.newPage()
			const errors: string[] = []
			page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
			return { page, context, errors, close: () => context.close() }
		},
		close: async () => {
			await Promise.allSettled(browsers.map((browser) => browser.close()))
			for (const child of children) await end(child)
			await wan?.close()
			await rm(data, { recursive: true, force: true })
		},
	}
}
