/**
 * Runs in the player page beside `window.lab`: the app's own follow loop over the player opened last, along a vector
 * that the test writes. Put there by `bilibili-follow.ts`.
 */
import { EMPTY_VECTOR, type PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId } from '#lib/core/units.ts'
import { createFollower } from '#lib/follow/follow.ts'
import type { Follower, FollowStatus } from '#lib/follow/follower.ts'
import { memoryLagStore } from '#lib/follow/lags.ts'
import type { Lab } from './page/lab.ts'

export interface RoomOfOne {
	/** A new vector of the room; `atMs` in room time. */
	vector(positionS: number, isPlaying: boolean, atMs: number): void
	correct(byMs: number): void
	status(): FollowStatus
	roomNow(): number
}

declare global {
	interface Window {
		followRoom(clockOffsetMs: number): void
		room: RoomOfOne
	}
}

const itemId = 'item' as ItemId

window.followRoom = (clockOffsetMs) => {
	const lab: Lab = window.lab
	const { player } = lab
	if (!player) throw new Error('no player')
	const roomNow = (): number => lab.local() + clockOffsetMs
	let rev = 0
	let vector: PlaybackVector = { ...EMPTY_VECTOR, itemId, rev: 'r0' }
	const follower: Follower = createFollower({
		itemId,
		player,
		roomNow,
		local: lab.local,
		timers: {
			after(ms, fn) {
				const id = setTimeout(fn, ms)
				return () => clearTimeout(id)
			},
		},
		getVector: () => vector,
		lagStore: memoryLagStore(),
		muteToStart: () => player.setVolume(1, true),
	})
	follower.start()
	window.room = {
		vector(positionS, isPlaying, atMs) {
			rev += 1
			vector = { ...vector, positionS, isPlaying, atMs, rev: `r${String(rev)}` }
			follower.vectorChanged()
		},
		correct: (byMs) => follower.correct(byMs),
		status: () => follower.status(),
		roomNow,
	}
}
