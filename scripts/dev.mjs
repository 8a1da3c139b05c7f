/**
 * `npm run dev`: the app with hot reload on http://localhost:5173 and the server beside it, restarted when it changes.
 */
import { spawn } from 'node:child_process'
import { ensureInstalled, projectNode, ROOT, withLocalBin } from './support/install.mjs'

await ensureInstalled()
const SERVER_PORT = '8787'
const env = { ...withLocalBin(process.env), MATINEE_DEV_SERVER: `http://127.0.0.1:${SERVER_PORT}` }
const children = [
	spawn(projectNode(), ['--watch', 'signaling/server.ts'], {
		cwd: ROOT,
		stdio: 'inherit',
		env: {
			...env,
			PORT: SERVER_PORT,
			HOST: '127.0.0.1',
			MATINEE_CLIENT: 'none',
			PUBLIC_ORIGIN: 'http://localhost:5173',
			ALLOWED_ORIGINS: 'http://localhost:5173,http://127.0.0.1:5173',
		},
	}),
	spawn('vite', ['dev', '--port', '5173', '--strictPort'], { cwd: ROOT, stdio: 'inherit', env }),
]
const stop = () => {
	for (const child of children) child.kill('SIGTERM')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
for (const child of children) child.on('exit', stop)
