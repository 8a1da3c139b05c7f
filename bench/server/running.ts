/**
 * The servers of the benchmark: how each is started, and the program of clients that belongs to it.
 */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DialectName } from './dialects.ts'
import type { Job, Opened } from './load.ts'

export interface Row {
	readonly name: string
	readonly dialect: DialectName
	readonly command: readonly string[]
	readonly env?: Readonly<Record<string, string>>
}

const MANY = '1000000000'
const LIMITS = [
	'MAX_SOCKETS_PER_ADDRESS',
	'MAX_SOCKETS_PER_SUBJECT',
	'IDENTITIES_PER_MINUTE',
	'TICKETS_PER_MINUTE',
	'READS_PER_MINUTE',
]
const here = (file: string): string => join(import.meta.dirname, file)
const node = (file: string): readonly string[] => [process.execPath, file]

/** All come from one address, and few people are many clients: what limits those is out of the way, nothing else. */
export const OURS: Row = {
	name: 'Matinee',
	dialect: 'matinee',
	command: node('signaling/server.ts'),
	env: {
		...{ PORT: '0', HOST: '127.0.0.1', MATINEE_CLIENT: 'none' },
		...Object.fromEntries(LIMITS.map((name) => [name, MANY])),
	},
}
export const BARE: Row = { name: 'ws, framed once', dialect: 'bare', command: node(here('bare-ws.ts')) }
export const EACH: Row = { ...BARE, name: 'ws, framed for each', env: { FRAME: 'each' } }
export const SOCKET_IO: Row = {
	name: 'Socket.IO 4',
	dialect: 'socket-io',
	command: node(here('socket-io.ts')),
}
export const FLASK: Row = {
	name: 'Flask-SocketIO, gevent',
	dialect: 'socket-io',
	command: ['/usr/bin/python3', here('flask_sio.py')],
}

export const hasFlask = (): boolean =>
	spawnSync(FLASK.command[0] ?? '', ['-c', 'import flask_socketio, gevent, geventwebsocket']).status === 0

export interface Running {
	readonly row: Row
	ask<T>(job: Job): Promise<T>
	/** Clients `from` to `to` come in; rejects where one could not. */
	open(from: number, to: number, overMs?: number): Promise<Opened>
	rssKB(): number
	stop(): Promise<void>
}

const endOf = (child: ChildProcess): Promise<unknown> =>
	child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve()

export const start = async (row: Row): Promise<Running> => {
	const dir = await mkdtemp(join(tmpdir(), 'matinee-bench-server-'))
	const [program = '', ...args] = row.command
	const server = spawn(program, args, {
		env: { ...process.env, MATINEE_DATA: dir, ...row.env },
		stdio: ['ignore', 'pipe', 'inherit'],
	})
	const clients = fork(here('load.ts'))
	const stop = async () => {
		if (clients.connected) clients.disconnect()
		server.kill('SIGTERM')
		await Promise.all([endOf(server), endOf(clients)])
		await rm(dir, { recursive: true, force: true })
	}
	const ask = async <T>(job: Job): Promise<T> => {
		clients.send(job)
		const [answer] = (await once(clients, 'message')) as [{ result?: T; error?: string }]
		if (answer.error !== undefined) throw new Error(`${row.name}: ${answer.error}`)
		return answer.result as T
	}
	const open = async (from: number, to: number, overMs = 0): Promise<Opened> => {
		const opened = await ask<Opened>({ type: 'open', from, to, overMs })
		if (opened.failed > 0)
			throw new Error(`${row.name}: ${String(opened.failed)} could not come in: ${opened.firstFailure ?? ''}`)
		return opened
	}
	for await (const line of createInterface(server.stdout)) {
		const port = /^at (\d+)$|^Matinee is at http:\/\/[^:]+:(\d+)/.exec(line)?.slice(1).join('')
		if (port === undefined) continue
		server.stdout.resume() // unread, a log would stop the server
		const pid = server.pid ?? 0
		await ask({ type: 'start', dialect: row.dialect, url: `http://127.0.0.1:${port}`, pid })
		const rssKB = () =>
			Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1])
		return { row, ask, open, rssKB, stop }
	}
	await stop()
	throw new Error(`${row.name} did not start`)
}

export const withServer = async <T>(row: Row, work: (running: Running) => Promise<T>): Promise<T> => {
	const running = await start(row)
	try {
		return await work(running)
	} finally {
		await running.stop()
	}
}
