/**
 * A page whose video is in a frame of another origin, as sites do that only list what others host; with the frames of
 * advertisements and of a comment box beside it.
 */
import { page } from './look.ts'
import type { SitePage } from './start-sites.ts'

export const framePage = (otherOrigin: string): SitePage => ({
	html: page(
		'Saltmarsh, hosted elsewhere',
		`<main><h1>Saltmarsh</h1>
<iframe id="player" src="${otherOrigin}/plain/framed?v=1" width="854" height="480" allow="autoplay; fullscreen"></iframe>
<div class="ads"><iframe src="${otherOrigin}/plain/none" width="970" height="500"></iframe></div>
<iframe title="Comments" src="${otherOrigin}/plain/none" width="854" height="300"></iframe></main>`,
		'main { max-width: 960px; margin: 24px auto; padding: 0 16px } iframe { border: 0; display: block }',
	),
})

export const framedPage = (): SitePage => ({
	html: page(
		'Player',
		'<video id="film" src="/film.webm" controls playsinline></video><script type="module" src="/scripts/film.ts"></script>',
		'body { background: #000 } video { width: 100vw; height: 100vh }',
	),
})
