/**
 * What a page is to a room. First what the app itself knows by the page's address (the very refs that a link pasted
 * into the web app becomes), so that people without the extension watch along. Else the page.
 *
 * Between the page and the plain file that it plays the page is the rule: what sites hand out as a file's address is
 * mostly signed, bound to the visitor and over in hours, and who comes later would find an error where the page would
 * have been. But a file that looks as if it were there for everybody (its name ends like one, nothing is asked of the
 * server beside it, nothing in its path looks like a key or a time, an https page may load it) stays a file: then the
 * web app plays it too. Where that is wrong, the web app says so and names the file; nothing is lost but a try.
 */
import { mediaIdentity } from '#lib/core/media-identity.ts'
import { parseMediaRef, type MediaRef } from '#lib/core/media.ts'
import { pageRef } from '#lib/core/page-address.ts'
import { isMediaFile } from '#lib/sources/direct.ts'
import { isLoopback, parseLink } from '#lib/sources/parse-link.ts'
import { segments } from '#lib/sources/source.ts'
import type { PageIs } from '../wire/page-messages.ts'

type Page = Pick<PageIs, 'url' | 'fileUrl'>

/** A moment in seconds or milliseconds, or a run of signs that nobody would give a folder for a name. */
const KEY =
	/(?:^|[^\d])1[5-9]\d{8}(?:\d{3})?(?:[^\d]|$)|^(?:[0-9a-f]{24,}|(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w~=-]{20,})$/

const fileRef = (fileUrl: string): MediaRef | null =>
	parseMediaRef({ kind: /\.m3u8?(?:[?#]|$)/i.test(fileUrl) ? 'hls' : 'file', url: fileUrl })

const withoutPlace = (address: string): string => address.replace(/#.*$/s, '')

const isForEverybody = (fileUrl: string): boolean => {
	const url = URL.parse(fileUrl)
	if (url === null || url.search !== '' || !isMediaFile(url)) return false
	if (url.protocol !== 'https:' && !isLoopback(url)) return false
	return !segments(url)
		.slice(0, -1)
		.some((part) => KEY.test(part))
}

/** What the app's own players know the page as. */
const known = ({ url }: Page): MediaRef | null => {
	const parsed = parseLink(url, { pageIsSecure: false })
	if (parsed.type !== 'media') return null
	// Any address may be a file's, as far as links go; of a page it is known what it plays.
	return parsed.media.kind === 'file' || parsed.media.kind === 'hls' ? null : parsed.media
}

const file = ({ url, fileUrl }: Page): MediaRef | null => {
	if (fileUrl === null) return null
	const isItself = withoutPlace(url) === withoutPlace(fileUrl)
	return isItself || isForEverybody(fileUrl) ? fileRef(fileUrl) : null
}

/** Null where its address is longer than a record carries. */
export const mediaOfPage = (page: Page): MediaRef | null => known(page) ?? file(page) ?? pageRef(page.url)

/** Whether the page plays what `media` names, also where it would be named otherwise today. */
export const doesShow = (page: Page, media: MediaRef): boolean => {
	const wanted = mediaIdentity(media)
	const names = [known(page), page.fileUrl === null ? null : fileRef(page.fileUrl), pageRef(page.url)]
	return names.some((name) => name !== null && mediaIdentity(name) === wanted)
}
