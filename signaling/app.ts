/**
 * Builds the whole server from its configuration, listening to nothing yet: routes and sockets, in order.
 */
import fastify, {
	LogController,
	type FastifyBaseLogger,
	type FastifyInstance,
	type FastifyServerOptions,
} from 'fastify'
import { readFileSync } from 'node:fs'
import pino from 'pino'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import type { ClientConfig } from '#lib/protocol/http.ts'
import { addApi, BODY_MAX_BYTES } from './api.ts'
import { sendApiError } from './api-errors.ts'
import { createAudit, type AuditLog } from './audit.ts'
import { configForAudit } from './audit-config.ts'
import { roomForAudit } from './audit-events.ts'
import { createAuth } from './auth/auth.ts'
import { PROVIDER_TIMEOUT_MS } from './auth/oidc-client.ts'
import type { Bus } from './bus/bus.ts'
import { createExchange, newProcessId } from './bus/exchange.ts'
import { busNewsText, openBus } from './bus/open.ts'
import { addClientFiles } from './client-files.ts'
import type { Config } from './config.ts'
import type { Protocol } from './connection.ts'
import { createCounters, type Counters } from './counters.ts'
import { createDoor } from './door.ts'
import { addFiguresRoute, createFigures } from './figures.ts'
import { addHealth } from './health.ts'
import { addHttpRules, createRequestLimits } from './http-rules.ts'
import { addHistory } from './history.ts'
import { createHub } from './hub.ts'
import { createIdentityIssuer } from './identity.ts'
import { createKeys } from './keys.ts'
import type { Net } from './media/fetch-public.ts'
import { createMedia } from './media/media.ts'
import { addMediaRoutes } from './media/media-routes.ts'
import { addMetrics } from './metrics.ts'
import { addOrders } from './orders.ts'
import { createRemovals } from './removals.ts'
import { createRequestChecks } from './requests.ts'
import { countRequests, createServerMetrics } from './server-metrics.ts'
import { createSharedLimits } from './shared-limits.ts'
import { createSignaling, type Relayed } from './socket.ts'
import { newsText, openStore } from './store/open.ts'
import { StoreUnavailable } from './store/sql.ts'
import type { Store } from './store/store.ts'
import { createTickets } from './tickets.ts'
import { createTurnPasses } from './turn.ts'
import { createYWebrtc } from './y-webrtc.ts'

/** Deadlines and graces are late by this at most. */
const SWEEP_INTERVAL_MS = 1_000
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 15_000
const MAX_HEADER_BYTES = 16 * 1024
/** How long the store may take to take the last of the audit log when the server stops. */
const AUDIT_GRACE_MS = 1_000
/** Goodbyes to many sockets are spread over this, then they have a moment to answer: 5 s for all of it. */
const GOODBYES_MS = 2_000
const CLOSE_GRACE_MS = 1_000
const REQUEST_GRACE_MS = 500

const VERSION = (
	JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

export interface AppDeps {
	/** From the configuration unless given. The app closes it. */
	readonly store?: Store
	/** From the configuration unless given. The app closes it. */
	readonly bus?: Bus
	/** Milliseconds since 1970 that never step back. */
	readonly nowMs?: () => number
	/** How long sockets may take to say goodbye when the server stops. */
	readonly closeGraceMs?: number
	/** How long an outside provider may take for one answer. */
	readonly providerTimeoutMs?: number
	/** How other sites are reached, where not by the net. */
	readonly mediaNet?: Partial<Net>
	/** How long one of them may take, redirects and all. */
	readonly mediaTimeoutMs?: number
	/** Prints audit events; they go to the store in any case. */
	readonly auditLog?: AuditLog
}

export interface App {
	readonly fastify: FastifyInstance
	readonly counters: Counters
	/** What proofs are bound to, and who tokens are from. */
	audience(): Promise<string>
	stats(): {
		readonly sockets: number
		readonly rooms: number
		readonly joined: number
		readonly inGrace: number
		readonly relayed: Relayed
	}
	/** Runs deadlines, graces and heartbeats; by itself each second. */
	sweep(nowMs: number): void
	/** Closes sockets with `name`, then everything. Idempotent. */
	close(name?: CloseName): Promise<void>
}

/** Faults and news for the operator, on standard error; the audit log is another one. */
const createLog = (config: Config): FastifyBaseLogger =>
	pino(
		{ level: config.logLevel, redact: ['req.headers', 'token', 'ticket', '*.token', '*.ticket'] },
		process.stderr,
	)

/** The monotonic clock, set once by the wall clock. */
const monotonicWallMs = (): number => performance.timeOrigin + performance.now()

export const buildApp = async (config: Config, deps: AppDeps = {}): Promise<App> => {
	const nowMs = deps.nowMs ?? monotonicWallMs
	const counters = createCounters()
	let closing: Promise<void> | null = null
	const log = createLog(config)
	const bus = deps.bus ?? (await openBus(config, nowMs))
	bus.on((event) => {
		if (event.type === 'away') log.error(busNewsText(event))
		else if (event.type === 'up') log.warn(busNewsText(event))
	})
	const store =
		deps.store ??
		(await openStore(config, (news) =>
			(news.type === 'back' ? log.warn : log.error).call(log, newsText(news)),
		))
	const onFault = (error: unknown): void => {
		// The store has told of its absence already, once.
		if (!(error instanceof StoreUnavailable)) log.error({ err: error }, 'a fault was contained')
	}
	const audit = createAudit({
		store,
		nowMs,
		onFault,
		...(deps.auditLog === undefined ? {} : { log: deps.auditLog }),
	})
	const keys = createKeys({
		store,
		rotationMs: config.keyRotationDays * 86_400_000,
		nowMs,
		onChange: (step, kid) => audit.note({ type: 'key-rotated', step, kid }),
	})
	// Now rather than with the first request. A database that is away is waited for by each request instead.
	await keys.ring().catch((error: unknown) => {
		if (!(error instanceof StoreUnavailable)) throw error
	})
	// Never the Host header: whoever replays a proof made for another server writes that server's name there.
	const audience = async (): Promise<string> => config.publicOrigin ?? `matinee:${(await keys.ring()).name}`
	const issuer = createIdentityIssuer({ keys, issuer: audience, nowMs })
	const tickets = createTickets({ keys, audience, bus, nowMs })
	const self = newProcessId()
	const hub = createHub(config.limits, self)
	const exchange = createExchange({
		bus,
		self,
		nowMs,
		membersOf: hub.membersOf,
		onRemote: (event) => signaling.remote(event),
		onRemoval(note) {
			removals.heard(note)
			if (note.isRemoved) signaling.expel(note.room, note.subject)
		},
		onBack: () => void signaling.reviewRemovals().catch(onFault),
	})

	const connections = {
		headersTimeout: HEADERS_TIMEOUT_MS,
		connectionsCheckingInterval: 2_000,
		maxHeaderSize: MAX_HEADER_BYTES,
	}
	const options = {
		loggerInstance: log,
		// Its lines hold addresses and room ids.
		logController: new LogController({ disableRequestLogging: true }),
		bodyLimit: BODY_MAX_BYTES,
		requestTimeout: REQUEST_TIMEOUT_MS,
		forceCloseConnections: true,
		// Addresses no route can be found for; no hook runs for them.
		frameworkErrors(_error, _request, reply) {
			counters.refused('http-bad-request')
			void sendApiError(reply, 'bad-request', 'This is no address of this server.')
		},
		clientErrorHandler(error, socket) {
			counters.refused('http-malformed')
			const isGone = error.code === 'ECONNRESET' || !socket.writable
			if (isGone) socket.destroy()
			else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
		},
	} satisfies FastifyServerOptions
	const { tls } = config
	// Over TLS it is the same server to everything here; its own type would go through every signature.
	const app =
		tls === null
			? fastify({ ...options, http: connections })
			: (fastify({
					...options,
					https: { ...connections, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' },
				}) as unknown as FastifyInstance)
	app.removeContentTypeParser('text/plain')
	app.addHook('onListen', async () => {
		audit.note({ type: 'started', version: VERSION, config: configForAudit(config) })
	})

	const sharedLimits = createSharedLimits({ bus, keys, nowMs })
	const requestLimits = createRequestLimits(config, sharedLimits)
	const requests = countRequests(app)
	// Whoever asks meanwhile is to ask another process next.
	app.addHook('onSend', async (_request, reply) => {
		if (closing !== null) reply.header('connection', 'close')
	})
	addHttpRules(app, { config, counters, requestLimits, nowMs })
	const removals = createRemovals({ store, onFault, tell: exchange.tellRemoval })
	const checks = createRequestChecks({ issuer, counters, nowMs })
	const auth = await createAuth(app, {
		config,
		keys,
		providerTimeoutMs: deps.providerTimeoutMs ?? PROVIDER_TIMEOUT_MS,
		store,
		counters,
		checks,
		audit,
		requestLimits,
		sharedLimits,
		nowMs,
		onFault,
	})
	await auth.addRoutes()
	addApi(app, {
		audience,
		hasGuests: config.hasGuests,
		checks,
		issuer,
		tickets,
		turn: config.turn === null ? null : createTurnPasses(config.turn, nowMs),
		store,
		removals,
		account: (request, reply) => auth.guard.account(request, reply),
		counters,
		nowMs,
		onIdentity: (subject, isAccount) => audit.note({ type: 'identity-issued', subject, isAccount }),
		onRoom: (room, owner) => audit.note({ type: 'room-registered', room: roomForAudit(room), owner }),
	})
	const pruneOrders = addOrders(app, {
		config,
		audience,
		checks,
		store,
		removals,
		bus,
		expel: (room, subject) => signaling.expel(room, subject),
		counters,
		nowMs,
		onOrder: (room, by, order) =>
			audit.note({
				type: 'order',
				order: order.type,
				room: roomForAudit(room),
				by,
				target: 'subject' in order ? order.subject : null,
			}),
	})

	const sweepHistory = await addHistory(app, {
		config,
		audience,
		checks,
		store,
		removals,
		counters,
		nowMs,
		onFault,
	})

	const media = config.hasMetadata
		? createMedia({
				store,
				counters,
				nowMs,
				onFault,
				youtubeKey: config.youtubeApiKey,
				searchesPerDay: config.limits.searchesPerDay,
				...(deps.mediaNet === undefined ? {} : { net: deps.mediaNet }),
				...(deps.mediaTimeoutMs === undefined ? {} : { fetchTimeoutMs: deps.mediaTimeoutMs }),
			})
		: null
	const sweepMedia = addMediaRoutes(app, { media, checks, counters, limits: config.limits, nowMs })

	const figures = createFigures()
	const pruneFigures = addFiguresRoute(app, { figures, checks, counters, nowMs })
	const stats = () => ({ sockets: door.count(), ...hub.stats(), relayed: signaling.relayed() })
	const serverMetrics = createServerMetrics({
		requests,
		joins: () => signaling.joins(),
		bus,
		exchange,
		splitRooms: hub.splitRooms,
		startedS: Math.floor(nowMs() / 1000),
	})
	addMetrics(app, { token: config.metricsToken, counters, figures, stats, server: serverMetrics.lines })

	app.get('/.well-known/jwks.json', async (_request, reply) =>
		reply.header('cache-control', 'public, max-age=300').send(await issuer.keySet()),
	)
	const relay = { perSecond: config.limits.relayBytesPerSecond, burst: config.limits.relayByteBurst }
	app.get('/config.json', async (_request, reply) => {
		const answer: ClientConfig = {
			server: '',
			audience: await audience(),
			iceServers: config.iceServers,
			auth: auth.offer,
			media: { titles: media !== null, search: media?.hasKey ?? false },
			...(config.hasRelay ? { relay: { bytesPerSecond: relay.perSecond, byteBurst: relay.burst } } : {}),
			...(config.history === null ? {} : { history: { maxBytes: config.history.maxBytes } }),
			version: VERSION,
		}
		return reply.header('cache-control', 'no-cache').send(answer)
	})
	addHealth(app, {
		version: VERSION,
		store,
		bus,
		isStopping: () => closing !== null,
		sockets: () => door.count(),
		counters,
		nowMs,
	})

	const { limits } = config
	const rates = {
		messages: { perSecond: limits.messagesPerSecond, burst: limits.messageBurst },
		bytes: { perSecond: limits.bytesPerSecond, burst: limits.byteBurst },
		badMessages: { perSecond: 1 / 5, burst: limits.badMessageBurst },
	}
	const signaling = createSignaling({
		hub,
		redeem: (ticket, room, peer) => tickets.redeem(ticket, room, peer),
		removals,
		publish: exchange.publish,
		counters,
		nowMs,
		...rates,
		relay: config.hasRelay ? relay : null,
		onFault,
	})
	const protocols = new Map<string, Protocol>([['/ws', signaling]])
	if (config.hasYWebrtc) protocols.set('/y-webrtc', createYWebrtc({ counters, nowMs, ...rates }))
	const door = createDoor({
		config,
		counters,
		protocols,
		nowMs,
		takeRequest: (address, atMs) => requestLimits.reads.take(address, atMs),
		// /ws takes a ticket, which cannot be had before the door is open; /y-webrtc takes nothing.
		mayUpgrade: (path, headers) => path !== '/y-webrtc' || (auth.door?.isOpenTo(headers) ?? true),
		onFault,
	})
	door.attach(app.server)
	await exchange.start()

	await addClientFiles(app, {
		clientDir: config.clientDir,
		counters,
		publicOrigin: config.publicOrigin,
		trustedProxies: config.trustedProxies,
	})

	const sweep = (atMs: number): void => {
		door.sweep(atMs)
		signaling.tick(atMs)
		exchange.tick(atMs)
		tickets.prune(atMs)
		pruneOrders(atMs)
		auth.sweep(atMs)
		sweepHistory(atMs)
		sweepMedia(atMs)
		pruneFigures(atMs)
		if (keys.isDue(atMs)) keys.refresh().catch(onFault)
		for (const buckets of Object.values(requestLimits)) buckets.prune(atMs)
	}
	const timer = setInterval(() => sweep(nowMs()), SWEEP_INTERVAL_MS)

	const close = async (name: CloseName): Promise<void> => {
		clearInterval(timer)
		await door.close(name, deps.closeGraceMs ?? CLOSE_GRACE_MS, name === 'restart' ? GOODBYES_MS : 0)
		await exchange.leave()
		// What is being answered may end; what hangs is ended with the rest.
		for (let waitedMs = 0; requests.open() > 0 && waitedMs < REQUEST_GRACE_MS; waitedMs += 20)
			await new Promise((resolve) => setTimeout(resolve, 20))
		serverMetrics.stop()
		await app.close()
		const lost = await audit.flush(AUDIT_GRACE_MS)
		if (lost > 0)
			log.error(`${String(lost)} audit events are on standard output only: the store did not take them`)
		audit.close()
		await store.close()
		await bus.close()
	}
	return {
		fastify: app,
		counters,
		audience,
		stats,
		sweep,
		close: (name = 'goingAway') => (closing ??= close(name)),
	}
}
