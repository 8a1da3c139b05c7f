/**
 * What is only known some moments after a room was opened: what time it is there, whether anybody is here, and what of
 * all that is read in is history rather than news.
 */
import type { Room } from '#lib/core/room.ts'
import type { Millis } from '#lib/core/units.ts'
import type { RoomClock } from '#lib/follow/room-clock.ts'
import type { Timers } from '#lib/follow/timers.ts'
import type { DocSync } from '#lib/sync/doc-sync.ts'
import type { Network } from './network.ts'
import type { PickUp } from './pick-up.ts'

export interface FirstMomentsDeps {
	readonly room: Pick<Room, 'state' | 'playback'>
	readonly clock: Pick<RoomClock, 'nowMs' | 'quality' | 'settle'>
	readonly network: Pick<Network, 'connection' | 'others'>
	readonly links: () => number
	readonly sync: Pick<DocSync, 'on'>
	readonly pickUp: PickUp
	readonly localNowMs: () => Millis
	readonly timers: Timers
}

export interface FirstMoments {
	/** By the local clock. */
	readonly openedAtMs: Millis
	/** Resolves when it is, or nobody can be asked. */
	whenTimeIsKnown(): Promise<void>
	/** What comes from now on is news. */
	isCaughtUp(): boolean
	/** Sets a film down that would run on for nobody; to be called now and then. */
	setDownIfEmpty(): void
	stop(): void
}

/** With nobody in sight for so long after the server answered (or did not), nobody is here. */
const EMPTY_AFTER_MS: Millis = 4_000
/** What was asked of the first neighbour has come by then. */
const READ_IN_MS: Millis = 1_000
const LOOK_FOR_TIME_MS: Millis = 10
const TIME_PATIENCE_MS: Millis = 8_000

export const createFirstMoments = (deps: FirstMomentsDeps): FirstMoments => {
	const { room, clock, network, pickUp, localNowMs, timers } = deps
	const openedAtMs = localNowMs()
	let isStopped = false
	let caughtUpAtMs = openedAtMs + EMPTY_AFTER_MS
	const off = deps.sync.on((event) => {
		if (event.type === 'synced') pickUp.someoneIsHere()
		if (event.type === 'first-sync') caughtUpAtMs = Math.min(caughtUpAtMs, localNowMs() + READ_IN_MS)
	})

	return {
		openedAtMs,
		/**
		 * What is written by a clock that is minutes off would be dated in the others' future, and a film started by it
		 * would jump once the room's time is known. Without anybody to ask, our own time is the room's soon.
		 */
		whenTimeIsKnown: async () => {
			const mayCome = () => network.connection().server !== 'away' || deps.links() > 0
			const isPatient = () => localNowMs() - openedAtMs < TIME_PATIENCE_MS && mayCome()
			while (!isStopped && !clock.quality().isKnown && isPatient())
				await new Promise<void>((resolve) => timers.after(LOOK_FOR_TIME_MS, resolve))
			if (!clock.quality().isKnown) clock.settle()
		},
		isCaughtUp: () => localNowMs() >= caughtUpAtMs,
		setDownIfEmpty: () => {
			if (!pickUp.isOpen()) return
			const isAlone = network.connection().state !== 'connecting' && network.others() === 0
			if (!isAlone || localNowMs() - openedAtMs < EMPTY_AFTER_MS) return
			const { playback } = room.state()
			const setDown = pickUp.nobodyIsHere(playback)
			if (setDown === null) return
			void room.playback.set({ ...setDown, isPlaying: false, rate: playback.rate, atMs: clock.nowMs() })
		},
		stop: () => {
			isStopped = true
			off()
		},
	}
}
