/**
 * One https server on loopback that plays all fake sites, told apart by the Host header. Chromium is sent to it by
 * `chromiumArgs`; Node's own fetch by `port`. Unknown hosts get 421, so that nothing passes unnoticed.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { TEST_CERT, TEST_KEY } from './cert.ts'
import { sendText, type FakeSite } from './fake-site.ts'

export interface Upstreams {
	readonly port: number
	/** For `launch('chromium', { args })`: sends the sites' hosts here and accepts the test certificate. */
	readonly chromiumArgs: readonly string[]
	/** Every request since the start, `METHOD https://host/path`. */
	readonly log: readonly string[]
	close(): Promise<void>
}

const isHost = (pattern: string, host: string): boolean =>
	pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host

export const startUpstreams = async (sites: readonly FakeSite[]): Promise<Upstreams> => {
	const log: string[] = []
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const url = new URL(request.url ?? '/', `https://${request.headers.host ?? 'nobody'}`)
		log.push(`${request.method ?? 'GET'} ${url.href}`)
		const site = sites.find(({ hosts }) => hosts.some((pattern) => isHost(pattern, url.hostname)))
		if (site) await site.handle(url, request, response)
		else sendText(response, 421, 'text/plain', `nobody plays ${url.hostname} here`)
	}
	const server = createServer({ cert: TEST_CERT, key: TEST_KEY }, (request, response) => {
		answer(request, response).catch((error: unknown) => {
			if (response.headersSent) response.destroy()
			else sendText(response, 500, 'text/plain', String(error))
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const address = server.address()
	if (address === null || typeof address === 'string') throw new Error('no port')
	const { port } = address
	const rules = sites.flatMap(({ hosts }) => hosts).map((host) => `MAP ${host} 127.0.0.1:${String(port)}`)
	return {
		port,
		chromiumArgs: [`--host-resolver-rules=${rules.join(',')}`, '--ignore-certificate-errors'],
		log,
		async close() {
			server.closeAllConnections()
			server.close()
			await once(server, 'close')
		},
	}
}
