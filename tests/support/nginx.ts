/**
 * An nginx of the test's own: its configuration, logs and temporary files in a folder of its own, free ports, no root.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNginx, NGINX_MISSING } from '../../scripts/support/nginx.mjs'

const START_DEADLINE_MS = 60_000

export interface TestNginx {
	/** Its folder, for files that it is to serve. */
	readonly dir: string
	close(): Promise<void>
}

const isListening = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1')
		socket.once('connect', () => (socket.destroy(), resolve(true)))
		socket.once('error', () => resolve(false))
	})

/** `http`: what stands in the `http` block, listening on `port` among others; it may use `$dir`-less relative paths. */
export const startNginx = async (
	http: string,
	port: number,
	dir: string | null = null,
): Promise<TestNginx> => {
	const program = findNginx()
	if (program === null) throw new Error(NGINX_MISSING)
	const folder = dir ?? (await mkdtemp(join(tmpdir(), 'matinee-nginx-')))
	const types = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
	await writeFile(
		join(folder, 'nginx.conf'),
		`daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {}
http {
	access_log off;
${types.map((type) => `	${type}_temp_path ${folder}/${type};`).join('\n')}
	types {
		text/html html;
		text/css css;
		text/javascript js;
		application/json json;
		application/manifest+json webmanifest;
		image/svg+xml svg;
		image/png png;
		image/jpeg jpg;
		video/mp4 mp4;
		video/webm webm;
	}
${http}
}
`,
	)
	// As root it would give its workers to another user, who may not read the folder.
	const rootOnly = process.getuid?.() === 0 ? ['-g', 'user root;'] : []
	const child = spawn(
		program,
		['-p', folder, '-c', 'nginx.conf', '-e', join(folder, 'error.log'), ...rootOnly],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
		},
	)
	let output = ''
	child.stdout.on('data', (chunk) => (output += String(chunk)))
	child.stderr.on('data', (chunk) => (output += String(chunk)))
	const close = async (): Promise<void> => {
		if (child.exitCode === null && child.signalCode === null) {
			const ended = once(child, 'exit')
			child.kill('SIGTERM')
			await ended
		}
		await rm(folder, { recursive: true, force: true })
	}
	const deadline = Date.now() + START_DEADLINE_MS
	while (!(await isListening(port))) {
		if (child.exitCode !== null || Date.now() > deadline) {
			await close()
			throw new Error(`nginx did not come up:\n${output}`)
		}
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
	return { dir: folder, close }
}
