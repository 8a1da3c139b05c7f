/**
 * Every answer that is not 2xx: one shape, one table of status codes.
 */
import type { FastifyReply } from 'fastify'
import type { API_ERRORS, ApiError } from '#lib/protocol/http.ts'

type ApiErrorName = (typeof API_ERRORS)[number]

const STATUS: Readonly<Record<ApiErrorName, number>> = {
	'bad-request': 400,
	'bad-proof': 401,
	'clock-off': 401,
	'expired-token': 401,
	'bad-token': 401,
	'door-closed': 401,
	'wrong-password': 401,
	'signed-out': 401,
	'guests-off': 403,
	'not-offered': 403,
	'not-allowed': 403,
	removed: 403,
	'no-such-room': 404,
	'not-found': 404,
	'room-taken': 409,
	'username-taken': 409,
	'stale-history': 409,
	'weak-password': 422,
	'bad-picture': 422,
	'too-many-requests': 429,
	internal: 500,
	'provider-failed': 502,
	unavailable: 503,
	'history-full': 507,
}

/** `status` where HTTP has a finer one: 413, 415, 426. */
export const sendApiError = (
	reply: FastifyReply,
	error: ApiErrorName,
	message: string,
	more: { readonly retryAfterMs?: number; readonly status?: number; readonly version?: number } = {},
): FastifyReply => {
	const { retryAfterMs, status, version } = more
	if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)))
	const body: ApiError = {
		error,
		message,
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		...(version === undefined ? {} : { version }),
	}
	return reply
		.code(status ?? STATUS[error])
		.header('cache-control', 'no-store')
		.type('application/json; charset=utf-8')
		.send(body)
}
