/**
 * Where a person can open a source: its watch page, from the MediaRef alone. The site's parser in `sources/` reads
 * each of these addresses back to the same MediaRef.
 */
import type { LinkRef, MediaRef } from './media.ts'
import type { Seconds } from './units.ts'

/** 3723 → "1h2m3s": what Twitch and PeerTube write, and all the others read. */
const clockText = (seconds: number): string => {
	const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
	return `${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${s}s`
}

const wholeSeconds = (seconds: Seconds | undefined): number =>
	seconds !== undefined && Number.isFinite(seconds) && seconds >= 1 ? Math.floor(seconds) : 0

/**
 * The address of the source's own page, always absolute http(s); null for a file on people's own disks, which has none.
 * `fromS`: where to begin, in seconds (whole ones are used); left out means where the link began, 0 the beginning.
 * Files, playlists, SoundCloud, live channels and other sites' pages take no time.
 */
export function canonicalUrl(media: LinkRef, fromS?: Seconds): string
export function canonicalUrl(media: MediaRef, fromS?: Seconds): string | null
export function canonicalUrl(
	media: MediaRef,
	fromS: Seconds | undefined = 'startS' in media ? media.startS : undefined,
): string | null {
	const at = wholeSeconds(fromS)
	const time = (text: string): string => (at > 0 ? text : '')
	switch (media.kind) {
		case 'file':
		case 'hls':
		case 'page':
			return media.url
		case 'soundcloud':
			// Tracks known by number only have a page in the player; their own address is for programs.
			return media.url.startsWith('https://api.soundcloud.com/')
				? `https://w.soundcloud.com/player/?url=${encodeURIComponent(media.url)}`
				: media.url
		case 'youtube':
			return `https://www.youtube.com/watch?v=${media.id}${time(`&t=${at}s`)}`
		case 'vimeo': {
			const hash = media.hash === undefined ? '' : `/${media.hash}`
			return `https://vimeo.com/${media.id}${hash}${time(`#t=${at}s`)}`
		}
		case 'twitch':
			return `https://www.twitch.tv/videos/${media.video}${time(`?t=${clockText(at)}`)}`
		case 'twitch-live':
			return `https://www.twitch.tv/${media.channel}`
		case 'bilibili': {
			const query = [media.page > 1 ? `p=${media.page}` : '', time(`t=${at}`)].filter((part) => part !== '')
			return `https://www.bilibili.com/video/${media.id}${query.length > 0 ? `?${query.join('&')}` : ''}`
		}
		case 'dailymotion':
			return `https://www.dailymotion.com/video/${media.id}${time(`?start=${at}`)}`
		case 'local-file':
			return null
		case 'peertube':
			return `${media.origin}/w/${media.id}${time(`?start=${clockText(at)}`)}`
	}
}
