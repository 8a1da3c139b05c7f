/**
 * What holds for every HTTP request: how many of one address, the headers of every answer, who may read across
 * origins, and what becomes of faults.
 */
import type { FastifyError, FastifyInstance } from 'fastify'
import { addressOf } from './address.ts'
import { sendApiError } from './api-errors.ts'
import { createKeyedBuckets, perMinute } from './buckets.ts'
import type { Config } from './config.ts'
import type { Counters } from './counters.ts'
import type { SharedLimits } from './shared-limits.ts'
import { waitWords } from './wait-words.ts'
import { StoreUnavailable } from './store/sql.ts'

declare module 'fastify' {
	interface FastifyContextConfig {
		/** Which of the limits counts a request here; `reads` unless said, `files` where the app's own lie. */
		limit?: keyof RequestLimits
	}
}

/** Nothing is framed, sniffed, or told more than our origin; devices the app never asks for are off. */
const HEADERS = {
	'x-content-type-options': 'nosniff',
	// Only what a <meta> policy cannot say: a second script-src here would block the page's start script.
	'content-security-policy': "frame-ancestors 'none'",
	'x-frame-options': 'DENY',
	'referrer-policy': 'strict-origin-when-cross-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
	'cross-origin-opener-policy': 'same-origin-allow-popups',
}

/** Whoever comes for the first time takes the whole app along, and many may come by one address. */
const FILES_ROUTE = '/*'

const PREFLIGHT = {
	'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
	'access-control-allow-headers': 'content-type, authorization, x-matinee-door, x-matinee-history',
	'access-control-max-age': '600',
}

export type RequestLimits = ReturnType<typeof createRequestLimits>

/** One bucket for each address and kind of request. */
export const createRequestLimits = ({ limits }: Config, shared: SharedLimits) => ({
	identities: createKeyedBuckets(perMinute(limits.identitiesPerMinute)),
	rooms: createKeyedBuckets(perMinute(limits.roomsPerMinute)),
	orders: createKeyedBuckets(perMinute(limits.ordersPerMinute)),
	tickets: createKeyedBuckets(perMinute(limits.ticketsPerMinute)),
	signIns: shared.buckets('sign-ins', perMinute(limits.signInsPerMinute)),
	signUps: shared.buckets('sign-ups', perMinute(limits.signUpsPerMinute)),
	doorTries: shared.buckets('door-tries', perMinute(limits.doorTriesPerMinute)),
	accountChanges: createKeyedBuckets(perMinute(limits.accountChangesPerMinute)),
	histories: createKeyedBuckets(perMinute(limits.historiesPerMinute)),
	media: createKeyedBuckets(perMinute(limits.mediaPerMinute)),
	figures: createKeyedBuckets(perMinute(limits.figuresPerMinute)),
	files: createKeyedBuckets(perMinute(limits.filesPerMinute)),
	reads: createKeyedBuckets(perMinute(limits.readsPerMinute)),
})

const isClientFault = (error: FastifyError): boolean =>
	error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500

const sizeWords = (bytes: number): string =>
	bytes >= 1024 * 1024 ? `${String(bytes / 1024 / 1024)} MB` : `${String(Math.floor(bytes / 1024))} KiB`

const messageOf = (status: number, bodyLimit: number): string => {
	if (status === 413) return `The request is too big: ${sizeWords(bodyLimit)} at most.`
	if (status === 415) return 'Send JSON, with content-type application/json.'
	return 'The request could not be read.'
}

export const addHttpRules = (
	app: FastifyInstance,
	deps: {
		readonly config: Config
		readonly counters: Counters
		readonly requestLimits: RequestLimits
		readonly nowMs: () => number
	},
): void => {
	const { config, counters } = deps

	// Not-found requests run through here too, so guessing addresses is limited like everything else.
	app.addHook('onRequest', async (request, reply) => {
		reply.headers(HEADERS)
		if (config.allowedOrigins.length > 0) {
			reply.header('vary', 'Origin')
			const { origin } = request.headers
			if (origin !== undefined && config.allowedOrigins.includes(origin))
				reply.header('access-control-allow-origin', origin)
		}
		const { config: route, url } = request.routeOptions
		const limit = deps.requestLimits[route.limit ?? (url === FILES_ROUTE ? 'files' : 'reads')]
		const retryAfterMs = await limit.take(addressOf(request.raw, config.trustedProxies), deps.nowMs())
		if (retryAfterMs > 0) {
			counters.refused('http-rate')
			return sendApiError(
				reply,
				'too-many-requests',
				`Too many requests from your address; try again ${waitWords(retryAfterMs)}.`,
				{ retryAfterMs },
			)
		}
		return undefined
	})

	app.options('/*', (_request, reply) => reply.headers(PREFLIGHT).code(204).send())

	app.setErrorHandler<FastifyError | StoreUnavailable>((error, request, reply) => {
		// A store that fails is an answer, not a fault of the request.
		if (error instanceof StoreUnavailable) {
			// Told to the operator once by the store itself, not for each request.
			request.log.debug({ err: error, route: request.routeOptions.url }, 'the store failed')
			return sendApiError(
				reply,
				'unavailable',
				'The server cannot reach its store just now; rooms go on, try again later.',
			)
		}
		if (isClientFault(error)) {
			counters.refused('http-bad-request')
			const status = error.statusCode ?? 400
			return sendApiError(reply, 'bad-request', messageOf(status, request.routeOptions.bodyLimit), { status })
		}
		counters.refused('internal')
		request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
		return sendApiError(reply, 'internal', 'The server failed at this. It has been noted; try again.')
	})
}
