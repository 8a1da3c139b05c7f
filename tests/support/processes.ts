/**
 * The server as several processes that share a Redis and a PostgreSQL, each on a port of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './app.ts'
import { startNginx, type TestNginx } from './nginx.ts'
import { ROOT } from './source-files.ts'

export interface ServerProcess {
	readonly url: string
	readonly port: number
	/** Everything it ever printed. */
	output(): string
	isRunning(): boolean
	/** Resolves with the exit code and how long it took. */
	stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly tookMs: number }>
	/** Again, on the same port; resolves once it is ready. */
	start(): Promise<void>
	close(): Promise<void>
}

const START_DEADLINE_MS = 60_000

const isReady = (url: string): Promise<boolean> =>
	fetch(`${url}/readyz`).then(
		(response) => response.ok,
		() => false, // not listening
	)

/** `env`: what it is configured with, beside a port, a folder and high limits for one address. */
export const startProcess = async (env: Readonly<Record<string, string>>): Promise<ServerProcess> => {
	const data = mkdtempSync(join(tmpdir(), 'matinee-several-'))
	const port = await freePort()
	const url = `http://127.0.0.1:${String(port)}`
	const { PATH = '', HOME = '' } = process.env
	let child: ChildProcess | null = null
	let output = ''

	const start = async (): Promise<void> => {
		const own = spawn(process.execPath, ['signaling/server.ts'], {
			cwd: ROOT,
			env: {
				...{ PATH, HOME, HOST: '127.0.0.1', PORT: String(port), MATINEE_CLIENT: 'none', MATINEE_DATA: data },
				...{ MEDIA_METADATA: 'off', MAX_SOCKETS_PER_ADDRESS: '100000', MAX_SOCKETS_PER_SUBJECT: '100000' },
				...{ IDENTITIES_PER_MINUTE: '1000000', TICKETS_PER_MINUTE: '1000000', READS_PER_MINUTE: '1000000' },
				...env,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		child = own
		own.stdout.on('data', (chunk) => (output += String(chunk)))
		own.stderr.on('data', (chunk) => (output += String(chunk)))
		const deadline = Date.now() + START_DEADLINE_MS
		while (!(await isReady(url))) {
			if (own.exitCode !== null) throw new Error(`the server ended at once:\n${output}`)
			if (Date.now() > deadline) throw new Error(`the server did not come up:\n${output}`)
			await new Promise((resolve) => setTimeout(resolve, 50))
		}
	}
	const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
		const running = child
		child = null
		const startedMs = performance.now()
		if (running === null || running.exitCode !== null || running.signalCode !== null)
			return { code: running?.exitCode ?? null, tookMs: 0 }
		const ended = once(running, 'exit')
		running.kill(signal)
		const [code] = (await ended) as [number | null]
		return { code, tookMs: performance.now() - startedMs }
	}

	await start()
	return {
		url,
		port,
		output: () => output,
		isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
		stop,
		start,
		close: async () => {
			await stop('SIGKILL')
			rmSync(data, { recursive: true, force: true })
		},
	}
}

/** The example of deploy/ as it is, but for names, ports and TLS. */
export const nginxConfigFor = (ports: readonly number[], port: number): string =>
	readFileSync(join(ROOT, 'deploy/nginx.conf'), 'utf8')
		.replaceAll(/(\tserver 127\.0\.0\.1:808\d[^;]*;\n)+/g, (lines) => {
			const [first = '', last = ''] = lines.trimEnd().split('\n')
			return ports
				.map((own, index) => (index === 0 ? first : last).replace(/:\d+/, `:${String(own)}`))
				.join('\n')
				.concat('\n')
		})
		.replace('listen 443 ssl;', `listen 127.0.0.1:${String(port)};`)
		.replace('server_name watch.example;', 'server_name _;')
		.replaceAll(/\tssl_certificate.*\n/g, '')

export interface Balancer {
	readonly url: string
	readonly nginx: TestNginx
}

export const startBalancer = async (processes: readonly ServerProcess[]): Promise<Balancer> => {
	const port = await freePort()
	const nginx = await startNginx(
		nginxConfigFor(
			processes.map((own) => own.port),
			port,
		),
		port,
	)
	return { url: `http://127.0.0.1:${String(port)}`, nginx }
}
