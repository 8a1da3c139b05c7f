/**
 * A Redis of the test's own: a folder and a free port of its own, nothing kept. It can be frozen, killed, flushed and
 * started again.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedis, REDIS_MISSING } from '../../scripts/support/redis.mjs'
import { freePort } from './app.ts'

export interface TestRedis {
	readonly port: number
	readonly url: string
	/** The process stands still, as a machine that hangs. */
	freeze(): void
	thaw(): void
	/** At once, no goodbye. */
	kill(): Promise<void>
	/** On the same port, empty, unless it runs. */
	start(): Promise<void>
	/** One command by the inline protocol; answers the first packet of what comes back. */
	command(line: string): Promise<string>
	/** Ends it and removes its folder. */
	close(): Promise<void>
}

const START_DEADLINE_MS = 60_000

const ask = (port: number, lines: readonly string[]): Promise<string> =>
	new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => socket.write(lines.map((line) => `${line}\r\n`).join('')))
		let text = ''
		socket.setTimeout(2_000, () => socket.destroy(new Error('Redis does not answer')))
		socket.on('error', reject)
		socket.on('data', (chunk) => {
			text += String(chunk)
			if (text.split('\r\n').length > lines.length) socket.end(() => resolve(text))
		})
	})

export const startRedis = async (options: readonly string[] = [], password = ''): Promise<TestRedis> => {
	const program = findRedis()
	if (program === null) throw new Error(REDIS_MISSING)
	const dir = mkdtempSync(join(tmpdir(), 'matinee-redis-'))
	const port = await freePort()
	let server: ChildProcess | null = null
	const login = password === '' ? [] : [`AUTH ${password}`]

	const start = async (): Promise<void> => {
		if (server !== null) return
		const args = [
			'--port',
			String(port),
			'--bind',
			'127.0.0.1',
			'--dir',
			dir,
			'--save',
			'',
			'--appendonly',
			'no',
		]
		if (password !== '') args.push('--requirepass', password)
		const child = spawn(program, [...args, ...options], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
		server = child
		let output = ''
		child.stdout.on('data', (chunk) => (output += String(chunk)))
		child.stderr.on('data', (chunk) => (output += String(chunk)))
		const deadline = Date.now() + START_DEADLINE_MS
		while (!output.includes('Ready to accept connections')) {
			if (child.exitCode !== null) throw new Error(`Redis ended at once:\n${output}`)
			if (Date.now() > deadline) throw new Error(`Redis did not come up:\n${output}`)
			await new Promise((resolve) => setTimeout(resolve, 20))
		}
	}

	const kill = async (): Promise<void> => {
		const running = server
		server = null
		if (running === null || running.exitCode !== null || running.signalCode !== null) return
		const ended = once(running, 'exit')
		running.kill('SIGKILL')
		await ended
	}

	await start()
	return {
		port,
		url: `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${String(port)}`,
		freeze: () => void server?.kill('SIGSTOP'),
		thaw: () => void server?.kill('SIGCONT'),
		kill,
		start,
		command: (line) => ask(port, [...login, line]),
		async close() {
			await kill()
			rmSync(dir, { recursive: true, force: true })
		},
	}
}
