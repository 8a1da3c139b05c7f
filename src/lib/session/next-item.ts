/**
 * When the next item's beginning is worth fetching: close to the end of what is on, once for each pair of the two. What
 * fetches it comes then too.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { ItemId, Seconds } from '#lib/core/units.ts'

/** Real seconds before the end. */
export const PRELOAD_BEFORE_S: Seconds = 20

export interface NextItemDeps {
	/** Starts fetching; resolves to what lets go of it. */
	readonly preload: (media: MediaRef) => Promise<() => void>
}

export interface FilmMoment {
	readonly current: QueueItem | null
	readonly following: QueueItem | null
	readonly isPlaying: boolean
	readonly positionS: Seconds
	readonly durationS: Seconds | null
	readonly rate: number
}

export const createNextItem = ({ preload }: NextItemDeps) => {
	let fetched: ItemId | null = null
	let letGo: () => void = () => undefined
	let turn = 0

	const end = (): void => {
		turn++
		letGo()
		letGo = () => undefined
		fetched = null
	}
	const start = async (item: QueueItem): Promise<void> => {
		end()
		const mine = turn
		fetched = item.id
		try {
			const stop = await preload(item.media)
			if (mine === turn) letGo = stop
			else stop()
		} catch (error) {
			console.warn('What fetches the next video ahead could not be fetched.', error)
		}
	}
	return {
		/** To be called now and then. What was fetched is kept until it has played for a while, or is not next any more. */
		look: ({ current, following, isPlaying, positionS, durationS, rate }: FilmMoment): void => {
			const isOn = current !== null && current.id === fetched
			if (isOn && positionS > PRELOAD_BEFORE_S) end()
			if (isOn || following === null || following.id === current?.id) return
			if (following.id === fetched || !isPlaying || durationS === null) return
			if ((durationS - positionS) / rate > PRELOAD_BEFORE_S) return
			void start(following)
		},
		dispose: end,
	}
}
