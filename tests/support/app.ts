/**
 * The real server as a process of its own, on a free port and a data folder of its own, for tests that kill it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './source-files.ts'

export interface AppServer {
	readonly url: string
	/** Its process now; null while it is dead. */
	pid(): number | null
	/** Its folder, unless the test named one. */
	readonly dataDir: string
	/** Everything it has printed, over restarts. */
	output(): string
	/** SIGKILL: no goodbye to anybody. */
	kill(): Promise<void>
	/** SIGTERM, as a supervisor does it; its exit code and how long that took. */
	stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>
	/** Again, on the same port and data. */
	restart(): Promise<void>
	/** Ends it and removes its data. */
	close(): Promise<void>
}

/** Below those that systems give to outgoing connections: one of these could take it before its server does. */
const PORT_MIN = 12_000
const PORT_MAX = 32_000
const PORT_TRIES = 100

/** Nobody listens on it now; a server that was ended finds it free again. */
export const freePort = async (): Promise<number> => {
	for (let tries = 0; tries < PORT_TRIES; tries++) {
		const port = randomInt(PORT_MIN, PORT_MAX)
		const probe = createServer()
		probe.listen(port, '127.0.0.1')
		const isFree = await once(probe, 'listening').then(
			() => true,
			() => false, // somebody does
		)
		if (!isFree) continue
		probe.close()
		await once(probe, 'close')
		return port
	}
	throw new Error('no free port')
}

const START_DEADLINE_MS = 60_000

export const startApp = async (env: Record<string, string> = {}): Promise<AppServer> => {
	const port = env['PORT'] === undefined ? await freePort() : Number(env['PORT'])
	const data = await mkdtemp(join(tmpdir(), 'matinee-test-'))
	const url = `http://localhost:${String(port)}`
	let child: ChildProcess | null = null
	let output = ''

	const start = async () => {
		const process_ = spawn(process.execPath, ['signaling/server.ts'], {
			cwd: ROOT,
			env: {
				...process.env,
				PORT: String(port),
				HOST: '127.0.0.1',
				MATINEE_DATA: data,
				LOG_LEVEL: 'warn',
				// Tests do not ask the world.
				MEDIA_METADATA: 'off',
				// Read and compiled once for all starts, by any that ended in order: half of what a start costs.
				NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node'),
				...env,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		child = process_
		process_.stdout.on('data', (chunk) => (output += String(chunk)))
		process_.stderr.on('data', (chunk) => (output += String(chunk)))
		const deadline = Date.now() + START_DEADLINE_MS
		for (;;) {
			if (process_.exitCode !== null) throw new Error(`the server ended at once:\n${output}`)
			const isUp = await fetch(`${url}/healthz`).then(
				(response) => response.ok,
				() => false, // not listening yet
			)
			if (isUp) return
			if (Date.now() > deadline) throw new Error(`the server did not come up:\n${output}`)
			await new Promise((resolve) => setTimeout(resolve, 50))
		}
	}

	const kill = async () => {
		const running = child
		child = null
		if (running === null || running.exitCode !== null) return
		running.kill('SIGKILL')
		await once(running, 'exit')
	}

	const stop: AppServer['stop'] = async () => {
		const running = child
		child = null
		if (running === null || running.exitCode !== null) throw new Error('the server is not running')
		const beganMs = performance.now()
		running.kill('SIGTERM')
		await once(running, 'exit')
		return { code: running.exitCode, tookMs: performance.now() - beganMs }
	}

	await start()
	return {
		url,
		dataDir: data,
		output: () => output,
		pid: () => (child?.exitCode === null ? (child.pid ?? null) : null),
		kill,
		stop,
		restart: start,
		close: async () => {
			await kill()
			await rm(data, { recursive: true, force: true })
		},
	}
}
