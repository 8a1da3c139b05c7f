/**
 * A room that is opened again long after everybody left still says "playing", and its line in time has run on past
 * the end. Whoever finds it empty picks the film up where it was last seen, standing still. Until it is known
 * whether anybody is there, the player stands there too, and the room is left alone.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { VisitedRoom } from '#lib/storage/storage.ts'

/** Longer than a reload or a short loss of the network. */
const STALE_AFTER_MS = 20_000

export interface PickUp {
	/** What to follow: the room's own vector, or the film standing where it was left. */
	vector(room: PlaybackVector): PlaybackVector
	/** Somebody is here and the document is in step with theirs: the room is as it says. */
	someoneIsHere(): void
	/** Nobody is: where to set the film down, once; null when there is nothing to do. */
	nobodyIsHere(room: PlaybackVector): { readonly positionS: Seconds } | null
	isOpen(): boolean
}

export const createPickUp = (
	visit: VisitedRoom | null,
	atOpening: PlaybackVector,
	wallNowMs: Millis,
): PickUp => {
	const left = visit?.lastItem ?? null
	let isOpen =
		visit !== null &&
		left !== null &&
		atOpening.isPlaying &&
		atOpening.itemId === left.id &&
		wallNowMs - visit.visitedAtMs > STALE_AFTER_MS
	return {
		vector: (room) => {
			if (!isOpen || left === null || room.rev !== atOpening.rev) return room
			return { ...room, isPlaying: false, positionS: left.positionS, atMs: room.atMs }
		},
		someoneIsHere: () => {
			isOpen = false
		},
		nobodyIsHere: (room) => {
			const wasOpen = isOpen
			isOpen = false
			return wasOpen && left !== null && room.rev === atOpening.rev ? { positionS: left.positionS } : null
		},
		isOpen: () => isOpen,
	}
}
