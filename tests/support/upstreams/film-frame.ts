/**
 * The page inside a fake embed: a real film that fills it, the switches of the test, and the site's own language as a
 * script. The film is asked for at the same host, so each fake answers for `/film.webm` too.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendPage } from './fake-site.ts'
import { sendFilm } from './send-film.ts'

const STYLE = `html,body{margin:0;height:100%;background:#000;overflow:hidden;font:600 13px system-ui}
video{width:100%;height:100%;object-fit:contain;display:block}
b{position:fixed;top:10px;left:10px;color:#fff;background:#0009;padding:4px 9px;border-radius:4px}`

/** `script` sees `film` (the element), `switches` and `query`. */
export const sendFilmFrame = (
	response: ServerResponse,
	site: string,
	switches: object,
	script: string,
): void =>
	sendPage(
		response,
		`<!doctype html><html lang="en"><meta charset="utf-8"><title>${site}</title><style>${STYLE}</style>
<video id="film" src="/film.webm" preload="auto" playsinline></video><b>${site}</b>
<script>
const film = document.getElementById('film')
const query = new URLSearchParams(location.search)
const switches = ${JSON.stringify(switches).replaceAll('<', '\\u003c')}
${script}
</script></html>`,
	)

/** True if the film itself was asked for, which is on its way then. */
export const isFilm = (url: URL, request: IncomingMessage, response: ServerResponse): boolean => {
	if (url.pathname !== '/film.webm') return false
	void sendFilm(request, response)
	return true
}
