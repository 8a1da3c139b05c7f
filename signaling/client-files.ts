/**
 * The built client: hashed files for ever, films for a day, everything else asked for anew each time, and the one
 * page that is every room for whatever else is asked for.
 */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import type { BlockList } from 'node:net'
import { join, sep } from 'node:path'
import { schemeOf } from './address.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'
import { originOfRequest } from './whole-links.ts'
import { createWholePages, type PageName } from './whole-pages.ts'

const FALLBACK = '200'
/** Those that people send each other. */
const PAGES = [
	['/', 'index'],
	['/r', 'r'],
] as const
const NO_CLIENT =
	'This is the server of Matinee, running without its pages. To serve them here too, build them with `npm run build` and start the server again; `npm start` does both.\n'

/** Paths where a page would be a wrong answer: an unknown name there is an error of a program, not of a person. */
const isForPrograms = (path: string): boolean => /^\/(api|_app|ws|y-webrtc|\.well-known)(\/|$)/.test(path)
/** `/film/missing.webm` must not become a page that a player then calls damaged. */
const isFile = (path: string): boolean => /\.[A-Za-z0-9]{1,11}$/.test(path)

const cacheControlOf = (path: string): string => {
	const parts = path.split(sep)
	if (parts.includes('immutable')) return 'public, max-age=31536000, immutable'
	if (parts.includes('film')) return 'public, max-age=86400'
	return 'no-cache'
}

/** Also answers everything that no other route does. */
export const addClientFiles = async (
	app: FastifyInstance,
	deps: {
		readonly clientDir: string | null
		readonly counters: Counters
		/** Where the operator says the server is: then the Host header counts for nothing. */
		readonly publicOrigin: string | null
		readonly trustedProxies: BlockList
	},
): Promise<void> => {
	const { clientDir, counters } = deps
	const pages = clientDir === null ? null : createWholePages(clientDir)
	/** Messengers take whole links alone: the page with those, or as it was built. */
	const sendPage = async (request: FastifyRequest, reply: FastifyReply, name: PageName) => {
		const origin =
			deps.publicOrigin ??
			originOfRequest(schemeOf(request.raw, request.protocol, deps.trustedProxies), request.headers.host)
		const whole =
			origin === null
				? null
				: await pages?.get(name, origin, String(request.headers['accept-encoding'] ?? ''))
		if (!whole) return reply.sendFile(`${name}.html`)
		void reply
			.header('cache-control', cacheControlOf(name))
			.header('etag', whole.etag)
			.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '))
			.type('text/html; charset=utf-8')
		if (request.headers['if-none-match'] === whole.etag) return reply.code(304).send()
		if (whole.encoding !== 'identity') void reply.header('content-encoding', whole.encoding)
		return reply.send(whole.body)
	}
	if (clientDir !== null) {
		await app.register(fastifyStatic, {
			root: clientDir,
			preCompressed: true,
			extensions: ['html'],
			redirect: false,
			cacheControl: false,
			dotfiles: 'deny',
			setHeaders: (reply, path) => void reply.header('cache-control', cacheControlOf(path)),
		})
		for (const [path, name] of PAGES)
			if (existsSync(join(clientDir, `${name}.html`)))
				app.get(path, { config: { limit: 'files' } }, async (request, reply) =>
					sendPage(request, reply, name),
				)
	}

	app.setNotFoundHandler((request, reply) => {
		const path = request.url.split('?', 1)[0] ?? ''
		const isRead = request.method === 'GET' || request.method === 'HEAD'
		if (isRead && !isForPrograms(path) && !isFile(path)) {
			if (clientDir !== null) return sendPage(request, reply, FALLBACK)
			return reply
				.code(503)
				.type('text/plain; charset=utf-8')
				.header('cache-control', 'no-store')
				.send(NO_CLIENT)
		}
		counters.refused('http-not-found')
		if (isRead && (path === '/ws' || path === '/y-webrtc'))
			return sendApiError(
				reply.header('upgrade', 'websocket'),
				'bad-request',
				'This address speaks WebSocket.',
				{
					status: 426,
				},
			)
		return sendApiError(reply, 'not-found', 'There is nothing at this address.')
	})
}
