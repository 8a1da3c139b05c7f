/**
 * A page with the real players and the real follow loop in it and nothing else of the app, bundled in memory by Vite
 * once a process. In the page `window.mediaLab` (media-lab.ts) opens players and follows with them.
 */
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from '../source-files.ts'

let bundling: Promise<ReadonlyMap<string, string>> | null = null

const bundle = async (): Promise<ReadonlyMap<string, string>> => {
	const built = await build({
		root: ROOT,
		configFile: false,
		publicDir: false,
		logLevel: 'warn',
		build: {
			write: false,
			minify: false,
			target: 'es2022',
			modulePreload: false,
			rollupOptions: {
				input: join(ROOT, 'tests/support/upstreams/media-lab.ts'),
				output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
			},
		},
		worker: { format: 'es' },
	})
	if (Array.isArray(built) || !('output' in built)) throw new Error('Vite gave no single bundle')
	return new Map(
		built.output.map((file) => [
			`/${file.fileName}`,
			file.type === 'chunk' ? file.code : String(file.source),
		]),
	)
}

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Films</title>
<style>html,body{margin:0;height:100%;background:#171214}#stage,#stage>*{width:100%;height:100%;display:block}</style>
<div id="stage"></div><script type="module" src="/media-lab.js"></script></html>`

export const mediaPage = async (path: string, response: ServerResponse): Promise<void> => {
	if (path === '/') {
		const head = {
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': "script-src 'self'",
		}
		response.writeHead(200, head).end(HTML)
		return
	}
	bundling ??= bundle()
	const script = (await bundling).get(path)
	if (script === undefined) response.writeHead(404).end()
	else response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
}
