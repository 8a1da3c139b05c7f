/**
 * The clients of the server benchmark, in a process of their own: opens sockets, speaks on schedule whether answers
 * come or not, and reports what arrived when. One job at a time, by IPC.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DIALECTS, ROOM_SIZE, type Client, type Dialect, type DialectName } from './dialects.ts'

export type Job =
	| { readonly type: 'start'; readonly dialect: DialectName; readonly url: string; readonly pid: number }
	/** Clients `from` to `to` come in; with `overMs` at times spread over it, else as fast as `atOnce` allow. */
	| { readonly type: 'open'; readonly from: number; readonly to: number; readonly overMs: number }
	/** Clients 0 to `clients` speak `perSecond` times a second each. */
	| { readonly type: 'speak'; readonly clients: number; readonly perSecond: number; readonly forMs: number }
	/** All sockets are gone at once. */
	| { readonly type: 'drop' }

export interface Opened {
	/** From the first connection to the last join. */
	readonly tookMs: number
	readonly failed: number
	readonly firstFailure: string | null
	readonly serverCpuMs: number
}

export interface Spoken {
	readonly sent: number
	readonly expected: number
	readonly delivered: number
	readonly p50Ms: number
	readonly p95Ms: number
	readonly p99Ms: number
	readonly maxMs: number
	readonly serverCpuMs: number
	/** How late the clients were with speaking, at the 99th percentile: their fault, not the server's. */
	readonly lateP99Ms: number
}

const AT_ONCE = 100
/** Tickets are good for 30 s. */
const WAVE = 1_000
const SETTLE_MS = 10_000
const SETTLE_STEP_MS = 50
const TICK_MS = 2
/**
 * Speakers come in steps of so many, a prime, so that each has its turn: members of one room never speak one right after
 * the other, as a server would like it that writes once what comes at once.
 */
const STRIDE = 617

/** What the threads of a process have run, in user and system mode: Linux counts it in nanoseconds. */
const cpuMsOf = (pid: number): number => {
	const tasks = `/proc/${String(pid)}/task`
	const ranNs = (task: string): number =>
		Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0])
	return readdirSync(tasks).reduce((sum, task) => sum + ranNs(task), 0) / 1e6
}

const percentile = (sorted: Float64Array, p: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN

let dialect: Dialect | null = null
let serverPid = 0
const clients = new Map<number, Client>()
let latenciesMs: number[] = []
const onDelivery = (sentMs: number): void => void latenciesMs.push(performance.now() - sentMs)

const open = async (from: number, to: number, overMs: number): Promise<Opened> => {
	if (dialect === null) throw new Error('not started')
	const { prepare, open: openOne } = dialect
	let failed = 0
	let firstFailure: string | null = null
	let tookMs = 0
	let serverCpuMs = 0
	const enter = async (index: number): Promise<void> => {
		try {
			clients.set(index, await openOne(index, onDelivery))
		} catch (error) {
			failed++
			firstFailure ??= String(error)
		}
	}
	const wave = async (start: number, end: number): Promise<void> => {
		await prepare(start, end)
		const cpuBeforeMs = cpuMsOf(serverPid)
		const startedMs = performance.now()
		let next = start
		const work = async () => {
			for (let index = next++; index < end; index = next++) await enter(index)
		}
		await Promise.all(Array.from({ length: AT_ONCE }, work))
		tookMs += performance.now() - startedMs
		serverCpuMs += cpuMsOf(serverPid) - cpuBeforeMs
	}
	/** Everybody asks for a ticket and comes in at a moment of their own. */
	const storm = async (): Promise<void> => {
		const cpuBeforeMs = cpuMsOf(serverPid)
		const startedMs = performance.now()
		await Promise.all(
			Array.from({ length: to - from }, async (_, i) => {
				await sleep((i / (to - from)) * overMs)
				await prepare(from + i, from + i + 1)
				await enter(from + i)
			}),
		)
		tookMs = performance.now() - startedMs
		serverCpuMs = cpuMsOf(serverPid) - cpuBeforeMs
	}
	if (overMs > 0) await storm()
	else for (let at = from; at < to; at += WAVE) await wave(at, Math.min(to, at + WAVE))
	return { tookMs, failed, firstFailure, serverCpuMs }
}

const speak = async (count: number, perSecond: number, forMs: number): Promise<Spoken> => {
	latenciesMs = []
	const everyMs = 1_000 / perSecond
	const lateMs: number[] = []
	let sent = 0
	const cpuBeforeMs = cpuMsOf(serverPid)
	const startedMs = performance.now()
	/** Whose turn it is, and when: they are evenly spread. */
	let turn = 0
	const dueMs = () => startedMs + (turn / count) * everyMs
	while (dueMs() < startedMs + forMs) {
		for (let nowMs = performance.now(); dueMs() <= nowMs && dueMs() < startedMs + forMs; turn++) {
			lateMs.push(nowMs - dueMs())
			clients.get((turn * STRIDE) % count)?.publish()
			sent++
		}
		await sleep(TICK_MS)
	}
	const expected = sent * (ROOM_SIZE - 1)
	for (let waitedMs = 0; latenciesMs.length < expected && waitedMs < SETTLE_MS; waitedMs += SETTLE_STEP_MS)
		await sleep(SETTLE_STEP_MS)
	const serverCpuMs = cpuMsOf(serverPid) - cpuBeforeMs
	const sorted = Float64Array.from(latenciesMs).sort()
	return {
		sent,
		expected,
		delivered: sorted.length,
		p50Ms: percentile(sorted, 50),
		p95Ms: percentile(sorted, 95),
		p99Ms: percentile(sorted, 99),
		maxMs: sorted.at(-1) ?? Number.NaN,
		serverCpuMs,
		lateP99Ms: percentile(Float64Array.from(lateMs).sort(), 99),
	}
}

const carryOut = async (job: Job): Promise<unknown> => {
	switch (job.type) {
		case 'start':
			dialect = DIALECTS[job.dialect](job.url)
			serverPid = job.pid
			return null
		case 'open':
			return open(job.from, job.to, job.overMs)
		case 'speak':
			return speak(job.clients, job.perSecond, job.forMs)
		case 'drop':
			for (const client of clients.values()) client.close()
			clients.clear()
			return null
	}
}

process.on('message', (job: Job) => {
	carryOut(job).then(
		(result) => process.send?.({ result }),
		(error: unknown) => process.send?.({ error: String(error) }),
	)
})
process.on('disconnect', () => process.exit(0))
