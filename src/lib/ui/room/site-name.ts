/** Where a video comes from, in a word or two. */
import type { MediaRef } from '#lib/core/media.ts'
import { sitesWords } from '#lib/words/sites.ts'

export const siteName = (media: MediaRef): string => {
	switch (media.kind) {
		case 'file':
		case 'hls':
		case 'page':
			return URL.canParse(media.url) ? new URL(media.url).hostname.replace(/^www\./, '') : sitesWords().aLink
		case 'youtube':
			return 'YouTube'
		case 'vimeo':
			return 'Vimeo'
		case 'twitch':
		case 'twitch-live':
			return 'Twitch'
		case 'bilibili':
			return 'Bilibili'
		case 'dailymotion':
			return 'Dailymotion'
		case 'peertube':
			return new URL(media.origin).hostname
		case 'soundcloud':
			return 'SoundCloud'
		case 'local-file':
			return sitesWords().ownCopy
	}
}
