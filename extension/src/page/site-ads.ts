/**
 * Whether what a site's player shows now is the site's own ad. It is waited for, never skipped or covered (design,
 * section 6). Sites say so in the names of their players, which they may change: then an ad is taken for the film, and
 * the room's length check notices.
 */
import { allWithin, closestTo, doesMatch } from './page-dom.ts'

/** Of a player's area. */
const MOST = 0.5

interface Marks {
	/** The player that shows ads and the film. */
	readonly player: string
	/** What the player itself is marked with while an ad is on. */
	readonly marked: string
	/** What lies over most of it while an ad is on: a banner in its corner does not stop the film. */
	readonly over: string | null
}

const SITES: readonly Marks[] = [
	// YouTube, in the film's own video.
	{ player: '.html5-video-player', marked: '.ad-showing, .ad-interrupting', over: null },
	// Bilibili: over the film, mostly in a video of its own. Names as several userscripts know them.
	{
		player: '.bpx-player-container',
		marked: '.bpx-state-ad, [data-ad="true"]',
		over: '.bpx-player-ad-wrap, .bpx-player-adwrap, .bpx-player-ads-wrap, .bpx-player-ads',
	},
	// Players that many sites use.
	{ player: '.video-js', marked: '.vjs-ad-playing', over: null },
	{ player: '.jwplayer', marked: '.jw-flag-ads', over: null },
]

const areaOf = (element: Element): number => {
	const { width, height } = Element.prototype.getBoundingClientRect.call(element)
	return width * height
}
const lieOver = (player: Element, selector: string): boolean => {
	const ads = allWithin(player, selector)
	if (ads.length === 0) return false
	const leastArea = Math.max(1, areaOf(player) * MOST)
	return Array.from(ads).some((ad) => areaOf(ad) >= leastArea)
}

export const isSiteAd = (video: Element): boolean => {
	for (const { player, marked, over } of SITES) {
		const around = closestTo(video, player)
		if (around === null) continue
		if (doesMatch(around, marked)) return true
		if (over !== null && lieOver(around, over)) return true
	}
	return false
}

/** Calls `fn` when a player around the video is marked otherwise. Ads that are only shown in it are found by looking. */
export const watchSiteAd = (video: Element, fn: () => void): (() => void) => {
	const observer = new MutationObserver(fn)
	for (const { player } of SITES) {
		const around = closestTo(video, player)
		if (around !== null) observer.observe(around, { attributes: true, attributeFilter: ['class', 'data-ad'] })
	}
	return () => observer.disconnect()
}
