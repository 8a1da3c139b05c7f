/**
 * What the server costs: `npm run bench:server`. Rooms of 10, two messages a second a member, by one program of clients
 * for all: this server with tickets, schema, limits and sealed parcels against a plain `ws` loop without any of them,
 * Socket.IO 4 and Flask-SocketIO with gevent, in turns (`server/talk.ts`). Then memory, joins, and a storm, of a server
 * alone. Prints tables and writes bench/out/server.json. Takes 15 minutes; QUICK=1: 5, with shorter and fewer rounds.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Opened, Spoken } from './server/load.ts'
import { BARE, EACH, FLASK, hasFlask, OURS, SOCKET_IO, withServer, type Row } from './server/running.ts'
import { speak, talkInTurns, type Talk } from './server/talk.ts'

const isQuick = process.env['QUICK'] === '1'
const ROUNDS = isQuick ? 5 : 11
const ROUND_MS = isQuick ? 2_000 : 4_000
const SIZES = [200, 1_000]
const IDLE = 5_000
const STORM = 2_000
const CROWD = { idle: 10_000, active: 1_000 }
const CROWD_MS = isQuick ? 4_000 : 20_000
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

const idle = (row: Row): Promise<{ readonly kBPerIdle: number; readonly opened: Opened }> =>
	withServer(row, async (running) => {
		// What the first sockets cost once is not the price of one.
		await running.open(0, 100)
		await sleep(1_000)
		const beforeKB = running.rssKB()
		const opened = await running.open(100, 100 + IDLE)
		await sleep(3_000)
		return { kBPerIdle: (running.rssKB() - beforeKB) / IDLE, opened }
	})

const storm = (): Promise<{ readonly stormMs: number; readonly cpuMs: number }> =>
	withServer(OURS, async (running) => {
		await running.open(0, STORM)
		await running.ask({ type: 'drop' })
		await sleep(500)
		const { tookMs, serverCpuMs } = await running.open(0, STORM, 1_000)
		return { stormMs: tookMs, cpuMs: serverCpuMs }
	})

const crowd = (): Promise<{ readonly rssMB: number; readonly spoken: Spoken }> =>
	withServer(OURS, async (running) => {
		await running.open(0, CROWD.idle + CROWD.active)
		const spoken = await speak(running, CROWD.active, CROWD_MS)
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
const withFlask = hasFlask()
if (!withFlask)
	console.log('Without Flask-SocketIO: apt-get install python3-flask-socketio python3-gevent-websocket\n')
const rows = [OURS, BARE, EACH, SOCKET_IO, ...(withFlask ? [FLASK] : [])]
const talks: Talk[] = []
for (const clients of SIZES)
	talks.push(...(await talkInTurns(rows, { clients, rounds: ROUNDS, roundMs: ROUND_MS })))
print([
	[
		'server',
		'clients',
		'delivered',
		'p50',
		'p95',
		'p99 ms',
		'CPU s',
		'us each',
		'ours to it',
		'clients late p99',
	],
	...talks.map((t) => [
		t.name,
		String(t.clients),
		`${fixed((100 * t.delivered) / t.expected)} %`,
		fixed(t.p50Ms),
		fixed(t.p95Ms),
		fixed(t.p99Ms),
		fixed(t.serverCpuMs / 1000),
		fixed(t.usPerDelivery),
		fixed(t.firstToThis),
		fixed(t.lateP99Ms),
	]),
])

const of = (row: Row, clients: number): Talk | undefined =>
	talks.find((one) => one.name === row.name && one.clients === clients)
const LARGE = SIZES.at(-1) ?? 0
const ours = of(OURS, LARGE)
if (ours === undefined) throw new Error('there is no row of ours')
const ratioTo = (row: Row): number | null => of(row, LARGE)?.firstToThis ?? null

const oursIdle = await idle(OURS)
const bareIdle = await idle(BARE)
const joinsPerS = (IDLE * 1000) / oursIdle.opened.tookMs
const stormed = await storm()
const crowded = await crowd()

const result = {
	ratioToBareWs: ratioTo(BARE),
	ratioToBareWsFramedForEach: ratioTo(EACH),
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
	['the same, framed for each', ratio(result.ratioToBareWsFramedForEach), '-'],
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
