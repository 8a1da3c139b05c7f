/**
 * From what a person pasted to a MediaRef. Pure: no request is made; one file a site beside this one.
 */
import type { MediaRef } from '#lib/core/media.ts'

export type ParsedLink =
	| { readonly type: 'media'; readonly media: MediaRef; readonly title: string }
	/** No address in the text at all. */
	| { readonly type: 'not-a-link' }
	/** An address, but of a page we know to be no video (a channel, a search, a picture…): `what` in words. */
	| { readonly type: 'not-media'; readonly what: string }
	/** http on an https page, javascript:, file:, data: … */
	| { readonly type: 'unsafe'; readonly scheme: string }
	/** A known site whose player is not here yet. */
	| { readonly type: 'unsupported-site'; readonly site: string }

export interface Source {
	readonly site: string
	/** Null: not this site's link. */
	parse(url: URL): ParsedLink | null
}
