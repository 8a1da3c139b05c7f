/**
 * A page with the real adapters in it and nothing else of the app, as one of the fake sites: https://matinee.test.
 * In the page `window.lab` (page/lab.ts) opens players and runs the contract.
 */
import { bundlePage } from './bundle.ts'
import { sendPage, sendText, type FakeSite } from './fake-site.ts'

export const PLAYER_PAGE = 'https://matinee.test/'

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Players</title>
<meta name="referrer" content="strict-origin-when-cross-origin">
<style>html,body{margin:0;height:100%;background:#171214}#stage,#stage>*{width:100%;height:100%;border:0;display:block}</style>
<div id="stage"></div><script type="module" src="/lab.js"></script></html>`

/** `csp`: the policy the page is served with; the app's own allows scripts from itself only. */
export const playerPage = (csp = "script-src 'self'; object-src 'none'"): FakeSite => ({
	hosts: ['matinee.test'],
	async handle(url, _request, response) {
		const script = (await bundlePage('tests/support/upstreams/page/lab.ts')).get(url.pathname)
		if (script !== undefined) sendText(response, 200, 'text/javascript', script)
		else if (url.pathname === '/') {
			response.setHeader('content-security-policy', csp)
			sendPage(response, HTML)
		} else sendText(response, 404, 'text/plain', 'nothing here')
	},
})
