/** Sources whose own page has a video that the extension can hold: a file's address is no such page. */
import { canonicalUrl } from '#lib/core/media-address.ts'
import type { MediaKind, MediaRef } from '#lib/core/media.ts'

const WITH_A_VIDEO: ReadonlySet<MediaKind> = new Set<MediaKind>([
	'page',
	'youtube',
	'bilibili',
	'vimeo',
	'twitch',
	'twitch-live',
	'dailymotion',
	'peertube',
])

export interface OwnPage {
	readonly url: string
	/** As people say it: without `www.`. */
	readonly host: string
}

/** Null where there is none. */
export const ownPageOf = (media: MediaRef): OwnPage | null => {
	const url = WITH_A_VIDEO.has(media.kind) ? canonicalUrl(media) : null
	return url === null ? null : { url, host: new URL(url).host.replace(/^www\.(?=.)/, '') }
}
