/**
 * The page as the player's host sees it: its address, and the video that people came for.
 */
import type { Millis } from '#lib/core/units.ts'
import type { QuirkyVideo } from '#lib/players/media-element-facts.ts'
import { chooseVideo, isCandidate } from './choose-video.ts'
import { findVideos, seeVideo } from './find-videos.ts'
import { createGestures, type Gestures } from './gestures.ts'
import { createPagePlayer } from './page-player.ts'
import type { PageSeam } from './player-host.ts'
import { isSiteAd } from './site-ads.ts'

/** A page is searched at most so often: there may be tens of thousands of elements. */
const SEARCH_MS: Millis = 900

export const createDomPage = (window: Window, local: () => Millis): PageSeam => {
	const { document } = window
	let chosen: QuirkyVideo | null = null
	let searchedMs: Millis = -Infinity
	let gestures: Gestures | null = null

	return {
		url: () => window.location.href,
		title: () => document.title,
		isHidden: () => document.visibilityState === 'hidden',
		video: () => {
			if (local() - searchedMs < SEARCH_MS && (chosen === null || chosen.isConnected)) return chosen
			searchedMs = local()
			const videos = findVideos(document)
			const kept = chosen === null ? -1 : videos.indexOf(chosen)
			const best = chooseVideo(videos.map(seeVideo), kept < 0 ? null : kept)
			chosen = best === null ? null : (videos[best] ?? null)
			return chosen
		},
		isPlayedHere: (video) => video.isConnected && isCandidate(seeVideo(video)),
		createPlayer: (video) =>
			createPagePlayer(video, {
				local,
				setTimer: (fn, ms) => {
					const id = window.setTimeout(fn, ms)
					return () => window.clearTimeout(id)
				},
				isTouched: () => gestures?.isRecent() ?? false,
				isAd: () => isSiteAd(video),
				standIn: document.createElement('span'),
			}),
		watchTouch: () => {
			gestures ??= createGestures(window, local)
			return () => {
				gestures?.dispose()
				gestures = null
			}
		},
	}
}
