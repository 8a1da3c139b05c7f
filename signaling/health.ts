/**
 * GET /healthz: the process lives. GET /readyz: it can do all of its work; for balancers, and for whoever restarts one
 * process after the other. Rooms go on without store and bus, so nobody should restart a process that is not ready.
 */
import type { FastifyInstance } from 'fastify'
import type { RoomId } from '#lib/core/units.ts'
import type { Bus } from './bus/bus.ts'
import type { Counters } from './counters.ts'
import type { Store } from './store/store.ts'

/** A store that takes longer is as good as away. */
const STORE_ANSWER_MS = 1_000
/** Nobody has it: asked for to see whether the store answers. */
const NO_ROOM = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId

export const addHealth = (
	app: FastifyInstance,
	deps: {
		readonly version: string
		readonly store: { readonly rooms: Pick<Store['rooms'], 'get'> }
		readonly bus: Pick<Bus, 'state'>
		readonly isStopping: () => boolean
		readonly sockets: () => number
		readonly counters: Counters
		readonly nowMs: () => number
	},
): void => {
	const startedMs = deps.nowMs()
	/** One question at a time, however many ask. */
	let asking: Promise<boolean> | null = null

	const ask = async (): Promise<boolean> => {
		let timer: NodeJS.Timeout | undefined
		const late = new Promise<boolean>((resolve) => {
			timer = setTimeout(() => resolve(false), STORE_ANSWER_MS)
		})
		const answer = deps.store.rooms.get(NO_ROOM).then(
			() => true,
			() => false, // it says so itself, once, in the log
		)
		try {
			return await Promise.race([answer, late])
		} finally {
			clearTimeout(timer)
		}
	}
	const doesStoreAnswer = (): Promise<boolean> => (asking ??= ask().finally(() => (asking = null)))

	app.get('/healthz', (_request, reply) =>
		reply.header('cache-control', 'no-store').send({
			status: 'ok',
			version: deps.version,
			uptimeS: Math.floor((deps.nowMs() - startedMs) / 1000),
			sockets: deps.sockets(),
			refused: deps.counters.all(),
		}),
	)
	app.get('/readyz', async (_request, reply) => {
		const reasons = [
			...(deps.isStopping() ? ['stopping'] : []),
			...(deps.bus.state() === 'up' ? [] : ['bus']),
			...((await doesStoreAnswer()) ? [] : ['store']),
		]
		return reply
			.code(reasons.length === 0 ? 200 : 503)
			.header('cache-control', 'no-store')
			.send(reasons.length === 0 ? { status: 'ready' } : { status: 'not-ready', reasons })
	})
}
