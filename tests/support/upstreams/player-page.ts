/**
 * A page with the real adapters in it and nothing else of the app, as one of the fake sites: https://matinee.test.
 * Bundled in memory by Vite, once a process. In the page `window.lab` (page/lab.ts) opens players and runs the contract.
 */
import { build } from 'vite'
import { join } from 'node:path'
import { ROOT } from '../source-files.ts'
import { sendPage, sendText, type FakeSite } from './fake-site.ts'

export const PLAYER_PAGE = 'https://matinee.test/'

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
				input: join(ROOT, 'tests/support/upstreams/page/lab.ts'),
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

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Players</title>
<meta name="referrer" content="strict-origin-when-cross-origin">
<style>html,body{margin:0;height:100%;background:#171214}#stage,#stage>*{width:100%;height:100%;border:0;display:block}</style>
<div id="stage"></div><script type="module" src="/lab.js"></script></html>`

/** `csp`: the policy the page is served with; the app's own allows scripts from itself only. */
export const playerPage = (csp = "script-src 'self'; object-src 'none'"): FakeSite => ({
	hosts: ['matinee.test'],
	async handle(url, _request, response) {
		bundling ??= bundle()
		const script = (await bundling).get(url.pathname)
		if (script !== undefined) sendText(response, 200, 'text/javascript', script)
		else if (url.pathname === '/') {
			response.setHeader('content-security-policy', csp)
			sendPage(response, HTML)
		} else sendText(response, 404, 'text/plain', 'nothing here')
	},
})
