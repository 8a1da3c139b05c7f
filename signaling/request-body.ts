/**
 * A request's body against its schema.
 */
import type { FastifyReply } from 'fastify'
import type { Schema } from '#lib/protocol/schema.ts'
import { sendApiError } from './api-errors.ts'
import type { Counters } from './counters.ts'

/** The parsed body, or null after the refusal was sent. */
export const parseBody = <T>(
	schema: Schema<T>,
	body: unknown,
	reply: FastifyReply,
	counters: Counters,
): T | null => {
	const parsed = schema.parse(body)
	if (parsed !== undefined) return parsed
	counters.refused('http-bad-request')
	void sendApiError(reply, 'bad-request', 'The request does not have the fields it should have.')
	return null
}
