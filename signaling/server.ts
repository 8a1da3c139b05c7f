/**
 * Reads the configuration, listens, says where, and stops in order.
 */
import { isIPv6, type AddressInfo } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { CloseName } from '#lib/protocol/close-codes.ts'
import { buildApp, type App } from './app.ts'
import { createAuditPrinter } from './audit-log.ts'
import { BusRefused } from './bus/bus.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { renewedTls, type Tls } from './tls.ts'

/** After a signal, whatever still hangs is left behind. */
const STOP_DEADLINE_MS = 5_000
const CERTIFICATE_LOOK_MS = 3_600_000
const ANYWHERE = ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost']

const fail = (message: string): never => {
	console.error(message)
	process.exit(1)
}

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error ? String(error.code) : ''
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const auditPrinter = createAuditPrinter()
process.on('exit', () => auditPrinter.flush())

const start = async (): Promise<{ config: Config; app: App }> => {
	let config: Config
	try {
		config = readConfig()
	} catch (error) {
		if (error instanceof ConfigError) return fail(error.message)
		throw error
	}
	try {
		return { config, app: await buildApp(config, { auditLog: auditPrinter.log }) }
	} catch (error) {
		if (error instanceof BusRefused) return fail(`REDIS_URL: Redis cannot be used: ${error.message}`)
		return fail(
			config.databaseUrl === null
				? `MATINEE_DATA: the data in ${config.dataDir ?? ''} cannot be used: ${textOf(error)}`
				: `DATABASE_URL: the database cannot be used: ${textOf(error)}`,
		)
	}
}

const addressFor = (config: Config, port: number): string => {
	const host = ANYWHERE.includes(config.host)
		? 'localhost'
		: isIPv6(config.host)
			? `[${config.host}]`
			: config.host
	const local = `${config.tls === null ? 'http' : 'https'}://${host}:${String(port)}`
	if (config.publicOrigin === null || config.publicOrigin === local) return local
	return `${config.publicOrigin} (here at ${local})`
}

/** Whoever renews the certificate only writes the files: open connections stay, new ones get the new one. */
const keepCertificateFresh = ({ server, log }: App['fastify'], given: Tls | null): void => {
	let tls = given
	const look = (): void => {
		if (tls === null) return
		const next = renewedTls(tls, Date.now(), (problem) =>
			log.error(`the certificate was not renewed: ${problem}`),
		)
		if (next === null) return
		tls = next
		if ('setSecureContext' in server) (server as unknown as TlsServer).setSecureContext(next)
	}
	if (tls !== null) setInterval(look, CERTIFICATE_LOOK_MS).unref()
}

const { config, app } = await start()

try {
	await app.fastify.listen({ port: config.port, host: config.host })
} catch (error) {
	const port = String(config.port)
	if (codeOf(error) === 'EADDRINUSE')
		fail(`Port ${port} is taken by another program; stop it or choose another with PORT=8081.`)
	if (codeOf(error) === 'EACCES')
		fail(`Port ${port} may not be used by this user; choose one above 1023 with PORT.`)
	fail(`Cannot listen on ${config.host}, port ${port}: ${textOf(error)}`)
}
const { port } = app.fastify.server.address() as AddressInfo
console.log(`Matinee is at ${addressFor(config, port)}`)
keepCertificateFresh(app.fastify, config.tls)

let isStopping = false
const stop = (close: CloseName, exitCode: number): void => {
	if (isStopping) process.exit(exitCode)
	isStopping = true
	setTimeout(() => process.exit(exitCode), STOP_DEADLINE_MS).unref()
	void app.close(close).then(
		() => process.exit(exitCode),
		(error: unknown) => {
			app.fastify.log.error({ err: error }, 'stopping failed')
			process.exit(1)
		},
	)
}
// A supervisor's SIGTERM is mostly a restart; Ctrl-C is an end.
process.on('SIGTERM', () => stop('restart', 0))
process.on('SIGINT', () => stop('goingAway', 0))

/** Faults of a connection that some stream reported to nobody: the connection is gone, nothing else is in doubt. */
const CONNECTION_FAULTS = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_STREAM_WRITE_AFTER_END']
const onUncaught = (error: unknown): void => {
	app.counters.refused('internal')
	if (CONNECTION_FAULTS.includes(codeOf(error))) {
		app.fastify.log.warn({ err: error }, 'a connection failed unheard')
		return
	}
	// What state we are in is unknown now; rooms live on between their members, and a fresh start is quick.
	app.fastify.log.fatal({ err: error }, 'unknown fault, stopping')
	stop('restart', 1)
}
process.on('uncaughtException', onUncaught)
process.on('unhandledRejection', onUncaught)
