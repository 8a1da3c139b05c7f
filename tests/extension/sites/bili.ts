/**
 * Bilibili's structure: the `bpx` player, made anew for each film; a video of several parts; its own advertisement before
 * the film in an element of its own. What happens in it: scripts/bili.ts.
 */
import { page } from './look.ts'
import type { Asked, SitePage } from './start-sites.ts'

const STYLE = `
[hidden] { display: none !important }
.bili-header { height: 56px; padding: 16px 24px; border-bottom: 1px solid #e3e5e7; color: #00aeec; font-weight: bold }
#mirror-vdcon { display: flex; gap: 24px; max-width: 1280px; margin: 16px auto; padding: 0 16px }
.left-container { flex: 1; min-width: 0 } .right-container { width: 320px }
.bpx-player-container { position: relative; aspect-ratio: 16 / 9; background: #000; overflow: hidden }
.bpx-player-container[data-screen=mini] { position: fixed; right: 24px; bottom: 24px; width: 360px; z-index: 9 }
.bpx-player-video-wrap, .bpx-player-video-wrap > *, .bpx-player-primary-area, .bpx-player-video-area, .bpx-player-video-perch { position: absolute; inset: 0; width: 100%; height: 100% }
.bpx-player-ad-wrap { position: absolute; inset: 0; z-index: 5; background: #111 } .bpx-player-ad-wrap video { width: 100%; height: 100% }
.bpx-player-ad-skip { position: absolute; right: 16px; top: 16px; z-index: 6 }
.bpx-player-control-wrap { position: absolute; inset: auto 12px 0; z-index: 3; padding-bottom: 6px; color: #fff }
.bpx-player-progress { height: 10px; background: #fff4; cursor: pointer } .bpx-player-progress-schedule-current { width: 0; height: 100%; background: #00aeec }
.bpx-player-control-bottom button { background: none; border: 0; color: #fff; padding: 6px 8px }
.video-pod__item, .video-page-card-small { display: block; padding: 8px; border-radius: 6px; text-decoration: none }
.video-pod__item.active { background: #dff6fd }
.bili-video-card__image { position: relative; display: block; aspect-ratio: 16 / 9; background: #e3e5e7 } .v-inline-player video { position: absolute; inset: 0; width: 100%; height: 100% }
.comment { height: 1400px }
`
const card = (id: string, title: string): string =>
	`<div class="bili-video-card"><a class="bili-video-card__image" href="/video/${id}/"><div class="v-inline-player"></div></a><a class="video-page-card-small" href="/video/${id}/">${title}</a></div>`

const BODY = `<div class="bili-header">哔哩</div>
<div id="mirror-vdcon"><div class="left-container">
<h1 class="video-title"></h1>
<div id="playerWrap"><div id="bilibili-player"></div></div>
<div class="comment" id="commentapp"><textarea placeholder="发一条友善的评论"></textarea></div>
</div><div class="right-container">
<div class="video-pod"><div class="video-pod__list"></div></div>
<div class="recommend-list-v1">${card('BV1xx411c7mD', '盐沼')}${card('BV1GJ411x7h7', '盐沼（短片）')}</div>
</div></div>
<script type="module" src="/scripts/bili.ts"></script>`

export const biliPage = ({ path }: Asked): SitePage | null =>
	/^\/video\/BV[A-Za-z0-9]{10}\/?$/.test(path) ? { html: page('哔哩', BODY, STYLE) } : null
