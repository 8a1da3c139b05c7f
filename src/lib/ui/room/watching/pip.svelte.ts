/**
 * The picture in a window of its own, over everything else. Films of our own only: what is in a site's frame is the
 * site's.
 */
import { createSubscriber } from 'svelte/reactivity'
import type { MediaRef } from '#lib/core/media.ts'
import type { PlayerView } from '#lib/core/view.ts'
import { watchingWords } from '#lib/words/watching.ts'

const film = (): HTMLVideoElement | null => document.querySelector('.stage video')

/** Media that plays in an element of ours. */
export const isOwnFilm = (media: MediaRef | null): boolean =>
	media !== null && (media.kind === 'file' || media.kind === 'hls' || media.kind === 'local-file')

export const createPictureInPicture = () => {
	const subscribe = createSubscriber((update) => {
		// Both rise up from the film.
		for (const name of ['enterpictureinpicture', 'leavepictureinpicture'])
			document.addEventListener(name, update, true)
		return () => {
			for (const name of ['enterpictureinpicture', 'leavepictureinpicture'])
				document.removeEventListener(name, update, true)
		}
	})
	const isOn = (): boolean => {
		subscribe()
		return document.pictureInPictureElement !== null && document.pictureInPictureElement === film()
	}
	return {
		get isOn() {
			return isOn()
		},
		/** Why it cannot be now, or null. */
		reason: (media: MediaRef | null, player: PlayerView): string | null => {
			const words = watchingWords()
			if (isOn()) return null
			if (media === null) return words.pipLoading
			if (!isOwnFilm(media)) return words.pipSite
			if (!document.pictureInPictureEnabled) return words.pipBrowser
			const video = film()
			if (video?.dataset['soundOnly'] === 'true') return words.pipSound
			return video === null || /^(?:none|loading|failed|needs-file|on-site)$/.test(player.state)
				? words.pipLoading
				: null
		},
		/** In a gesture. Resolves with why it was refused, or null. */
		toggle: async (): Promise<string | null> => {
			try {
				if (isOn()) await document.exitPictureInPicture()
				else await film()?.requestPictureInPicture()
				return null
			} catch (error) {
				console.warn(error)
				return watchingWords().pipRefused
			}
		},
	}
}
