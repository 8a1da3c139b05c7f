/**
 * Whether what a site's player shows now is the site's own ad. It is waited for, never skipped or covered (design,
 * section 6). Sites say so in the names of their players, which they may change: then an ad is taken for the film, and
 * the room's length check notices.
 */
import { allWithin, closestTo, doesMatch } from './page-dom.ts'

interface Marks {
	/** The player that shows ads and the film. */
	readonly player: string
	/** What the player itself is marked with while an ad is on. */
	readonly marked: string
	/** What stands in it, and is seen, while an ad is on. */
	readonly shown: string | null
}

const SITES: readonly Marks[] = [
	// YouTube, in the film's own video.
	{ player: '.html5-video-player', marked: '.ad-showing, .ad-interrupting', shown: null },
	// Bilibili: over the film, mostly in a video of its own. Names as several userscripts know them.
	{
		player: '.bpx-player-container',
		marked: '.bpx-state-ad, [data-ad="true"]',
		shown:
			'.bpx-player-ad-wrap, .bpx-player-adwrap, .bpx-player-ads-wrap, .bpx-player-ads, .bpx-player-ads-skip',
	},
	// Players that many sites use.
	{ player: '.video-js', marked: '.vjs-ad-playing', shown: null },
	{ player: '.jwplayer', marked: '.jw-flag-ads', shown: null },
]

const isSeen = (element: Element): boolean => {
	const { width, height } = Element.prototype.getBoundingClientRect.call(element)
	return width > 0 && height > 0
}

export const isSiteAd = (video: Element): boolean => {
	for (const { player, marked, shown } of SITES) {
		const around = closestTo(video, player)
		if (around === null) continue
		if (doesMatch(around, marked)) return true
		if (shown !== null && Array.from(allWithin(around, shown)).some(isSeen)) return true
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
