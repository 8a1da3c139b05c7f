/**
 * The way from an open room to what the server knows of links. Nothing of it is fetched before the first link.
 */
import type { NewItem, Room } from '#lib/core/room.ts'
import type { ItemId } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Device } from './device.ts'
import type { MediaHelp } from './media-help.ts'
import type { VideoSearch } from './search-videos.ts'

export interface TitlesDeps {
	readonly device: Pick<Device, 'api' | 'identity' | 'name'>
	readonly mayAsk: () => boolean
}

export const openMediaHelp = async ({ device, mayAsk }: TitlesDeps): Promise<MediaHelp> => {
	const { createMediaHelp } = await import('./media-help.ts')
	const token = async () => (await device.identity.token(await device.name()))?.token ?? null
	return createMediaHelp({ api: device.api, token, mayAsk })
}

export type Titles = ReturnType<typeof createTitles>

export const createTitles = ({
	onRefused,
	...deps
}: Pick<TitlesDeps, 'device'> & {
	readonly room: Room
	readonly timers: Timers
	readonly onRefused: (message: string) => void
}) => {
	const { room, timers } = deps
	const mayAsk = () => room.state().settings.fetchesTitles
	const help = () => openMediaHelp({ ...deps, mayAsk })
	let isClosed = false
	const closers: (() => void)[] = []
	let made: Promise<(id: ItemId, item: NewItem) => Promise<void>> | null = null
	const load = async () => {
		const [{ createDescriber }, mine] = await Promise.all([import('./describe-items.ts'), help()])
		const describer = createDescriber({ room, help: mine, mayAsk, timers, onRefused })
		if (isClosed) describer.close()
		else closers.push(describer.close)
		return (id: ItemId, { media }: NewItem) => describer.note(id, media)
	}
	return {
		help,
		/** `item` has just been added by this device. What tells its length and its still already is known well. */
		note: (id: ItemId, item: NewItem) => {
			if (!mayAsk() || item.durationS !== undefined) return
			void (made ??= load())
				.then((note) => note(id, item))
				.catch((error: unknown) => {
					// The title stays what the link says; the next item tries again.
					console.warn(error)
					made = null
				})
		},
		search: async (text: string, pageUrl: URL): Promise<VideoSearch> => {
			const [{ searchVideos }, mine] = await Promise.all([import('./search-videos.ts'), help()])
			return searchVideos(text, pageUrl, mine)
		},
		close: () => {
			isClosed = true
			for (const fn of closers) fn()
		},
	}
}
