/**
 * What the server knows of links, for an open room and for the front page. Fetched with the first link.
 */
import type { NewItem, Room } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import { createDescriber } from './describe-items.ts'
import type { Device } from './device.ts'
import { createMediaHelp, type MediaHelp } from './media-help.ts'
import type { VideoSearch } from '#lib/core/view.ts'

type Asker = Pick<Device, 'api' | 'identity' | 'name'>

export const openMediaHelp = (device: Asker, mayAsk: () => boolean): MediaHelp =>
	createMediaHelp({
		api: device.api,
		token: async () => (await device.identity.token(await device.name()))?.token ?? null,
		mayAsk,
	})

export interface TitlesDeps {
	readonly device: Asker
	readonly room: Room
	readonly timers: Timers
	/** A site says that a video will not play here. */
	readonly onRefused: (message: string) => void
}

export const openTitles = async ({ device, room, timers, onRefused }: TitlesDeps) => {
	const mayAsk = () => room.state().settings.fetchesTitles
	const help = openMediaHelp(device, mayAsk)
	const describer = createDescriber({ room, help, mayAsk, timers, onRefused })
	return {
		help,
		note: (id: ItemId, { media, durationS }: NewItem) => {
			// Of what came with its length all is known.
			if (durationS !== undefined) return
			describer.note(id, media).catch((error: unknown) => {
				console.warn('A video keeps the title of its link.', error)
			})
		},
		search: async (text: string, pageUrl: URL): Promise<VideoSearch> =>
			(await import('./search-videos.ts')).searchVideos(text, pageUrl, help),
		close: describer.close,
	}
}
