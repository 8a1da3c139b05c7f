/**
 * A signaling server on a free port of this machine, with its limits as the test wants them.
 */
import type { AddressInfo } from 'node:net'
import { buildApp, type App, type AppDeps } from '../../signaling/app.ts'
import { readConfig, type Config, type Limits } from '../../signaling/config.ts'

export interface TestServer {
	readonly app: App
	/** `http://127.0.0.1:PORT` */
	readonly url: string
	readonly port: number
	close(): Promise<void>
}

export type ConfigChange = Partial<Omit<Config, 'limits'>> & { readonly limits?: Partial<Limits> }

/** Defaults of the product, but quiet, in memory, without a client, and not counting requests of one address. */
export const testConfig = (change: ConfigChange = {}): Config => {
	const config = readConfig({ MATINEE_CLIENT: 'none', LOG_LEVEL: 'silent', HOST: '127.0.0.1', PORT: '0' })
	return {
		...config,
		dataDir: null,
		...change,
		limits: {
			...config.limits,
			identitiesPerMinute: 1_000_000,
			ticketsPerMinute: 1_000_000,
			readsPerMinute: 1_000_000,
			...change.limits,
		},
	}
}

export const startServer = async (change: ConfigChange = {}, deps: AppDeps = {}): Promise<TestServer> => {
	const config = testConfig(change)
	const app = await buildApp(config, { closeGraceMs: 500, ...deps })
	await app.fastify.listen({ port: config.port, host: config.host })
	const { port } = app.fastify.server.address() as AddressInfo
	return { app, url: `http://127.0.0.1:${String(port)}`, port, close: () => app.close() }
}
