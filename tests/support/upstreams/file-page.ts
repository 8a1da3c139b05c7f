/**
 * A page with the app's own part for people's files in it, and an input to put files into. On loopback, which browsers
 * treat as secure: hashing and the browser's own disk need that.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { bundlePage } from './bundle.ts'

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Own files</title>
<style>html,body{margin:0;height:100%;background:#171214}#stage,#stage>*{width:100%;height:100%;display:block}</style>
<input id="pick" type="file"><div id="stage"></div><script type="module" src="/file-lab.js"></script></html>`

export interface FilePage {
	readonly url: string
	close(): Promise<void>
}

export const startFilePage = async (): Promise<FilePage> => {
	const scripts = await bundlePage('tests/support/upstreams/file-lab.ts')
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://any').pathname
		const script = scripts.get(path)
		if (path === '/')
			response
				.writeHead(200, {
					'content-type': 'text/html; charset=utf-8',
					'content-security-policy': "script-src 'self'",
				})
				.end(HTML)
		else if (script === undefined) response.writeHead(404).end()
		else response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const address = server.address()
	if (address === null || typeof address === 'string') throw new Error('no port')
	return {
		url: `http://127.0.0.1:${String(address.port)}/`,
		close: async () => {
			server.closeAllConnections()
			server.close()
			await once(server, 'close')
		},
	}
}
