/**
 * What each person sets for their own watching, on the room's screen: fetched when there are subtitles to show, a glow
 * was on last time, or the first of it is used.
 */
import type { PickedFile } from '#lib/core/own-files.ts'
import { createLazy } from '../../lazy.svelte.ts'
import type { RoomScreenProps } from '../../props.ts'
import { chaptersOf, ticksOf } from './ticks.ts'
import { wantsGlow } from './wants-glow.ts'

export interface RoomWatchingDeps {
	readonly room: () => RoomScreenProps
	/** One line that something did not work. */
	readonly refuse: (reason: string) => void
	/** One line that something did. */
	readonly tell: (text: string) => void
	/** Said where no part can be fetched. */
	readonly notFetched: () => string
}

export const createRoomWatching = ({ room, refuse, tell, notFetched }: RoomWatchingDeps) => {
	const layer = createLazy(() => import('./WatchLayer.svelte'))
	const remote = createLazy(() => import('./RemoteStage.svelte'))
	let isAsleep = $state(false)
	const current = $derived(room().state.queue.current)
	const item = $derived(current?.id ?? null)
	const durationS = $derived(room().player.durationS)
	const chat = $derived(room().state.chat)
	const ticks = $derived(ticksOf(chat, item, durationS))
	const chapters = $derived(chaptersOf(chat, item))

	const add = async (files: readonly PickedFile[]): Promise<void> => {
		const { commands, canDo } = room()
		const reason = canDo('add')
		if (reason !== null) return refuse(reason)
		try {
			const { addSubtitles, nothingOn } = await import('./add-subtitles.ts')
			for (const { file } of files) {
				if (item === null) return refuse(nothingOn())
				const result = await addSubtitles(commands, item, file)
				if (result.type === 'added') tell(result.message)
				else refuse(result.message)
			}
		} catch (error) {
			console.warn(error)
			refuse(notFetched())
		}
	}

	return {
		/** To be called in an effect. */
		prepare: (): void => {
			const { state, isRemote } = room()
			if (isRemote) void remote.load()
			else if (item !== null && (state.subtitles.some((file) => file.item === item) || wantsGlow()))
				void layer.load()
		},
		get layer() {
			return layer.component
		},
		get remote() {
			return remote.component
		},
		use: (): void => void layer.load(),
		onsubtitles: (files: readonly PickedFile[]): void => void add(files),
		/** Stopped for this person alone. */
		get isAsleep() {
			return isAsleep
		},
		fallAsleep: (): void => void (isAsleep = true),
		wake: (): void => void (isAsleep = false),
		get ticks() {
			return ticks
		},
		get chapters() {
			return chapters
		},
	}
}
