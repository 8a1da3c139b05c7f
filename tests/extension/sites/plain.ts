/**
 * Pages of no site in particular: one film, a film among other videos, none at all, one under copy protection, and one
 * whose policy forbids nearly everything.
 */
import { page } from './look.ts'
import type { SitePage } from './start-sites.ts'

const WIDE = 'main { max-width: 960px; margin: 24px auto; padding: 0 16px } video { width: 100% }'

export const filmPage = (): SitePage => ({
	html: page(
		'Saltmarsh on a plain page',
		'<main><h1>Saltmarsh</h1><video id="film" src="/film.webm" controls playsinline></video><button id="toggle">Play or pause</button></main><script type="module" src="/scripts/film.ts"></script>',
		WIDE,
	),
})

export const manyPage = (): SitePage => ({
	html: page(
		'Saltmarsh among others',
		`<div class="hero"><video id="decoration" muted loop playsinline></video></div>
<main>
<h1>An evening on the saltmarsh</h1>
<div class="advert"><video id="advert" src="/film.mp4#t=30" muted autoplay playsinline></video></div>
<div class="player"><video id="film" src="/film.webm" controls playsinline></video></div>
<div class="teaser-thumb"><video id="small" src="/film.mp4" muted playsinline></video></div>
<p>The film stands in the middle of the page; around it stands what pages have.</p>
<button id="toggle">Play or pause</button>
</main>
<script type="module" src="/scripts/film.ts"></script><script type="module" src="/scripts/decoration.ts"></script>`,
		`.hero video { width: 100%; height: 320px; object-fit: cover }
main { max-width: 960px; margin: 24px auto; padding: 0 16px }
.player video { width: 640px }
.advert { float: right } .advert video { width: 300px; height: 250px }
.teaser-thumb video { width: 160px; height: 90px }`,
	),
})

export const emptyPage = (): SitePage => ({
	html: page(
		'A page without a video',
		'<main><h1>Tide table</h1><p>High water at six, low water at noon.</p></main>',
		WIDE,
	),
})

export const protectedPage = (refuses: string | null): SitePage => ({
	html: page(
		'Saltmarsh under protection',
		`<main><h1>Saltmarsh, rented</h1><video id="film" playsinline data-refuses="${refuses === 'seek' || refuses === 'play' ? refuses : ''}"></video><button id="toggle">Play or pause</button></main><script type="module" src="/scripts/protected.ts"></script>`,
		WIDE,
	),
})

/** No style or script in the page, none from elsewhere, no frames, and no text made into code. */
const POLICY =
	"default-src 'none'; script-src 'self'; media-src 'self'; frame-src 'none'; style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

/** `isIsolated`: and cut off from windows and resources of other origins. */
export const strictPage = (isIsolated = false): SitePage => ({
	html: '<!doctype html><html lang="en"><meta charset="utf-8"><title>Saltmarsh under a strict policy</title><main><h1>Saltmarsh</h1><video id="film" src="/film.webm" width="960" controls playsinline></video><p><button id="toggle">Play or pause</button></main><script type="module" src="/scripts/film.ts"></script></html>',
	headers: {
		'content-security-policy': POLICY,
		...(isIsolated
			? {
					'cross-origin-opener-policy': 'same-origin',
					'cross-origin-embedder-policy': 'require-corp',
				}
			: {}),
	},
})
