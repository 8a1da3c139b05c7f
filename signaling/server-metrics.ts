/**
 * What the process counts of itself: requests, joins, its way to the other processes, time and memory.
 */
import type { FastifyInstance } from 'fastify'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Bus } from './bus/bus.ts'
import type { Exchange } from './bus/exchange.ts'
import { labelled, single } from './metrics-text.ts'

/** Each look wakes the process: every 20 ms they were most of what an idle server did. */
const DELAY_LOOK_MS = 200

export type RequestCounts = ReturnType<typeof countRequests>

/** Call it before any route is added. */
export const countRequests = (app: FastifyInstance) => {
	const byStatus = new Map<number, number>()
	let open = 0
	app.addHook('onRequest', async () => {
		open++
	})
	app.addHook('onResponse', async (_request, reply) => {
		open--
		byStatus.set(reply.statusCode, (byStatus.get(reply.statusCode) ?? 0) + 1)
	})
	return {
		/** Being answered just now. */
		open: (): number => open,
		byStatus: (): Iterable<readonly [string, number]> =>
			[...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => [String(status), count] as const),
	}
}

export interface ServerMetricsInputs {
	readonly requests: Pick<RequestCounts, 'byStatus'>
	readonly joins: () => number
	readonly bus: Pick<Bus, 'state'>
	readonly exchange: Pick<Exchange, 'counts' | 'processCount'>
	readonly splitRooms: () => number
	/** Seconds since 1970. */
	readonly startedS: number
}

/** The returned function writes the lines; `stop` ends what it measures with. */
export const createServerMetrics = (inputs: ServerMetricsInputs) => {
	const delay = monitorEventLoopDelay({ resolution: DELAY_LOOK_MS })
	delay.enable()

	const busLines = (): string[] => {
		const counts = inputs.exchange.counts()
		return [
			...single(
				'matinee_bus_up',
				'gauge',
				'Whether other processes can be reached (1 where there are none).',
				inputs.bus.state() === 'up' ? 1 : 0,
			),
			...single('matinee_bus_away_total', 'counter', 'How often the bus went away.', counts.away),
			...single(
				'matinee_bus_processes',
				'gauge',
				'Other processes heard of.',
				inputs.exchange.processCount(),
			),
			...single(
				'matinee_bus_processes_gone_total',
				'counter',
				'Processes that fell silent without a goodbye.',
				counts.processesGone,
			),
			...single(
				'matinee_rooms_split',
				'gauge',
				'Rooms that other processes have members of, too.',
				inputs.splitRooms(),
			),
			...labelled('matinee_bus_frames_total', 'counter', 'Messages between processes.', 'direction', [
				['in', counts.framesIn],
				['out', counts.framesOut],
			]),
			...single(
				'matinee_bus_bad_frames_total',
				'counter',
				'Messages of another version, or of somebody else.',
				counts.badFrames,
			),
			...single(
				'matinee_bus_gaps_total',
				'counter',
				'News of another process that were missing, and asked for.',
				counts.gaps,
			),
			...single(
				'matinee_bus_undeliverable_total',
				'counter',
				'Signals and relay frames that found no member at another process.',
				counts.undeliverable,
			),
		]
	}

	const processLines = (): string[] => {
		const { user, system } = process.cpuUsage()
		const { rss, heapUsed } = process.memoryUsage()
		const delayS = delay.percentile(99) / 1e9
		delay.reset()
		return [
			...single(
				'process_cpu_seconds_total',
				'counter',
				'User and system CPU time.',
				(user + system) / 1_000_000,
			),
			...single('process_resident_memory_bytes', 'gauge', 'Resident memory.', rss),
			...single('process_start_time_seconds', 'gauge', 'When it started, since 1970.', inputs.startedS),
			...single('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use.', heapUsed),
			...single(
				'nodejs_eventloop_delay_seconds',
				'gauge',
				'99th percentile of the event loop delay since the last scrape.',
				Number.isFinite(delayS) ? delayS : 0,
			),
		]
	}

	return {
		lines: (): string[] => [
			...single('matinee_joins_total', 'counter', 'Joins of rooms.', inputs.joins()),
			...labelled(
				'matinee_http_requests_total',
				'counter',
				'Requests answered, by status.',
				'status',
				inputs.requests.byStatus(),
			),
			...busLines(),
			...processLines(),
		],
		stop: () => void delay.disable(),
	}
}
