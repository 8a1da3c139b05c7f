/**
 * `npm start`: installs and builds what changed, then serves the whole app on one port; with `--lan` over https for
 * everybody on the network.
 */
import { spawn } from 'node:child_process'
import { constants, hostname, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { ensureBuilt, ensureInstalled, projectNode, ROOT } from './support/install.mjs'
import {
	ensureCertificate,
	fingerprintOf,
	lanAddresses,
	lanCard,
	lanNames,
	lanProblem,
	terminalQr,
	urlOf,
} from './support/lan.mjs'
import { HELP, readOptions } from './support/start-options.mjs'

const fail = (/** @type {string} */ message, code = 1) => {
	console.error(message)
	return process.exit(code)
}

const options = readOptions(process.argv.slice(2))
if (options.type === 'problem') fail(options.message, 2)
if (options.type === 'help') {
	console.log(HELP)
	process.exit(0)
}
const isLan = options.type === 'start' && options.isLan
const problem = isLan ? lanProblem(process.env) : null
if (problem !== null) fail(problem)

try {
	await ensureInstalled()
	await ensureBuilt()
} catch (error) {
	fail(error instanceof Error ? error.message : String(error))
}

/** The server's environment and, once it listens, what to say. An own certificate is left alone. */
const prepareLan = async () => {
	const hosts = [...lanAddresses(networkInterfaces()), ...lanNames(hostname())]
	const { TLS_CERT, TLS_KEY, MATINEE_DATA } = process.env
	const made =
		TLS_CERT || TLS_KEY
			? null
			: await ensureCertificate({
					dir: resolve(ROOT, MATINEE_DATA || 'data'),
					names: hosts,
					nowMs: Date.now(),
				})
	const tell = async (/** @type {number} */ port) => {
		const [first] = hosts
		const qr = first === undefined ? '' : await terminalQr(urlOf(first, port), process.stdout.isTTY)
		const fingerprint = made?.fingerprint ?? fingerprintOf(resolve(ROOT, TLS_CERT ?? ''))
		process.stdout.write(lanCard({ hosts, port, fingerprint, isMadeHere: made !== null, qr }))
	}
	return { env: made === null ? {} : { TLS_CERT: made.certPath, TLS_KEY: made.keyPath }, tell }
}
const lan = isLan
	? await prepareLan().catch((/** @type {unknown} */ error) =>
			fail(`No certificate could be made: ${error instanceof Error ? error.message : String(error)}`),
		)
	: null

const server = spawn(projectNode(), ['signaling/server.ts'], {
	cwd: ROOT,
	env: { ...process.env, ...lan?.env },
	stdio: ['inherit', lan === null ? 'inherit' : 'pipe', 'inherit'],
})
if (lan !== null) {
	let heard = ''
	let isTold = false
	server.stdout?.on('data', (/** @type {Buffer} */ chunk) => {
		process.stdout.write(chunk)
		if (isTold) return
		heard += String(chunk)
		const port = /^Matinee is at https:\/\/[^\s]*?:(\d+)$/m.exec(heard)?.[1]
		if (port === undefined) return
		isTold = true
		void lan.tell(Number(port))
	})
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
	process.on(signal, () => server.kill(signal))
}
server.on('error', (error) => fail(error.message))
server.on('exit', (code, signal) =>
	process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)),
)
