/**
 * Whether two things in the queue are the same to watch, wherever they start.
 */
import type { MediaRef } from './media.ts'
import { pageAddress } from './page-address.ts'
import type { QueueItem, QueueState } from './state.ts'

/** The same text for the same video or sound. Times to start at, also behind the `#` of an address, do not matter. */
export const mediaIdentity = (media: MediaRef): string => {
	if (media.kind === 'page') return `page ${pageAddress(media.url) ?? media.url}`
	if ('url' in media) return `${media.kind} ${media.url.replace(/#.*$/, '')}`
	if (media.kind === 'local-file') return `${media.kind} ${String(media.size)} ${media.hash}`
	if (media.kind === 'twitch-live') return `${media.kind} ${media.channel.toLowerCase()}`
	if (media.kind === 'vimeo') return `${media.kind} ${media.id}`
	const { startS: _, ...what } = media
	return JSON.stringify(what, Object.keys(what).sort())
}

export interface Duplicate {
	readonly item: QueueItem
	readonly where: 'current' | 'next' | 'earlier'
}

/** Where the same is already: what plays and what comes before what is over. Null: nowhere. */
export const duplicateOf = (queue: QueueState, media: MediaRef): Duplicate | null => {
	const identity = mediaIdentity(media)
	const places = [
		['current', queue.current === null ? [] : [queue.current]],
		['next', queue.next],
		['earlier', queue.earlier.toReversed()],
	] as const
	for (const [where, items] of places) {
		const item = items.find((other) => mediaIdentity(other.media) === identity)
		if (item !== undefined) return { item, where }
	}
	return null
}
