/**
 * What the text in a link field stands for, or why it stands for nothing that plays. The sites are a chunk of their
 * own, fetched with the first link.
 */
import type { NewItem } from '#lib/core/room.ts'

export type ReadLink =
	{ readonly type: 'item'; readonly item: NewItem } | { readonly type: 'problem'; readonly message: string }

export const readLink = async (text: string, pageUrl: URL): Promise<ReadLink> => {
	const { describeProblem, parseLink } = await import('./sites.ts')
	const parsed = parseLink(text, { pageIsSecure: pageUrl.protocol === 'https:', base: pageUrl.href })
	return parsed.type === 'media'
		? { type: 'item', item: { media: parsed.media, title: parsed.title } }
		: { type: 'problem', message: describeProblem(parsed) }
}
