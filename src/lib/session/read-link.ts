/**
 * What the text in a link field stands for, or why it stands for nothing that plays. The sites are a chunk of their
 * own, fetched with the first link; so is what puts a link to the server, with the first that needs it.
 */
import type { NewItem } from '#lib/core/room.ts'
import type { MediaHelp } from './media-help.ts'

export type ReadLink =
	/** `note`: something to know of it, with nothing to do. */
	| { readonly type: 'item'; readonly item: NewItem; readonly note?: string }
	/** A list; `left`: how many of its videos are not among them. */
	| { readonly type: 'items'; readonly items: readonly NewItem[]; readonly left: number }
	| { readonly type: 'problem'; readonly message: string }

export type LinkHelp = Pick<MediaHelp, 'look' | 'playlist'>

/** `help`: where links may be asked about. `takesPages`: there is an extension to play other sites' own pages. */
export const readLink = async (
	text: string,
	pageUrl: URL,
	help: (() => Promise<LinkHelp>) | null = null,
	takesPages = false,
): Promise<ReadLink> => {
	const { describeProblem, parseLink } = await import('./sites.ts')
	const parse = (from: string) =>
		parseLink(from, { pageIsSecure: pageUrl.protocol === 'https:', base: pageUrl.href, takesPages })
	const parsed = parse(text)
	const isPlain = parsed.type === 'media' && parsed.media.kind !== 'file' && parsed.media.kind !== 'page'
	if (help !== null && !isPlain && ['media', 'short', 'playlist'].includes(parsed.type)) {
		try {
			const { resolveLink, waitABit } = await import('./resolve-link.ts')
			return await resolveLink(parsed, {
				help: await help(),
				pageUrl,
				takesPages,
				parse,
				describeProblem,
				patience: waitABit,
			})
		} catch (error) {
			// The part could not be fetched: the link goes as far as it goes by itself.
			console.warn(error)
		}
	}
	return parsed.type === 'media'
		? { type: 'item', item: { media: parsed.media, title: parsed.title } }
		: { type: 'problem', message: describeProblem(parsed) }
}
