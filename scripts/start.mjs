/**
 * `npm start`: installs and builds what changed, then serves the whole app on one port.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ensureBuilt, ensureInstalled, projectNode, ROOT } from './support/install.mjs'

try {
	await ensureInstalled()
	await ensureBuilt()
} catch (error) {
	console.error(error instanceof Error ? error.message : error)
	process.exit(1)
}

const server = spawn(projectNode(), ['signaling/server.ts'], { cwd: ROOT, stdio: 'inherit' })
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
	process.on(signal, () => server.kill(signal))
}
server.on('error', (error) => {
	console.error(error.message)
	process.exit(1)
})
server.on('exit', (code, signal) =>
	process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)),
)
