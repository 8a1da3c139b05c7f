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
	if (byAddress !== null) return byAddress
	if (page.fileUrl === null) return null
	const file = known(page.fileUrl)
	// What a page feeds to its video by a plain address is a file, whatever the address looks like.
	return file ?? parseMediaRef({ kind: 'file', url: page.fileUrl })
}

export const doesShow = (page: Pick<PageIs, 'url' | 'fileUrl'>, media: MediaRef): boolean => {
	const shown = mediaOfPage(page)
	return shown !== null && mediaIdentity(shown) === mediaIdentity(media)
}
