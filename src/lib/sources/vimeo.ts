/** Vimeo: plain, channel, group, showcase, unlisted (`/id/hash`), on-demand and embed addresses. */
import { found, isUnder, page, pageOf, segments, startIn, type Source } from './source.ts'

const ID = /^\d{5,12}$/
const HASH = /^[0-9a-f]{6,20}$/i
/** After these a number is a list, not a video; the video may stand behind it. */
const LISTS = new Set(['showcase', 'album', 'folder', 'project', 'portfolio'])
/** The files themselves, for those who have them. */
const FILES = new Set(['external', 'progressive_redirect', 'play'])

/** Where among the pieces of the path the video's number stands; −1 for none. */
const placeOfId = (parts: readonly string[]): number =>
	parts.findIndex((part, i) => ID.test(part) && !LISTS.has(parts[i - 1] ?? ''))

export const vimeo: Source = {
	site: 'Vimeo',
	kinds: ['vimeo'],
	parse(url) {
		if (!isUnder(url, 'vimeo.com', 'vimeopro.com')) return null
		const parts = segments(url)
		const [first] = parts
		if (url.hostname === 'player.vimeo.com' && first !== undefined && FILES.has(first)) return null
		if (first === 'event')
			return page(
				'a Vimeo event, which cannot be kept in step',
				'Once it is over, its recording has an address of its own.',
			)
		if (parts.includes('review'))
			return page(
				'a Vimeo review page, which only those it was sent to can open',
				'The address of the video itself plays, if it is public or unlisted.',
			)
		const at = placeOfId(parts)
		const asked = url.searchParams.get('video')
		const id = parts[at] ?? (asked !== null && ID.test(asked) ? asked : undefined)
		if (id === undefined)
			return first !== undefined && LISTS.has(first)
				? pageOf('a Vimeo showcase')
				: pageOf('a page on Vimeo, not one of its videos')
		const unlisted = url.searchParams.get('h') ?? (at < 0 ? undefined : parts[at + 1])
		const hash = unlisted !== undefined && HASH.test(unlisted) ? { hash: unlisted } : {}
		return found({ kind: 'vimeo', id, ...hash, ...startIn(url, 't') }, 'A Vimeo video')
	},
}
