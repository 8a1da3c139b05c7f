/**
 * A PostgreSQL of the test's own: fresh data in a temporary folder, a free port, nobody else's. It can be frozen,
 * killed and started again.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgres, POSTGRES_MISSING } from '../../scripts/support/postgres.mjs'
import { freePort } from './app.ts'

export interface TestPostgres {
	/** A database of its own each time, empty. */
	newDatabase(): Promise<string>
	/** Every process of it stands still, as a machine that hangs. */
	freeze(): void
	thaw(): void
	/** All at once, no goodbye. */
	kill(): Promise<void>
	/** On the same port and data, unless it runs. */
	start(): Promise<void>
	/** Ends it and removes its data. */
	close(): Promise<void>
}

const START_DEADLINE_MS = 60_000

/** initdb refuses root: then another user of this machine runs it. */
const unprivilegedUser = (): { uid: number; gid: number } | Record<string, never> => {
	if (process.getuid?.() !== 0) return {}
	const users = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((line) => line.split(':'))
	const user = ['postgres', 'nobody']
		.map((name) => users.find((fields) => fields[0] === name))
		.find((fields) => fields !== undefined)
	if (user === undefined) throw new Error('no user to run PostgreSQL as: it refuses root')
	return { uid: Number(user[2]), gid: Number(user[3]) }
}

const childrenOf = (pid: number): number[] => {
	if (!existsSync('/proc'))
		return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
			.split('\n')
			.map((line) => line.trim().split(/\s+/).map(Number))
			.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((candidate) => {
			try {
				// "pid (name) state ppid …", where the name may hold anything.
				const stat = readFileSync(`/proc/${String(candidate)}/stat`, 'utf8')
				return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
			} catch {
				return false // ended meanwhile
			}
		})
}

const signal = (pid: number, name: NodeJS.Signals): void => {
	try {
		process.kill(pid, name)
	} catch {
		// ended meanwhile, which is as good
	}
}

export const startPostgres = async (): Promise<TestPostgres> => {
	const bin = findPostgres()
	if (bin === null) throw new Error(POSTGRES_MISSING)
	const user = unprivilegedUser()
	const dir = mkdtempSync(join(tmpdir(), 'matinee-pg-'))
	if (user.uid !== undefined) chownSync(dir, user.uid, user.gid)
	const data = join(dir, 'data')
	const port = await freePort()
	const urlOf = (database: string) => `postgres://matinee@127.0.0.1:${String(port)}/${database}`
	let server: ChildProcess | null = null
	let databases = 0

	const launch = (program: string, args: string[]) => {
		const child = spawn(join(bin, program), args, {
			...user,
			cwd: dir,
			env: { PATH: process.env['PATH'], LC_ALL: 'C' },
			stdio: ['ignore', 'pipe', 'pipe'],
		})
		let output = ''
		child.stdout.on('data', (chunk) => (output += String(chunk)))
		child.stderr.on('data', (chunk) => (output += String(chunk)))
		return { child, output: () => output }
	}

	/** One statement in the database that is always there. */
	const run = async (statement: string): Promise<void> => {
		const client = new pg.Client({ connectionString: urlOf('postgres'), connectionTimeoutMillis: 3_000 })
		client.on('error', () => undefined) // the statement's own failure is what is told
		try {
			await client.connect()
			await client.query(statement)
		} finally {
			await client.end().catch(() => undefined)
		}
	}

	const start = async (): Promise<void> => {
		if (server !== null) return
		const { child, output } = launch('postgres', [
			...['-D', data, '-p', String(port), '-k', dir],
			...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'full_page_writes=off'],
			...['-c', 'shared_buffers=16MB', '-c', 'max_connections=60'],
		])
		server = child
		const deadline = Date.now() + START_DEADLINE_MS
		for (;;) {
			if (child.exitCode !== null) throw new Error(`PostgreSQL ended at once:\n${output()}`)
			const isUp = await run('SELECT 1').then(
				() => true,
				() => false, // not yet
			)
			if (isUp) return
			if (Date.now() > deadline) throw new Error(`PostgreSQL did not come up:\n${output()}`)
			await new Promise((resolve) => setTimeout(resolve, 50))
		}
	}

	const processes = (): number[] =>
		server?.pid === undefined || server.exitCode !== null ? [] : [server.pid, ...childrenOf(server.pid)]

	const kill = async (): Promise<void> => {
		const running = server
		const pids = processes()
		server = null
		if (running === null || running.exitCode !== null || running.signalCode !== null) return
		const ended = once(running, 'exit')
		for (const pid of pids) signal(pid, 'SIGKILL')
		await ended
	}

	const init = launch('initdb', ['-D', data, '-U', 'matinee', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
	const [code] = (await once(init.child, 'close')) as [number | null]
	if (code !== 0) throw new Error(`initdb failed:\n${init.output()}`)
	await start()

	return {
		async newDatabase() {
			const name = `test_${String(++databases)}`
			await run(`CREATE DATABASE ${name}`)
			return urlOf(name)
		},
		freeze: () => processes().forEach((pid) => signal(pid, 'SIGSTOP')),
		thaw: () => processes().forEach((pid) => signal(pid, 'SIGCONT')),
		kill,
		start,
		async close() {
			await kill()
			rmSync(dir, { recursive: true, force: true })
		},
	}
}
