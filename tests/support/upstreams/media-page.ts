/**
 * A page with the real players and the real follow loop in it and nothing else of the app. In the page
 * `window.mediaLab` (media-lab.ts) opens players and follows with them.
 */
import type { ServerResponse } from 'node:http'
import { bundlePage } from './bundle.ts'

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
	const script = (await bundlePage('tests/support/upstreams/media-lab.ts')).get(path)
	if (script === undefined) response.writeHead(404).end()
	else response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
}
