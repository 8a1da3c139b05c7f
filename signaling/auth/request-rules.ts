/**
 * What holds for requests under /api before any route sees them: a change of state that a cookie vouches for comes
 * from a page of this server, and where there is a door, it has to be opened first.
 */
import type { FastifyInstance } from 'fastify'
import { sendApiError } from '../api-errors.ts'
import type { Counters } from '../counters.ts'
import { isSocketOriginAllowed, pageOf, type OriginRules } from '../origins.ts'
import type { DoorPassword } from './door-password.ts'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** For whoever runs the server, shown on the page. */
const originWords = (origin: string, { publicOrigin }: OriginRules): string => {
	const page = origin.slice(0, 60)
	const home = publicOrigin === null ? '' : ` It is at ${publicOrigin.slice(0, 60)}.`
	return `This server takes no pages of ${page}.${home} Whoever runs it can allow more with ALLOWED_ORIGINS=${page}.`
}

export const addRequestRules = (
	app: FastifyInstance,
	deps: {
		readonly origins: OriginRules
		readonly counters: Counters
		/** Those that stand for somebody. */
		readonly cookieNames: readonly string[]
		readonly door: DoorPassword | null
	},
): void => {
	const { counters } = deps
	app.addHook('onRequest', async (request, reply) => {
		// The route, not what the address looks like: /%61pi/… is one too. What is no route holds nothing.
		const route = request.routeOptions.url ?? ''
		if (!route.startsWith('/api/')) return undefined

		const isChange = !SAFE_METHODS.includes(request.method)
		const hasCookie = deps.cookieNames.some((name) =>
			(request.headers.cookie ?? '').split(';').some((pair) => pair.trim().startsWith(`${name}=`)),
		)
		// Pages of ALLOWED_ORIGINS are let through: for them no cookie counts.
		const page = pageOf(request.headers, deps.origins)
		if (isChange && hasCookie && (page === 'other' || page === 'unnamed')) {
			counters.refused('http-origin')
			return sendApiError(reply, 'not-allowed', 'This can only be done from a page of this server.')
		}

		// A ticket is good for a socket alone, and that would be refused without a word that a page can read.
		const { origin } = request.headers
		if (
			route === '/api/tickets' &&
			origin !== undefined &&
			!isSocketOriginAllowed(request.headers, deps.origins)
		) {
			counters.refused('upgrade-origin')
			return sendApiError(reply, 'not-allowed', originWords(origin, deps.origins))
		}

		const hasOwnDoor = route === '/api/door' || request.routeOptions.config.hasOwnDoor === true
		if (deps.door !== null && !hasOwnDoor && !deps.door.isOpenTo(request.headers)) {
			counters.refused('door-closed')
			return sendApiError(reply, 'door-closed', 'Give the door password first.')
		}
		return undefined
	})
}
