/**
 * YouTube's structure: one player that the whole app shares, moved between the watch page and the miniplayer; the same
 * names for players, ads and previews. What happens in it: scripts/tube.ts.
 */
import { page } from './look.ts'
import type { Asked, SitePage } from './start-sites.ts'

const STYLE = `
ytd-app, ytd-masthead, ytd-watch-flexy, ytd-browse, ytd-miniplayer, ytd-player, ytd-video-preview, ytd-rich-item-renderer, ytd-compact-video-renderer { display: block }
[hidden] { display: none !important }
body { background: #0f0f0f; color: #f1f1f1 }
ytd-masthead { height: 56px; padding: 14px 20px; font-weight: bold }
ytd-masthead input { margin-left: 40px; width: 320px }
ytd-watch-flexy { display: flex; gap: 24px; padding: 0 24px }
#primary { flex: 1; max-width: 900px }
#related { width: 300px }
.html5-video-player { position: relative; width: 100%; aspect-ratio: 16 / 9; background: #000; overflow: hidden }
.html5-video-player video { position: absolute; inset: 0; width: 100%; height: 100% }
.ytp-chrome-bottom { position: absolute; inset: auto 12px 0; padding-bottom: 6px; z-index: 2; opacity: 0.95 }
.ytp-chrome-top { display: none }
.ytp-progress-bar { height: 10px; background: #fff4; cursor: pointer } .ytp-play-progress { height: 100%; width: 0; background: #f03 }
.ytp-chrome-controls button { background: none; border: 0; color: #fff; padding: 6px 8px }
.ytp-ad-module { position: absolute; inset: 0; z-index: 3; pointer-events: none }
.ytp-ad-player-overlay { position: absolute; right: 12px; bottom: 60px; pointer-events: auto }
.ytp-skip-ad-button { padding: 8px 14px }
ytd-miniplayer { position: fixed; right: 16px; bottom: 16px; width: 420px; z-index: 5 }
ytd-browse { padding: 24px } #contents { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px }
#thumbnail { display: block; aspect-ratio: 16 / 9; background: #272727 url(/film.jpg) center / cover; border-radius: 10px }
ytd-video-preview { position: absolute; width: 400px; z-index: 4; pointer-events: none }
`
const item = (tag: string, id: string, title: string): string =>
	`<${tag}><a id="thumbnail" class="yt-simple-endpoint" href="/watch?v=${id}" data-id="${id}"></a><a class="yt-simple-endpoint" href="/watch?v=${id}"><span id="video-title">${title}</span></a></${tag}>`

const ITEMS = [
	['saltmarsh01', 'Saltmarsh'],
	['saltmarsh02', 'Saltmarsh, the shorter cut'],
	['livemarsh01', 'Saltmarsh, live'],
] as const
const items = (tag: string): string => ITEMS.map(([id, title]) => item(tag, id, title)).join('\n')

const BODY = `<ytd-app>
<ytd-masthead><a id="logo" class="yt-simple-endpoint" href="/">Tube</a><input id="search" placeholder="Search"></ytd-masthead>
<ytd-watch-flexy hidden>
<div id="primary">
<div id="player"><ytd-player id="ytd-player"><div id="container">
<div id="movie_player" class="html5-video-player unstarted-mode" tabindex="-1">
<div class="html5-video-container"><video class="video-stream html5-main-video" tabindex="-1" playsinline></video></div>
<div class="ytp-chrome-top"><a class="ytp-title-link yt-simple-endpoint"></a></div>
<div class="video-ads ytp-ad-module"></div>
<div class="ytp-chrome-bottom"><div class="ytp-progress-bar" role="slider" aria-label="Seek slider" tabindex="0"><div class="ytp-play-progress"></div></div>
<div class="ytp-chrome-controls"><button class="ytp-play-button" aria-label="Play (k)">▶</button><button class="ytp-next-button" aria-label="Next">»</button><span class="ytp-time-display"><span class="ytp-time-current">0:00</span> / <span class="ytp-time-duration">0:00</span><button class="ytp-live-badge" hidden>LIVE</button></span><button class="ytp-miniplayer-button" aria-label="Miniplayer (i)">▣</button><button class="ytp-fullscreen-button" aria-label="Full screen (f)">[ ]</button></div></div>
</div></div></ytd-player></div>
<h1 class="ytd-watch-metadata"></h1>
<ytd-comments><textarea placeholder="Add a comment"></textarea></ytd-comments>
</div>
<div id="related">${items('ytd-compact-video-renderer')}</div>
</ytd-watch-flexy>
<ytd-browse page-subtype="home" hidden><div id="contents">${items('ytd-rich-item-renderer')}</div></ytd-browse>
<ytd-miniplayer hidden><div id="miniplayer-bar"><div id="player-container"></div></div></ytd-miniplayer>
</ytd-app>
<script type="module" src="/scripts/tube.ts"></script>`

export const tubePage = ({ path }: Asked): SitePage | null =>
	path === '/' || path === '/watch' ? { html: page('Tube', BODY, STYLE) } : null
