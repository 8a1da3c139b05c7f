import { describe, expect, it } from 'vitest'
import { seeVideo } from './find-videos.ts'
import { filmPageOf, isInMiniplayer, isSiteLive } from './site-players.ts'

const videoIn = (html: string): HTMLVideoElement => {
	document.body.innerHTML = html
	const video = document.querySelector('video')
	if (video === null) throw new Error('no video')
	return video
}

describe('what sites name their players by', () => {
	it('[XT57] a preview over a thumbnail is never the film', () => {
		const previews = [
			'<ytd-video-preview><div id="video-preview"><ytd-player id="inline-player"><div id="inline-preview-player" class="html5-video-player"><video></video></div></ytd-player></div></ytd-video-preview>',
			'<div class="bili-video-card__image"><div class="v-inline-player mouse-in"><video></video></div></div>',
			'<div class="v-inline-player"><div class="bpx-player-container"><video></video></div></div>',
		]
		for (const html of previews) expect(seeVideo(videoIn(html)).isAside).toBe(true)
		const films = [
			'<ytd-player id="ytd-player"><div id="movie_player" class="html5-video-player ad-created"><video></video></div></ytd-player>',
			'<ytd-shorts><div id="shorts-player" class="html5-video-player"><video></video></div></ytd-shorts>',
			'<ytd-miniplayer active><div id="movie_player" class="html5-video-player"><video></video></div></ytd-miniplayer>',
			'<div id="bilibili-player"><div class="bpx-player-container" data-screen="mini"><video></video></div></div>',
		]
		for (const html of films) expect(seeVideo(videoIn(html)).isAside).toBe(false)
	})
	it('[XT57] a short film that begins again, muted, is no decoration in a site’s player', () => {
		const short = videoIn(
			'<ytd-shorts><div id="shorts-player" class="html5-video-player"><video loop muted></video></div></ytd-shorts>',
		)
		expect(seeVideo(short).doesLoop).toBe(false)
		expect(seeVideo(videoIn('<video loop muted controls></video>')).doesLoop).toBe(false)
		expect(seeVideo(videoIn('<header><video loop muted></video></header>')).doesLoop).toBe(true)
	})
	it('[XT57] YouTube’s miniplayer says which film it shows, of its own site only', () => {
		const mini = (href: string) =>
			videoIn(
				`<ytd-miniplayer><div class="html5-video-player"><a class="ytp-title-link" href="${href}"></a><video></video></div></ytd-miniplayer>`,
			)
		const video = mini('/watch?v=abc')
		expect([isInMiniplayer(video), filmPageOf(video)]).toEqual([
			true,
			new URL('/watch?v=abc', document.baseURI).href,
		])
		expect(filmPageOf(mini('https://elsewhere.example/watch?v=abc'))).toBeNull()
		expect(filmPageOf(mini('javascript:alert(1)'))).toBeNull()
		expect(filmPageOf(videoIn('<video></video>'))).toBeNull()
		expect(isInMiniplayer(videoIn('<div class="html5-video-player"><video></video></div>'))).toBe(false)
	})
	it('[XT59] YouTube says that it is live, whatever length the stream states', () => {
		const tube = (mark: string) =>
			videoIn(
				`<div class="html5-video-player"><video></video><span class="ytp-time-display ${mark}"></span></div>`,
			)
		expect(isSiteLive(tube('notranslate ytp-live'))).toBe(true)
		expect(isSiteLive(tube('notranslate'))).toBe(false)
		expect(isSiteLive(videoIn('<video></video>'))).toBe(false)
	})
})
