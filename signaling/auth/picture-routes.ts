/**
 * Pictures come in from their owners, and go out to whoever knows the id, which is the hash of the picture.
 */
import type { FastifyInstance } from 'fastify'
import { ID_PATTERN } from '#lib/core/units.ts'
import { PICTURE_UPLOAD_MAX_BYTES } from '#lib/protocol/accounts.ts'
import { sendApiError } from '../api-errors.ts'
import { sendPrivate, type AuthDeps } from './auth-deps.ts'
import type { CheckedSession } from './sessions.ts'
import { createPictureMaker } from './pictures.ts'
import { sendBusy } from './password-answers.ts'

declare module 'fastify' {
	interface FastifyRequest {
		/** Set before the body is read, so that 4 MB are taken only from somebody. */
		signedIn?: CheckedSession
	}
}

export const addPictureRoutes = async (app: FastifyInstance, deps: AuthDeps): Promise<void> => {
	const { counters, guard, store } = deps
	const makePicture = createPictureMaker()

	// In a plugin of its own: nowhere else is anything but JSON read.
	await app.register((pictures, _options, done) => {
		pictures.removeAllContentTypeParsers()
		pictures.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
		pictures.put(
			'/api/account/picture',
			{
				config: { limit: 'accountChanges' },
				bodyLimit: PICTURE_UPLOAD_MAX_BYTES,
				onRequest: async (request, reply) => {
					const checked = await guard.required(request, reply)
					if (checked === null) return reply
					request.signedIn = checked
					return undefined
				},
			},
			async (request, reply) => {
				const account = request.signedIn?.account
				if (account === undefined) throw new Error('the hook before lets nobody through')
				const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
				const outcome = await makePicture(bytes)
				if (outcome.type === 'busy') return sendBusy(reply, deps)
				if (outcome.type === 'bad') {
					counters.refused('bad-picture')
					return sendApiError(reply, 'bad-picture', outcome.why)
				}
				await store.pictures.put(account.id, outcome.picture)
				return sendPrivate(reply, guard.viewOf({ ...account, pictureId: outcome.picture.id }))
			},
		)
		done()
	})

	app.delete('/api/account/picture', { config: { limit: 'accountChanges' } }, async (request, reply) => {
		const checked = await guard.required(request, reply)
		if (checked === null) return reply
		await store.accounts.change(checked.account.id, { pictureId: null })
		return sendPrivate(reply, guard.viewOf({ ...checked.account, pictureId: null }))
	})

	app.get<{ Params: { id: string } }>('/api/pictures/:id', async (request, reply) => {
		const { id } = request.params
		const picture = ID_PATTERN.test(id) ? await store.pictures.get(id) : null
		if (picture === null) {
			counters.refused('http-not-found')
			return sendApiError(reply, 'not-found', 'There is no such picture, or nobody wears it any more.')
		}
		return reply
			.headers({
				'cache-control': `${deps.hasDoor ? 'private' : 'public'}, max-age=31536000, immutable`,
				'content-security-policy': "default-src 'none'; sandbox",
				// Any page may show it: whoever has the id was shown the person.
				'access-control-allow-origin': '*',
				'cross-origin-resource-policy': 'cross-origin',
			})
			.type(picture.type)
			.send(Buffer.from(picture.bytes))
	})
}
