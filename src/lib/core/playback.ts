/**
 * The playback vector: where the film is, as a line in room time. It moves only when somebody acts;
 * nobody ticks it around (design, section 6; after the timing objects of W3C's Media Timing group).
 */
import type { DeviceId, ItemId, Millis, Seconds } from './units.ts'

/** Why a vector was written. `wait` names the member the room waits for. */
export type VectorCause =
	| { readonly type: 'user' }
	| { readonly type: 'wait'; readonly device: DeviceId }
	| { readonly type: 'resume' }
	| { readonly type: 'end' }
	| { readonly type: 'ad' }
	/** Stands still until all have said that they are ready. */
	| { readonly type: 'check' }
	/** All were ready, or somebody had enough of asking: the count-down to the start. */
	| { readonly type: 'go' }
	/** Somebody left, and the room is to stop then. */
	| { readonly type: 'left'; readonly device: DeviceId }

export interface PlaybackVector {
	readonly itemId: ItemId | null
	readonly positionS: Seconds
	/** 0.25 to 4; 1 is normal speed. */
	readonly rate: number
	readonly isPlaying: boolean
	/** Room time at which the film stands at `positionS`; in the future for a scheduled start. */
	readonly atMs: Millis
	/** Names the record this vector came from; changes with every act. */
	readonly rev: string
	readonly by: DeviceId | null
	readonly cause: VectorCause
	/** Room time at which its writer acted; a start may be announced for later. */
	readonly actedMs?: Millis
}

export const RATE_MIN = 0.25
export const RATE_MAX = 4

export const EMPTY_VECTOR: PlaybackVector = Object.freeze({
	itemId: null,
	positionS: 0,
	rate: 1,
	isPlaying: false,
	atMs: 0,
	rev: '',
	by: null,
	cause: Object.freeze({ type: 'user' }),
})

/** Media seconds at room time `tMs`: still before a scheduled start, then on at `rate`. */
export const positionAt = (vector: PlaybackVector, tMs: Millis): Seconds =>
	vector.positionS + (vector.isPlaying ? (vector.rate * Math.max(0, tMs - vector.atMs)) / 1000 : 0)
