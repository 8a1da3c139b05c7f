/**
 * What follows a room with one player, seen from outside: the port that our follow loop and, in the benchmark, the
 * rules of others stand behind. Types only.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'
import type { ItemId, Millis, Seconds } from '#lib/core/units.ts'
import type { Player, PlayerEvent } from '#lib/players/player.ts'
import type { LagStore } from './lags.ts'
import type { Timers } from './timers.ts'

/** `lock`: the room's own rate; `pulse`: another listed rate for a moment; `blind`: nothing can be read or corrected. */
export type Law = 'lock' | 'fine' | 'coarse' | 'pulse' | 'blind'

export type Doing =
	/** The room plays another item, or none. */
	| { readonly type: 'idle' }
	| { readonly type: 'loading' }
	| { readonly type: 'paused' }
	/** Stands ready for a start (or a reload that ends in one) at `atMs`, room time. */
	| { readonly type: 'waiting'; readonly atMs: Millis }
	/** Just started or sought: it cannot be judged yet. */
	| { readonly type: 'settling' }
	| { readonly type: 'tracking'; readonly law: Law }
	/** Wants to play and has no data, for so long (local milliseconds). */
	| { readonly type: 'stalled'; readonly forMs: number }
	/** The browser wants a gesture; `join()` from one. */
	| { readonly type: 'blocked' }
	/** Hidden and silent: the browser paused it by itself. */
	| { readonly type: 'parked' }
	| { readonly type: 'ad' }
	| { readonly type: 'ended' }
	/** Why: `player.state()`. */
	| { readonly type: 'failed' }

export interface FollowStatus {
	readonly doing: Doing
	/** Target minus position, in milliseconds: + means behind. Null while it means nothing. */
	readonly driftMs: number | null
	/** By room time (or the player, where the length is unknown) the item is over; for the conditional advance. */
	readonly hasEnded: boolean
	/** Started without sound because the browser refused the sound. */
	readonly isMutedByBrowser: boolean
	readonly startLagMs: number
	readonly seekLagMs: number
	/** Corrections by seeking since the beginning. */
	readonly jumps: number
	/** Room time of the start or reload that is being waited for. */
	readonly startsAtMs: Millis | null
	/** The speed it plays at where it cannot play at the room's; null where it can. */
	readonly playsAtRate: number | null
}

/** One look of the loop, for plots and measurements. */
export interface FollowReading {
	readonly atLocalMs: number
	/** Target minus position; null while it means nothing. */
	readonly errorMs: number | null
	/** As last set on the player. */
	readonly rate: number
	readonly doing: Doing['type']
	readonly law: Law | null
}

export type UserIntent = Extract<PlayerEvent, { type: 'user-intent' }>

export interface FollowDeps {
	readonly itemId: ItemId
	readonly player: Player
	/** Room time in milliseconds. */
	readonly roomNow: () => Millis
	/** performance.timeOrigin + performance.now(): the clock of `player.sample()`. */
	readonly local: () => number
	readonly timers: Timers
	readonly getVector: () => PlaybackVector
	readonly lagStore: LagStore
	/** −500 to 500: this person's own correction, for headphones that delay the sound. + plays earlier. */
	readonly userDelayMs?: () => number
	/** This person's own: so far off it may be before anything is done that might be heard or seen; 0 without one. */
	readonly toleranceMs?: () => number
	/** How far behind the present all members watch a live stream that says its date. Null: nobody has said yet. */
	readonly liveLatencyMs?: () => number | null
	/** How long the item is, where the room knows it and the player cannot tell. */
	readonly itemDurationS?: () => Seconds | null
	readonly isHidden?: () => boolean
	/** Mutes the player when the browser refuses to start it with sound; without it the film waits for a gesture. */
	readonly muteToStart?: () => void
	/**
	 * Called when what it does, the end, a stall of 1.5 s, the awaited start or the speed it plays at changes; not for
	 * every reading of the drift or change of law.
	 */
	readonly onStatus?: (status: FollowStatus) => void
	/** Called at each look. */
	readonly onReading?: (reading: FollowReading) => void
	/** A person used the player's own controls. */
	readonly onIntent?: (event: UserIntent) => void
}

export interface Follower {
	start(): void
	/** Looks at the vector at once instead of at the next tick. */
	vectorChanged(): void
	/** From a click or key: starts a blocked player. */
	join(): Promise<'playing' | 'blocked' | 'failed'>
	/** The clock jumped or the page came back: judge anew. */
	reset(): void
	/** A person's word, for players whose position cannot be read: "I am behind by so much" (− for ahead). */
	correct(byMs: number): void
	status(): FollowStatus
	dispose(): void
}
