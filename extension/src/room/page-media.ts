/**
 * What a page is to a room: the video that the app knows by the page's address, or the plain file that it plays.
 */
import { mediaIdentity } from '#lib/core/media-identity.ts'
import type { MediaRef } from '#lib/core/media.ts'
import { parseMediaRef } from '#lib/core/media.ts'
import { parseLink } from '#lib/sources/parse-link.ts'
import type { PageIs } from '../wire/page-messages.ts'

const known = (url: string): MediaRef | null => {
	const parsed = parseLink(url, { pageIsSecure: false })
	return parsed.type === 'media' ? parsed.media : null
}

/** Null where only this page can play its video: there is no way yet to point a room at a page (docs/extension.md). */
export const mediaOfPage = (page: Pick<PageIs, 'url' | 'fileUrl'>): MediaRef | null => {
	const byAddress = known(page.url)
	// Any address may be a file's, as far as links go; of a page it is known what it plays.
	if (byAddress !== null && byAddress.kind !== 'file' && byAddress.kind !== 'hls') return byAddress
	return page.fileUrl === null ? null : parseMediaRef({ kind: 'file', url: page.fileUrl })
}

export const doesShow = (page: Pick<PageIs, 'url' | 'fileUrl'>, media: MediaRef): boolean => {
	const shown = mediaOfPage(page)
	return shown !== null && mediaIdentity(shown) === mediaIdentity(media)
}
