/**
 * What the server costs: `npm run bench:server`. Rooms of 10, two messages a second a member, by one program of clients
 * for all: this server with tickets, schema, limits and sealed parcels against a plain `ws` loop, Socket.IO 4 and
 * Flask-SocketIO with gevent, each alone on the machine, one after the other. Then memory, joins, and a storm. Prints
 * tables and writes bench/out/server.json. QUICK=1: a fifth of the time.
 */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DialectName } from './server/dialects.ts'
import type { Job, Opened, Spoken } from './server/load.ts'

const isQuick = process.env['QUICK'] === '1'
const SPEAK_MS = isQuick ? 4_000 : 20_000
const SIZES = [200, 1_000]
const PER_SECOND = 2
const IDLE = 5_000
const STORM = 2_000
const CROWD = { idle: 10_000, active: 1_000 }
const WARM_UP_MS = 2_000
const GOALS = {
	ratioToBareWs: 1,
	ratioToSocketIo: 0.8,
	ratioToFlask: 0.2,
	p99OverSocketIoMs: 1,
	kBPerIdle: 16,
	joinsPerS: 2_000,
	crowdMB: 350,
	stormS: 5,
}
const FOLDER = join(import.meta.dirname, 'server')

interface Row {
	readonly name: string
	readonly dialect: DialectName
	readonly command: readonly string[]
	readonly env?: Readonly<Record<string, string>>
}

const MANY = '1000000000'
const node = (file: string): readonly string[] => [process.execPath, file]
const OURS: Row = {
	name: 'Matinee',
	dialect: 'matinee',
	command: node('signaling/server.ts'),
	env: {
		PORT: '0',
		HOST: '127.0.0.1',
		MATINEE_CLIENT: 'none',
		...Object.fromEntries(
			[
				'MAX_SOCKETS_PER_ADDRESS',
				'MAX_SOCKETS_PER_SUBJECT',
				'IDENTITIES_PER_MINUTE',
				'TICKETS_PER_MINUTE',
				'READS_PER_MINUTE',
			].map((name) => [name, MANY]),
		),
	},
}
const BARE: Row = {
	name: 'ws, framed for each',
	dialect: 'bare',
	command: node(join(FOLDER, 'bare-ws.ts')),
}
const ONCE: Row = {
	name: 'ws, framed once',
	dialect: 'bare',
	command: node(join(FOLDER, 'bare-ws.ts')),
	env: { FRAME: 'once' },
}
const SOCKET_IO: Row = {
	name: 'Socket.IO 4',
	dialect: 'socket-io',
	command: node(join(FOLDER, 'socket-io.ts')),
}
const FLASK: Row = {
	name: 'Flask-SocketIO, gevent',
	dialect: 'socket-io',
	command: ['/usr/bin/python3', join(FOLDER, 'flask_sio.py')],
}

const hasFlask =
	spawnSync(FLASK.command[0] ?? '', ['-c', 'import flask_socketio, gevent, geventwebsocket']).status === 0

interface Running {
	readonly pid: number
	ask<T>(job: Job): Promise<T>
	rssKB(): number
	stop(): Promise<void>
}

const endOf = (child: ChildProcess): Promise<unknown> =>
	child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve()

const start = async (row: Row): Promise<Running> => {
	const dir = await mkdtemp(join(tmpdir(), 'matinee-bench-server-'))
	const [program = '', ...args] = row.command
	const server = spawn(program, args, {
		env: { ...process.env, MATINEE_DATA: dir, ...row.env },
		stdio: ['ignore', 'pipe', 'inherit'],
	})
	const stop = async () => {
		clients.disconnect()
		server.kill('SIGTERM')
		await Promise.all([endOf(server), endOf(clients)])
		await rm(dir, { recursive: true, force: true })
	}
	const clients = fork(join(FOLDER, 'load.ts'))
	const ask = async <T>(job: Job): Promise<T> => {
		clients.send(job)
		const [answer] = (await once(clients, 'message')) as [{ result?: T; error?: string }]
		if (answer.error !== undefined) throw new Error(`${row.name}: ${answer.error}`)
		return answer.result as T
	}
	for await (const line of createInterface(server.stdout)) {
		const port = /^at (\d+)$|^Matinee is at http:\/\/[^:]+:(\d+)/.exec(line)?.slice(1).join('')
		if (port === undefined) continue
		server.stdout.resume() // unread, a log would stop the server
		const pid = server.pid ?? 0
		await ask({ type: 'start', dialect: row.dialect, url: `http://127.0.0.1:${port}`, pid })
		const rssKB = () =>
			Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1])
		return { pid, ask, rssKB, stop }
	}
	await stop()
	throw new Error(`${row.name} did not start`)
}

const withServer = async <T>(row: Row, work: (running: Running) => Promise<T>): Promise<T> => {
	const running = await start(row)
	try {
		return await work(running)
	} finally {
		await running.stop()
	}
}

const openAll = async (running: Running, from: number, to: number, overMs = 0): Promise<Opened> => {
	const opened = await running.ask<Opened>({ type: 'open', from, to, overMs })
	if (opened.failed > 0)
		throw new Error(`${String(opened.failed)} could not come in: ${opened.firstFailure ?? ''}`)
	return opened
}

interface Talk extends Spoken {
	readonly name: string
	readonly clients: number
	readonly usPerDelivery: number
}

const talk = (row: Row, clients: number): Promise<Talk> =>
	withServer(row, async (running) => {
		await openAll(running, 0, clients)
		const say = (forMs: number) =>
			running.ask<Spoken>({ type: 'speak', clients, perSecond: PER_SECOND, forMs })
		await say(WARM_UP_MS)
		const spoken = await say(SPEAK_MS)
		if (spoken.delivered === 0) throw new Error(`${row.name} delivered nothing`)
		return {
			...spoken,
			name: row.name,
			clients,
			usPerDelivery: (spoken.serverCpuMs * 1000) / spoken.delivered,
		}
	})

const idle = (row: Row): Promise<{ readonly kBPerIdle: number; readonly opened: Opened }> =>
	withServer(row, async (running) => {
		// What the first sockets cost once is not the price of one.
		await openAll(running, 0, 100)
		await sleep(1_000)
		const beforeKB = running.rssKB()
		const opened = await openAll(running, 100, 100 + IDLE)
		await sleep(3_000)
		return { kBPerIdle: (running.rssKB() - beforeKB) / IDLE, opened }
	})

const storm = (): Promise<{ readonly stormMs: number; readonly cpuMs: number }> =>
	withServer(OURS, async (running) => {
		await openAll(running, 0, STORM)
		await running.ask({ type: 'drop' })
		await sleep(500)
		const { tookMs, serverCpuMs } = await openAll(running, 0, STORM, 1_000)
		return { stormMs: tookMs, cpuMs: serverCpuMs }
	})

const crowd = (): Promise<{ readonly rssMB: number; readonly spoken: Spoken }> =>
	withServer(OURS, async (running) => {
		await openAll(running, 0, CROWD.idle + CROWD.active)
		const spoken = await running.ask<Spoken>({
			type: 'speak',
			clients: CROWD.active,
			perSecond: PER_SECOND,
			forMs: SPEAK_MS,
		})
		return { rssMB: running.rssKB() / 1024, spoken }
	})

const fixed = (value: number, digits = 2): string => value.toFixed(digits)
const print = (lines: readonly (readonly string[])[]): void => {
	const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
	for (const line of lines)
		console.log(
			line
				.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
				.join('  '),
		)
	console.log()
}

console.log(`Load of the machine before: ${fixed(loadavg()[0] ?? 0)}\n`)
if (!hasFlask)
	console.log('Without Flask-SocketIO: apt-get install python3-flask-socketio python3-gevent-websocket\n')
const rows = [OURS, BARE, ONCE, SOCKET_IO, ...(hasFlask ? [FLASK] : [])]
const talks: Talk[] = []
for (const clients of SIZES) for (const row of rows) talks.push(await talk(row, clients))
print([
	['server', 'clients', 'delivered', 'p50', 'p95', 'p99 ms', 'CPU s', 'us each', 'clients late p99'],
	...talks.map((t) => [
		t.name,
		String(t.clients),
		`${fixed((100 * t.delivered) / t.expected)} %`,
		fixed(t.p50Ms),
		fixed(t.p95Ms),
		fixed(t.p99Ms),
		fixed(t.serverCpuMs / 1000),
		fixed(t.usPerDelivery),
		fixed(t.lateP99Ms),
	]),
])

const of = (row: Row, clients: number): Talk | undefined =>
	talks.find((one) => one.name === row.name && one.clients === clients)
const LARGE = SIZES.at(-1) ?? 0
const ours = of(OURS, LARGE)
if (ours === undefined) throw new Error('there is no row of ours')
const ratioTo = (row: Row): number | null => {
	const other = of(row, LARGE)
	return other === undefined ? null : ours.usPerDelivery / other.usPerDelivery
}

const oursIdle = await idle(OURS)
const bareIdle = await idle(BARE)
const joinsPerS = (IDLE * 1000) / oursIdle.opened.tookMs
const stormed = await storm()
const crowded = await crowd()

const result = {
	ratioToBareWs: ratioTo(BARE),
	ratioToBareWsFramedOnce: ratioTo(ONCE),
	ratioToSocketIo: ratioTo(SOCKET_IO),
	ratioToFlask: ratioTo(FLASK),
	kBPerIdle: oursIdle.kBPerIdle,
	kBPerIdleBareWs: bareIdle.kBPerIdle,
	p50Ms: ours.p50Ms,
	p99Ms: ours.p99Ms,
	p99SocketIoMs: of(SOCKET_IO, LARGE)?.p99Ms ?? null,
	joinsPerS,
	cpuMsPerJoin: oursIdle.opened.serverCpuMs / IDLE,
	stormS: stormed.stormMs / 1000,
	crowdMB: crowded.rssMB,
	crowdP99Ms: crowded.spoken.p99Ms,
	talks,
}
const ratio = (value: number | null): string => (value === null ? 'not run' : fixed(value))
print([
	['', 'measured', 'goal'],
	['CPU a delivery against a plain ws loop', ratio(result.ratioToBareWs), String(GOALS.ratioToBareWs)],
	['the same, framed once', ratio(result.ratioToBareWsFramedOnce), '-'],
	['against Socket.IO 4', ratio(result.ratioToSocketIo), String(GOALS.ratioToSocketIo)],
	['against Flask-SocketIO', ratio(result.ratioToFlask), String(GOALS.ratioToFlask)],
	[
		'p99 over that of Socket.IO, ms',
		fixed(result.p99Ms - (result.p99SocketIoMs ?? Number.NaN)),
		String(GOALS.p99OverSocketIoMs),
	],
	[
		'kB an idle connection (plain ws: ' + fixed(result.kBPerIdleBareWs, 1) + ')',
		fixed(result.kBPerIdle, 1),
		String(GOALS.kBPerIdle),
	],
	['joins a second, tickets in hand', fixed(joinsPerS, 0), String(GOALS.joinsPerS)],
	[`a storm of ${String(STORM)} in 1 s, s until all are back`, fixed(result.stormS), String(GOALS.stormS)],
	[
		`${String(CROWD.idle)} idle and ${String(CROWD.active)} active, MB`,
		fixed(result.crowdMB, 0),
		String(GOALS.crowdMB),
	],
])
const out = join(import.meta.dirname, 'out')
await mkdir(out, { recursive: true })
await writeFile(join(out, 'server.json'), `${JSON.stringify(result, null, '\t')}\n`)
