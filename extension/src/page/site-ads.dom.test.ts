import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isSiteAd, watchSiteAd } from './site-ads.ts'

const videoIn = (html: string): HTMLVideoElement => {
	document.body.innerHTML = html
	const video = document.querySelector('video')
	if (video === null) throw new Error('no video')
	return video
}
/** As if they were laid out; nothing is in a test. */
const rects = vi.spyOn(Element.prototype, 'getBoundingClientRect')

beforeEach(() => {
	rects.mockReset()
	rects.mockImplementation(function (this: Element) {
		const width = Number(this.getAttribute('data-w') ?? 0)
		return new DOMRect(0, 0, width, (width * 9) / 16)
	})
})

describe('a site’s own ad', () => {
	it('[XT55] is told by YouTube’s player, which the film shares', () => {
		const video = videoIn(
			'<div id="movie_player" class="html5-video-player ad-created"><div class="html5-video-container"><video></video></div></div>',
		)
		const player = video.closest('#movie_player')
		expect(isSiteAd(video)).toBe(false)
		player?.classList.add('ad-interrupting')
		expect(isSiteAd(video)).toBe(true)
		player?.classList.replace('ad-interrupting', 'ad-showing')
		expect(isSiteAd(video)).toBe(true)
		player?.classList.remove('ad-showing')
		expect(isSiteAd(video)).toBe(false)
	})
	it('[XT55] is told by Bilibili’s player, and by what it shows over the film, but not by its comments over the picture', () => {
		const bpx = (inside: string, marks = '') =>
			videoIn(
				`<div class="bpx-player-container" data-w="640"${marks}><div class="bpx-player-video-area"><div class="bpx-player-video-wrap"><video></video></div>${inside}</div></div>`,
			)
		expect(isSiteAd(bpx('<div class="bpx-player-adv-dm-wrap" data-w="640"></div>'))).toBe(false)
		expect(isSiteAd(bpx('<div class="bpx-player-ad-wrap"></div>'))).toBe(false)
		expect(isSiteAd(bpx('<div class="bpx-player-ad-wrap" data-w="640"></div>'))).toBe(true)
		expect(isSiteAd(bpx('<div class="bpx-player-ad-wrap" data-w="200"></div>'))).toBe(false)
		expect(isSiteAd(bpx('', ' data-ad="true"'))).toBe(true)
		expect(isSiteAd(bpx('', ' data-ad="false"'))).toBe(false)
	})
	it('[XT55] is told of a video in an open shadow root of the player too', () => {
		document.body.innerHTML =
			'<div class="bpx-player-container"><bwp-video></bwp-video><div class="bpx-player-ad-wrap" data-w="640"></div></div>'
		const shadow = document.querySelector('bwp-video')?.attachShadow({ mode: 'open' })
		const video = document.createElement('video')
		shadow?.append(video)
		expect(isSiteAd(video)).toBe(true)
	})
	it('[XT55] is told by the players that many sites use', () => {
		expect(isSiteAd(videoIn('<div class="video-js vjs-ad-playing"><video></video></div>'))).toBe(true)
		expect(isSiteAd(videoIn('<div class="video-js vjs-playing"><video></video></div>'))).toBe(false)
		expect(isSiteAd(videoIn('<div class="jwplayer jw-flag-ads"><video></video></div>'))).toBe(true)
		expect(isSiteAd(videoIn('<main class="ad-showing"><video></video></main>'))).toBe(false)
	})
	it('[XT55] is told the moment the player is marked, and no longer once nobody asks', async () => {
		const video = videoIn('<div class="html5-video-player"><video></video></div>')
		const seen: boolean[] = []
		const stop = watchSiteAd(video, () => seen.push(isSiteAd(video)))
		video.parentElement?.classList.add('ad-showing')
		await Promise.resolve()
		video.parentElement?.classList.remove('ad-showing')
		await Promise.resolve()
		stop()
		video.parentElement?.classList.add('ad-showing')
		await Promise.resolve()
		expect(seen).toEqual([true, false])
	})
})
