/**
 * The page as the player's host sees it: its address, and the video that people came for.
 */
import type { Millis } from '#lib/core/units.ts'
import type { QuirkyVideo } from '#lib/players/media-element-facts.ts'
import { chooseVideo, isCandidate } from './choose-video.ts'
import { findFrame, type VideoFrame } from './find-frame.ts'
import { findRoots, seeVideo, videosIn } from './find-videos.ts'
import { createGestures, type Gestures } from './gestures.ts'
import { watchMoves } from './moves.ts'
import { isHiddenPage, isInPage, titleOf, type Root } from './page-dom.ts'
import { createPagePlayer } from './page-player.ts'
import type { PageSeam } from './player-host.ts'
import { isSiteAd, watchSiteAd } from './site-ads.ts'
import { filmPageOf, isInMiniplayer, isSiteLive } from './site-players.ts'

/** A page is looked at at most so often. */
const SEARCH_MS: Millis = 900
/** All of it: any of tens of thousands of elements may hold a shadow root, and looking took 0.6 ms a thousand. */
const DEEP_SEARCH_MS: Millis = 1_500
/** The same while there is a video to play. */
const DEEP_REVIEW_MS: Millis = 60_000

export const createDomPage = (window: Window, local: () => Millis): PageSeam => {
	const { document } = window
	let chosen: QuirkyVideo | null = null
	let searchedMs: Millis = -Infinity
	let roots: Root[] = []
	let rootsMs: Millis = -Infinity
	let frame: VideoFrame | null = null
	let frameMs: Millis = -Infinity
	/** Where the chosen film has its page. */
	let home = { source: '', url: '', title: '' }
	let gestures: Gestures | null = null

	const setTimer = (fn: () => void, ms: Millis): (() => void) => {
		const id = window.setTimeout(fn, ms)
		return () => window.clearTimeout(id)
	}
	const search = (): HTMLVideoElement[] => {
		const isThere = chosen !== null && isInPage(chosen)
		if (local() - rootsMs >= (isThere ? DEEP_REVIEW_MS : DEEP_SEARCH_MS)) {
			roots = findRoots(document)
			rootsMs = local()
		}
		return videosIn(roots)
	}
	return {
		url() {
			const { href } = window.location
			if (chosen === null || !isInMiniplayer(chosen)) {
				home = { source: chosen?.currentSrc ?? '', url: href, title: titleOf(document) }
				return href
			}
			// The same film goes on in a corner while its people look at other pages of the site.
			const isSame = home.url !== '' && home.source === chosen.currentSrc
			return filmPageOf(chosen) ?? (isSame ? home.url : href)
		},
		title() {
			const isElsewhere = chosen !== null && isInMiniplayer(chosen) && home.source === chosen.currentSrc
			return isElsewhere ? home.title : titleOf(document)
		},
		isHidden: () => isHiddenPage(document),
		video() {
			if (local() - searchedMs < SEARCH_MS && (chosen === null || isInPage(chosen))) return chosen
			searchedMs = local()
			const videos = search()
			const kept = chosen === null ? -1 : videos.indexOf(chosen)
			const best = chooseVideo(videos.map(seeVideo), kept < 0 ? null : kept)
			chosen = best === null ? null : (videos[best] ?? null)
			return chosen
		},
		isPlayedHere: (video) => isInPage(video) && isCandidate(seeVideo(video)),
		isAd: isSiteAd,
		frame() {
			if (local() - frameMs < SEARCH_MS) return frame
			frameMs = local()
			frame = findFrame(document)
			return frame
		},
		createPlayer: (video) =>
			createPagePlayer(video, {
				local,
				setTimer,
				isTouched: () => gestures?.isRecent() ?? false,
				isHeld: () => gestures?.isHeld() ?? false,
				isAd: () => isSiteAd(video),
				isLive: () => isSiteLive(video),
				watchSite: (fn) => watchSiteAd(video, fn),
				standIn: document.createElement('span'),
			}),
		watchTouch: () => {
			gestures ??= createGestures(window, local)
			return () => {
				gestures?.dispose()
				gestures = null
			}
		},
		watchMoves: (fn) =>
			watchMoves(window, {
				setTimer,
				onMoved: () => {
					searchedMs = -Infinity
					frameMs = -Infinity
					fn()
				},
			}),
	}
}
