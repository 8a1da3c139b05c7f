/**
 * Links that do not say what they stand for, put to the server: short ones, lists, and addresses that may be a file or
 * a page. Fetched with the first of them.
 */
import type { MediaRef } from '#lib/core/media.ts'
import { pageRef } from '#lib/core/page-address.ts'
import type { NewItem } from '#lib/core/room.ts'
import type { FoundVideo, LookAnswer } from '#lib/protocol/media.ts'
import type { ParsedLink } from '#lib/sources/source.ts'
import { linksWords } from '#lib/words/links.ts'
import type { MediaHelp } from './media-help.ts'
import type { ReadLink } from './read-link.ts'

export interface ResolveDeps {
	readonly help: Pick<MediaHelp, 'look' | 'playlist'>
	readonly pageUrl: URL
	/** A page stays one: there is somebody to play it. */
	readonly takesPages?: boolean
	readonly parse: (text: string) => ParsedLink
	readonly describeProblem: (parsed: ParsedLink) => string
	/** Resolves when an address that may play as it is has waited long enough to be looked at. */
	readonly patience: () => Promise<null>
}

/** People wait this long to see what they have pasted in the queue. */
const PATIENCE_MS = 3_000
export const waitABit = (): Promise<null> =>
	new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))

/** How a list's or a search's video stands in the queue. */
export const itemOfFound = ({ media, title, durationS, thumbnailUrl }: FoundVideo): NewItem => ({
	media: { kind: 'youtube', id: media.id },
	title: title ?? 'A YouTube video',
	...(durationS === null ? {} : { durationS }),
	...(thumbnailUrl === null ? {} : { thumbnailUrl }),
})

/** Names that the server could look up: not this page's own, nor those of a house or an office. */
const isOutside = (url: URL, pageUrl: URL): boolean =>
	url.origin !== pageUrl.origin &&
	url.port === '' &&
	/\.[a-z][a-z0-9-]*[a-z0-9]$/.test(url.hostname) &&
	!/\.(?:local|localhost|internal|lan|home|arpa|test)$/.test(url.hostname)

const MEDIA_ENDING =
	/\.(?:m3u8?|mp4|m4v|webm|og[vag]|opus|mov|mkv|avi|mpe?g|ts|mp3|m4[ab]|aac|wav|flac|weba)\b/i

/** An address whose name says nothing: it may be a file, or a page. */
export const maybePage = (media: MediaRef, pageUrl: URL): boolean => {
	if (media.kind !== 'file' && media.kind !== 'page') return false
	const url = new URL(media.url)
	return isOutside(url, pageUrl) && !MEDIA_ENDING.test(url.pathname + url.search)
}

const itemOfPage = (
	media: MediaRef,
	title: string,
	answer: Extract<LookAnswer, { type: 'page' }>,
	takesPages: boolean,
): ReadLink => {
	const { video } = answer
	const itself = (takesPages && media.kind === 'file' ? pageRef(media.url) : null) ?? media
	const item: NewItem = {
		media: video === null ? itself : { kind: video.kind, url: video.url },
		title: answer.title ?? title,
		...(answer.durationS === null ? {} : { durationS: answer.durationS }),
		...(answer.thumbnailUrl === null ? {} : { thumbnailUrl: answer.thumbnailUrl }),
	}
	return item.media.kind === 'file' && video === null
		? {
				type: 'item',
				item,
				note: linksWords().looksLikePage(item.title),
			}
		: { type: 'item', item }
}

export const resolveLink = async (parsed: ParsedLink, deps: ResolveDeps): Promise<ReadLink> => {
	const { help, pageUrl } = deps
	const problem = (what: ParsedLink): ReadLink => ({ type: 'problem', message: deps.describeProblem(what) })
	switch (parsed.type) {
		case 'short': {
			const answer = await help.look(parsed.url)
			if (answer?.type === 'nothing')
				return { type: 'problem', message: linksWords().deadShortLink(parsed.site) }
			if (answer?.type !== 'leads-to') return problem(parsed)
			const next = deps.parse(answer.url)
			// Never from one short link to another here: the server has followed them all.
			return next.type === 'media'
				? { type: 'item', item: { media: next.media, title: next.title } }
				: problem(next)
		}
		case 'playlist': {
			const answer = await help.playlist(parsed.id)
			if (answer?.type === 'nothing')
				return { type: 'problem', message: linksWords().hiddenPlaylist(parsed.site) }
			if (answer?.type !== 'playlist') return problem(parsed)
			return { type: 'items', items: answer.items.map(itemOfFound), left: answer.left }
		}
		case 'media': {
			const asIs: ReadLink = { type: 'item', item: { media: parsed.media, title: parsed.title } }
			const { media, title } = parsed
			if ((media.kind !== 'file' && media.kind !== 'page') || !maybePage(media, pageUrl)) return asIs
			const { url } = media
			const answer = await Promise.race([help.look(url), deps.patience()])
			if (answer?.type === 'media')
				return { type: 'item', item: { media: { kind: answer.kind, url }, title } }
			return answer?.type === 'page' ? itemOfPage(media, title, answer, deps.takesPages === true) : asIs
		}
		default:
			return problem(parsed)
	}
}
