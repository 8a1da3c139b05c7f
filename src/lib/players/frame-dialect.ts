/**
 * What a site's adapter has to bring so that `frame-player.ts` can make a Player of its frame: how to tell the frame
 * what to do, and what it understood of what the frame tells.
 */
import type { Millis, Seconds } from '#lib/core/units.ts'
import type { PlayerAbilities, PlayerFacts, PlayerFailure } from './player.ts'

/** What a frame can be told; called only once it has said that it is ready. */
export interface Dialect {
	/** `seeksNext`: a seek that the site could not take before will follow as soon as it plays. */
	play(seeksNext: boolean): void
	pause(): void
	seek(positionS: Seconds): void
	setRate?(rate: number): void
	setVolume(volume: number, isMuted: boolean): void
	/** Asks where it is: for frames that answer better than they report. */
	ask?(): void
}

export type Playback = 'unstarted' | 'playing' | 'paused' | 'buffering' | 'ended'

/** What a dialect tells of its frame; numbers are read and bounded by then. */
export interface Heard {
	ready(): void
	playback(playback: Playback): void
	/** Where it is, `sigmaMs` being how sure that is; `atLocalMs` when it was true. */
	position(positionS: Seconds, atLocalMs: Millis, sigmaMs: Millis): void
	/** The frame says that it went there: by itself, by our word or by a person's hand. */
	went(positionS: Seconds, atLocalMs: Millis): void
	facts(facts: Partial<PlayerFacts>): void
	volume(volume: number, isMuted: boolean): void
	/** Seconds ahead of the position. */
	buffered(aheadS: Seconds): void
	ad(isRunning: boolean): void
	/** The browser refused the start. */
	blocked(): void
}

export interface FramePlayerOptions {
	readonly kind: string
	/** Read anew each time: it may narrow. */
	readonly can: () => PlayerAbilities
	readonly facts?: Partial<PlayerFacts>
	/** The frame begins there by its address. */
	readonly startS?: Seconds
	/** The site ignores seeks until it has played: they are kept and made then. */
	readonly keepsSeeks?: boolean
	/** Why it is not ready though it speaks; asked once, after the time a frame has for that. Null: it goes on otherwise. */
	readonly whyNotReady: () => PlayerFailure | null | Promise<PlayerFailure | null>
}
