/**
 * A page that works against whoever plays its video from outside: scripts/hostile.ts says how. What it got hold of is
 * written to `document.documentElement.dataset.caught`, for a test to read.
 */
import { page } from './look.ts'
import type { SitePage } from './start-sites.ts'

export const hostilePage = (): SitePage => ({
	html: page(
		'A hostile page',
		`<script type="module" src="/scripts/hostile.ts"></script>
<form name="title"><input name="matches"><input name="parentElement"><input name="shadowRoot"></form>
<img name="querySelectorAll"><img name="visibilityState"><img name="head"><img name="body">
<main><h1>Saltmarsh</h1>
<form id="around"><input type="hidden" name="getAttribute"><input type="hidden" name="matches"><input type="hidden" name="parentElement"><input type="hidden" name="getRootNode"><input type="hidden" name="id">
<video id="film" src="/film.webm" controls playsinline></video></form>
<button id="toggle">Play or pause</button></main>
<script type="module" src="/scripts/film.ts"></script>`,
		'main { max-width: 960px; margin: 24px auto; padding: 0 16px } video { width: 100% }',
	),
})
