/**
 * The built client on an origin of its own, as a static host would serve it: its /config.json names the server.
 */
import fastifyStatic from '@fastify/static'
import fastify from 'fastify'
import { join } from 'node:path'
import { ROOT } from './source-files.ts'

/** `server`: the origin of the API and sockets. */
export const servePages = async (server: string): Promise<{ url: string; close(): Promise<void> }> => {
	const app = fastify()
	await app.register(fastifyStatic, { root: join(ROOT, 'build'), extensions: ['html'], redirect: false })
	app.get('/config.json', async (_request, reply) => {
		const config = (await (await fetch(`${server}/config.json`)).json()) as object
		return reply.header('cache-control', 'no-store').send({ ...config, server })
	})
	app.setNotFoundHandler((_request, reply) => reply.sendFile('200.html'))
	const address = await app.listen({ port: 0, host: '127.0.0.1' })
	return { url: `http://localhost:${new URL(address).port}`, close: () => app.close() }
}
