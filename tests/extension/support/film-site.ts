/**
 * A site with a film that the app's sources know nothing of but the file: the plainest page that can be played together.
 * Its button is the site's own control. `/none`: without a video.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ROOT } from '../../support/source-files.ts'

/** As long as the sample film, and light to draw. */
const LIGHT_FILM = join(ROOT, 'tests/support/light-film.webm')

export interface FilmSite {
	readonly origin: string
	/** A page with the film; another `v` is another page with the same. */
	watch(v?: string): string
	close(): Promise<void>
}

const page = (v: string): string => `<!doctype html>
<meta charset="utf-8">
<title>Saltmarsh ${v.replaceAll(/\W/g, '')}</title>
<body style="margin:0;background:#1b1b1f;color:#ddd;font:16px sans-serif">
<div id="player"><video src="/film.webm" width="800" height="450" aria-label="Film"></video></div>
<button id="toggle">Play or pause</button>
<button id="ahead">Ten seconds on</button>
<a href="/watch?v=next">Next</a>
<script>
	const video = document.querySelector('video')
	toggle.onclick = () => (video.paused ? video.play() : video.pause())
	ahead.onclick = () => (video.currentTime += 10)
</script>`

const NONE = '<!doctype html><title>Words alone</title><p>Nothing to be seen here.</p>'

const sendFile = async (response: ServerResponse, path: string, rangeText = ''): Promise<void> => {
	const { size } = await stat(path)
	const range = /^bytes=(\d+)-(\d*)$/.exec(rangeText)
	const from = Number(range?.[1] ?? 0)
	const to = Math.min(size - 1, range?.[2] ? Number(range[2]) : size - 1)
	response.writeHead(range ? 206 : 200, {
		'content-type': 'video/webm',
		'content-length': to - from + 1,
		'accept-ranges': 'bytes',
		'access-control-allow-origin': '*',
		...(range ? { 'content-range': `bytes ${String(from)}-${String(to)}/${String(size)}` } : {}),
	})
	createReadStream(path, { start: from, end: to })
		.on('error', () => response.destroy())
		.pipe(response)
}

/** `film`: another file (WebM) in the film's place. */
export const startFilmSite = async (film = LIGHT_FILM): Promise<FilmSite> => {
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://any')
		if (url.pathname === '/film.webm') {
			sendFile(response, film, request.headers.range).catch(() => response.destroy())
			return
		}
		const html =
			url.pathname === '/watch'
				? page(url.searchParams.get('v') ?? '')
				: url.pathname === '/none'
					? NONE
					: null
		if (html === null) response.writeHead(404).end()
		else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
	})
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
	const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
	return {
		origin,
		watch: (v = 'one') => `${origin}/watch?v=${v}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeAllConnections()
			}),
	}
}
