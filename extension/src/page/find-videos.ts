/**
 * All videos of a page, also in open shadow roots, and what is seen of each of them. Reads only.
 */
import type { VideoFacts } from './choose-video.ts'
import { allIn, attributeOf, parentOf, shadowOf, type Root } from './page-dom.ts'
import { isInPlayer, isPlayer, isPreview } from './site-players.ts'

/** Pages with more elements than this are searched no further: their player stands before that. */
const ELEMENTS_MAX = 50_000
const ROOTS_MAX = 500

/** Names that pages give to what stands beside the film. Whole words of ids and classes. */
const ASIDE =
	/(?:^|[\s_-])(?:ads?|adbox|advert|advertisement|adsbygoogle|sponsor|sponsored|promo|preview|thumbnail|teaser)(?:$|[\s_-])/i
/** An ad so far up is the whole page's frame, not this video's. */
const ASIDE_LEVELS = 6

/** Stands in what the page itself names an advertisement or a preview, as far up as that says anything. */
export const isNamedAside = (one: Element): boolean => {
	let element: Element | null = one
	for (let level = 0; element !== null && level < ASIDE_LEVELS; level++) {
		// It shows the film and its ads alike: what it shows now is asked of site-ads.ts.
		if (isPlayer(element)) return false
		if (ASIDE.test(`${attributeOf(element, 'id')} ${attributeOf(element, 'class')}`)) return true
		element = parentOf(element)
	}
	return false
}

/** The page and its open shadow roots, in the order in which they stand. Slow on large pages: some ten milliseconds. */
export const findRoots = (document: Document): Root[] => {
	const roots: Root[] = [document]
	let left = ELEMENTS_MAX
	for (let at = 0; at < roots.length && at < ROOTS_MAX; at++) {
		const now = roots[at]
		if (now === undefined) break
		for (const element of allIn(now, '*')) {
			if (left-- <= 0) return roots
			const shadow = shadowOf(element)
			if (shadow !== null) roots.push(shadow)
		}
	}
	return roots
}

export const videosIn = (roots: readonly Root[]): HTMLVideoElement[] =>
	roots.flatMap((root) => Array.from(allIn<HTMLVideoElement>(root, 'video')))

export const seeVideo = (video: HTMLVideoElement): VideoFacts => {
	const { width, height } = video.getBoundingClientRect()
	return {
		width,
		height,
		isPlaying: !video.paused && !video.ended,
		isMuted: video.muted || video.volume === 0,
		// What somebody can stop is there to be seen; YouTube's short films begin again by themselves.
		doesLoop: video.loop && !video.controls && !isInPlayer(video),
		durationMs: Number.isNaN(video.duration) ? null : video.duration * 1000,
		hasSource: video.currentSrc !== '' || video.srcObject !== null || video.readyState > 0,
		isAside: isPreview(video) || isNamedAside(video),
	}
}
