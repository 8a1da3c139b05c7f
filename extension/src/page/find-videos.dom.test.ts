import { beforeEach, describe, expect, it } from 'vitest'
import { findRoots, seeVideo, videosIn } from './find-videos.ts'
import { createGestures } from './gestures.ts'
import { isSiteAd } from './site-ads.ts'

beforeEach(() => {
	document.body.innerHTML = ''
})

describe('the videos of a page', () => {
	it('[XT5] are found in open shadow roots too, however deep', () => {
		document.body.innerHTML = '<video id="a"></video><div id="host"></div>'
		const outer = document.getElementById('host')?.attachShadow({ mode: 'open' })
		outer?.append(document.createElement('video'), document.createElement('section'))
		outer?.querySelector('section')?.attachShadow({ mode: 'open' }).append(document.createElement('video'))
		expect(videosIn(findRoots(document))).toHaveLength(3)
	})
	it('[XT5] that stand in what the page calls an advertisement or a preview are aside', () => {
		const see = (html: string): boolean => {
			document.body.innerHTML = html
			const video = videosIn(findRoots(document))[0]
			if (video === undefined) throw new Error('no video')
			return seeVideo(video).isAside
		}
		expect(see('<div class="ad-container"><p><video></video></p></div>')).toBe(true)
		expect(see('<div id="video-preview"><video></video></div>')).toBe(true)
		expect(see('<main class="loading header-shadow"><video></video></main>')).toBe(false)
		// YouTube’s player of the film, in which its ads play too, and its preview over a thumbnail.
		expect(see('<div id="movie_player" class="html5-video-player ad-created"><video></video></div>')).toBe(
			false,
		)
		expect(see('<div id="inline-preview-player" class="html5-video-player"><video></video></div>')).toBe(true)
	})
	it('[XT3] YouTube’s own ad is told by its player', () => {
		document.body.innerHTML = '<div class="html5-video-player"><video></video></div>'
		const video = videosIn(findRoots(document))[0]
		if (video === undefined) throw new Error('no video')
		expect(isSiteAd(video)).toBe(false)
		video.parentElement?.classList.add('ad-showing')
		expect(isSiteAd(video)).toBe(true)
	})
})

describe('a person’s touch', () => {
	it('[XT2] is no event that a script made, and nothing is listened to afterwards', () => {
		let nowMs = 0
		const gestures = createGestures(window, () => nowMs)
		document.body.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }))
		document.body.click()
		expect(gestures.isRecent()).toBe(false)
		// A person's is trusted, which no test can make: here it is only said.
		const pressed = { type: 'pointerdown', isTrusted: true, composedPath: () => [] } as unknown as Event
		const listeners = new Map<string, (event: Event) => void>()
		const page = {
			addEventListener: (name: string, fn: (event: Event) => void) => listeners.set(name, fn),
			removeEventListener: (name: string) => listeners.delete(name),
		} as unknown as EventTarget
		const own = createGestures(page, () => nowMs)
		listeners.get('pointerdown')?.(pressed)
		nowMs = 60_000
		expect(own.isRecent()).toBe(true)
		listeners.get('pointerup')?.({ ...pressed, type: 'pointerup' })
		expect(own.isRecent()).toBe(true)
		nowMs = 61_001
		expect(own.isRecent()).toBe(false)
		own.dispose()
		expect(listeners.size).toBe(0)
		gestures.dispose()
	})
})
