/**
 * The built client: hashed files for ever, films for a day, everything else asked for anew each time, and the one
 * page that is every room for whatever else is asked for.
 */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { sep } from 'node:path'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'

const FALLBACK = '200.html'
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
	deps: { readonly clientDir: string | null; readonly counters: Counters },
): Promise<void> => {
	const { clientDir, counters } = deps
	if (clientDir !== null)
		await app.register(fastifyStatic, {
			root: clientDir,
			preCompressed: true,
			extensions: ['html'],
			redirect: false,
			cacheControl: false,
			dotfiles: 'deny',
			setHeaders: (reply, path) => void reply.header('cache-control', cacheControlOf(path)),
		})

	app.setNotFoundHandler((request, reply) => {
		const path = request.url.split('?', 1)[0] ?? ''
		const isRead = request.method === 'GET' || request.method === 'HEAD'
		if (isRead && !isForPrograms(path) && !isFile(path)) {
			if (clientDir !== null) return reply.sendFile(FALLBACK)
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
