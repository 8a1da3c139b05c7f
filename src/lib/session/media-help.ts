/**
 * What the server knows of links, as far as it is offered, this device has an identity, and the room lets its links go
 * there. Null stands for all the ways of not knowing: then things stay what the link itself says.
 */
import {
	describeAnswer,
	lookAnswer,
	playlistAnswer,
	searchAnswer,
	type DescribedRef,
	type LookAnswer,
	type MediaDescription,
	type PlaylistAnswer,
	type SearchAnswer,
} from '#lib/protocol/media.ts'
import type { MediaRef } from '#lib/core/media.ts'
import type { Schema } from '#lib/protocol/schema.ts'
import type { ServerApi } from './server-api.ts'

export interface MediaHelpDeps {
	readonly api: Pick<ServerApi, 'config' | 'call'>
	/** The identity's token; null without one. */
	readonly token: () => Promise<string | null>
	/** The room's setting, asked anew each time. */
	readonly mayAsk: () => boolean
}

export interface MediaHelp {
	describe(media: MediaRef): Promise<MediaDescription | null>
	look(url: string): Promise<LookAnswer | null>
	playlist(id: string): Promise<PlaylistAnswer | null>
	search(text: string): Promise<SearchAnswer | null>
	/** Whether there is a search; asks nothing but the configuration. */
	hasSearch(): Promise<boolean>
}

/** No site that the server could ask about it. */
export const isSpeechless = (media: MediaRef): media is Exclude<MediaRef, DescribedRef> =>
	media.kind === 'file' || media.kind === 'hls' || media.kind === 'local-file' || media.kind === 'page'

export const createMediaHelp = ({ api, token, mayAsk }: MediaHelpDeps): MediaHelp => {
	const isOffered = async (what: 'titles' | 'search'): Promise<boolean> => {
		if (!mayAsk()) return false
		const config = await api.config()
		return config.type === 'ok' && config.value.media?.[what] === true
	}
	const ask = async <T>(
		what: 'titles' | 'search',
		path: string,
		schema: Schema<T>,
		body: object,
	): Promise<T | null> => {
		if (!(await isOffered(what))) return null
		const mine = await token()
		// Asked again after the waiting: a setting that was switched off meanwhile counts.
		if (mine === null || !mayAsk()) return null
		const outcome = await api.call(`/api/media/${path}`, schema, {
			method: 'POST',
			body: { token: mine, ...body },
		})
		return outcome.type === 'ok' ? outcome.value : null
	}

	return {
		describe: async (media) =>
			isSpeechless(media) ? null : ask('titles', 'describe', describeAnswer, { media: withoutStart(media) }),
		look: (url) => ask('titles', 'look', lookAnswer, { url }),
		playlist: (id) => ask('search', 'playlist', playlistAnswer, { site: 'YouTube', id }),
		search: (text) => ask('search', 'search', searchAnswer, { text }),
		hasSearch: () => isOffered('search'),
	}
}

/** Where in it people start is nobody's business, and says nothing of the title. */
const withoutStart = (media: DescribedRef): DescribedRef => {
	const { startS: _, ...rest } = media as DescribedRef & { startS?: number }
	return rest
}
