/**
 * All videos of a page, also in open shadow roots, and what is seen of each of them. Reads only.
 */
import type { VideoFacts } from './choose-video.ts'

/** Pages with more elements than this are searched no further: their player stands before that. */
const ELEMENTS_MAX = 50_000
const ROOTS_MAX = 500

/** Names that pages give to what stands beside the film. Whole words of ids and classes. */
const ASIDE =
	/(?:^|[\s_-])(?:ads?|adbox|advert|advertisement|adsbygoogle|sponsor|sponsored|promo|preview|thumbnail|teaser)(?:$|[\s_-])/i
/** An ad so far up is the whole page's frame, not this video's. */
const ASIDE_LEVELS = 6
/** These name players that also show the film: what they show now is asked of `site-ads.ts`. */
const PLAYERS = '.html5-video-player, .bpx-player-container'

/** The parent, out of a shadow root too. */
const parentOf = (element: Element): Element | null => {
	if (element.parentElement !== null) return element.parentElement
	const root = element.getRootNode()
	return 'host' in root ? (root as ShadowRoot).host : null
}

const isAside = (video: Element): boolean => {
	let element: Element | null = video
	for (let level = 0; element !== null && level < ASIDE_LEVELS; level++) {
		if (element.matches(PLAYERS)) return element.id.includes('preview')
		if (ASIDE.test(`${element.id} ${element.getAttribute('class') ?? ''}`)) return true
		element = parentOf(element)
	}
	return false
}

/** Videos of the page in the order in which they stand in it; those of a shadow root where its host stands. */
export const findVideos = (root: Document | ShadowRoot): HTMLVideoElement[] => {
	const videos: HTMLVideoElement[] = []
	const roots: (Document | ShadowRoot)[] = [root]
	let left = ELEMENTS_MAX
	for (let at = 0; at < roots.length && at < ROOTS_MAX; at++) {
		const now = roots[at]
		if (now === undefined) break
		videos.push(...now.querySelectorAll('video'))
		for (const element of now.querySelectorAll('*')) {
			if (left-- <= 0) return videos
			if (element.shadowRoot !== null) roots.push(element.shadowRoot)
		}
	}
	return videos
}

export const seeVideo = (video: HTMLVideoElement): VideoFacts => {
	const { width, height } = video.getBoundingClientRect()
	return {
		width,
		height,
		isPlaying: !video.paused && !video.ended,
		isMuted: video.muted || video.volume === 0,
		doesLoop: video.loop,
		durationMs: Number.isNaN(video.duration) ? null : video.duration * 1000,
		hasSource: video.currentSrc !== '' || video.srcObject !== null || video.readyState > 0,
		isAside: isAside(video),
	}
}
