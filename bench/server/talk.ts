/**
 * What a delivery costs each server: all of them run, full of clients, and take turns in short rounds, so that whatever
 * else the machine does bends all of them alike. Ratios are taken within each round; of all figures the median counts.
 */
import type { Spoken } from './load.ts'
import { start, type Row, type Running } from './running.ts'

const PER_SECOND = 2
const WARM_UP_MS = 2_000

export interface Talk {
	readonly name: string
	readonly clients: number
	readonly sent: number
	readonly expected: number
	readonly delivered: number
	readonly p50Ms: number
	readonly p95Ms: number
	readonly p99Ms: number
	readonly lateP99Ms: number
	readonly serverCpuMs: number
	readonly usPerDelivery: number
	/** What the first row's delivery costs, one of this row's being 1: of all rounds, and in the middle of them. */
	readonly firstToThis: number
	readonly firstToThisByRound: readonly number[]
}

export const median = (values: readonly number[]): number => {
	const sorted = values.toSorted((a, b) => a - b)
	const half = sorted.length >> 1
	const [below = Number.NaN, above = Number.NaN] = [sorted[Math.max(0, half - 1)], sorted[half]]
	return sorted.length % 2 === 1 ? above : (below + above) / 2
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const usEach = ({ serverCpuMs, delivered }: Spoken): number => (serverCpuMs * 1000) / delivered

export interface TalkOptions {
	readonly clients: number
	readonly rounds: number
	readonly roundMs: number
}

export const speak = (running: Running, clients: number, forMs: number): Promise<Spoken> =>
	running.ask<Spoken>({ type: 'speak', clients, perSecond: PER_SECOND, forMs })

const summary = (name: string, clients: number, own: readonly Spoken[], first: readonly Spoken[]): Talk => {
	const of = (read: (one: Spoken) => number): number[] => own.map(read)
	const each = of(usEach)
	const byRound = first.map((one, round) => usEach(one) / (each[round] ?? Number.NaN))
	return {
		name,
		clients,
		sent: sum(of(({ sent }) => sent)),
		expected: sum(of(({ expected }) => expected)),
		delivered: sum(of(({ delivered }) => delivered)),
		p50Ms: median(of(({ p50Ms }) => p50Ms)),
		p95Ms: median(of(({ p95Ms }) => p95Ms)),
		p99Ms: median(of(({ p99Ms }) => p99Ms)),
		lateP99Ms: median(of(({ lateP99Ms }) => lateP99Ms)),
		serverCpuMs: sum(of(({ serverCpuMs }) => serverCpuMs)),
		usPerDelivery: median(each),
		firstToThis: median(byRound),
		firstToThisByRound: byRound,
	}
}

/** The first of `rows` is the one that others are compared with. */
export const talkInTurns = async (
	rows: readonly Row[],
	{ clients, rounds, roundMs }: TalkOptions,
): Promise<Talk[]> => {
	const servers: Running[] = []
	try {
		for (const row of rows) servers.push(await start(row))
		for (const server of servers) {
			await server.open(0, clients)
			await speak(server, clients, WARM_UP_MS)
		}
		const spoken = servers.map((): Spoken[] => [])
		for (let round = 0; round < rounds; round++) {
			// There and back again: nobody is always the first, or always behind the same one.
			const turns = servers.map((server, i) => ({ server, i }))
			for (const { server, i } of round % 2 === 0 ? turns : turns.toReversed()) {
				const one = await speak(server, clients, roundMs)
				if (one.delivered === 0) throw new Error(`${server.row.name} delivered nothing`)
				spoken[i]?.push(one)
			}
		}
		const first = spoken[0] ?? []
		return rows.map(({ name }, i) => summary(name, clients, spoken[i] ?? [], first))
	} finally {
		await Promise.all(servers.map((server) => server.stop()))
	}
}
