/**
 * What keeps a room's history at the server (`open-history.ts`): fetched when the room wants that, or when somebody is
 * alone and may find one there.
 */
import type { Room } from '#lib/core/room.ts'
import type { Millis } from '#lib/core/units.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { Network } from './network.ts'
import type { OpenHistoryDeps } from './open-history.ts'

export interface LazyHistoryDeps {
	readonly room: Pick<Room, 'state'>
	readonly network: Pick<Network, 'connection'>
	/** Made here just now: the server cannot have anything of it. */
	readonly isNew: () => boolean
	/** By the local clock, as is the room's opening. */
	readonly nowMs: () => Millis
	readonly openedAtMs: Millis
	readonly timers: Timers
	/** What it is opened with. */
	readonly open: () => OpenHistoryDeps
}

/** By then whoever is here has been met. */
const HISTORY_AFTER_MS: Millis = 3_000
const RETRY_MS: Millis = 60_000

/** `review`: to be called once a second. */
export const createLazyHistory = (deps: LazyHistoryDeps): { review(): void; stop(): void } => {
	let isOpen = false
	let isStopped = false
	let close: (() => void) | null = null
	return {
		review: () => {
			const { isFollower, state } = deps.network.connection()
			if (isOpen || isFollower || deps.nowMs() - deps.openedAtMs < HISTORY_AFTER_MS) return
			if (!deps.room.state().settings.keepsHistory && (state !== 'alone' || deps.isNew())) return
			isOpen = true
			import('./open-history.ts')
				.then(({ openHistory }) => openHistory(deps.open()))
				.then(
					(opened) => {
						if (isStopped) opened?.()
						else close = opened
					},
					(error: unknown) => {
						console.warn('What keeps the history could not be fetched.', error)
						deps.timers.after(RETRY_MS, () => (isOpen = false))
					},
				)
		},
		stop: () => {
			isStopped = true
			close?.()
		},
	}
}
