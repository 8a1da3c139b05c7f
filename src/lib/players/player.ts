/**
 * The port behind which every player stands: an element, or an embed that cannot tell its position and says so in
 * `can`. Timers and scripts belong to the player and end with `dispose()`. Every adapter runs `contract.ts`.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Seconds } from '#lib/core/units.ts'

export interface PlayerAbilities {
	/** `fine`: any rate, pitch may be let go; `steps`: the listed rates; `none`: always 1. */
	readonly rate: 'fine' | 'none' | readonly number[]
	readonly seek: 'direct' | 'reload' | 'none'
	/** `clock`: `sample()` is exact at any moment; `reports`: it was true when reported; `none`: unknown. */
	readonly read: 'clock' | 'reports' | 'none'
	readonly volume: boolean
	/** `reload`: it stands still only by being loaded anew without starting; left out means `direct`. */
	readonly pause?: 'direct' | 'reload'
	/** Only whole multiples of so many seconds can be sought; left out means any place. */
	readonly seekGrainS?: Seconds
}

export interface PlayerQualities {
	readonly all: readonly {
		readonly id: number
		/** Lines of the picture, where they are known. */
		readonly height: number | null
		readonly bitsPerS: number
	}[]
	readonly chosen: number | null
	/** What plays now. */
	readonly shown: number | null
}

export interface PlayerSample {
	readonly positionS: Seconds
	/** Local monotonic time (performance.timeOrigin + now) at which the position was true. */
	readonly atLocalMs: number
	/** One standard deviation of the position, in milliseconds. */
	readonly sigmaMs: number
}

export type PlayerState =
	| { readonly type: 'loading' }
	| { readonly type: 'ready' }
	| { readonly type: 'playing' }
	| { readonly type: 'paused' }
	/** Wants to play and has no data. */
	| { readonly type: 'stalled' }
	| { readonly type: 'seeking' }
	| { readonly type: 'ended' }
	/** The browser refuses to start without a gesture. */
	| { readonly type: 'blocked' }
	| { readonly type: 'ad' }
	| { readonly type: 'failed'; readonly failure: PlayerFailure }

/** Why a video cannot be played, told apart so that the person can be told in words. */
export type PlayerFailure =
	| { readonly type: 'not-found'; readonly status?: number }
	| { readonly type: 'unreachable' }
	/** The host does not let other sites read it. */
	| { readonly type: 'cors' }
	| { readonly type: 'not-media'; readonly contentType?: string }
	| { readonly type: 'codec'; readonly detail?: string }
	| { readonly type: 'embedding-off' }
	| { readonly type: 'removed' }
	| { readonly type: 'insecure' }
	/** Only for people whom the owner lets in; `status` where a server said so by one. */
	| { readonly type: 'private'; readonly status?: number }
	/** Not to be had in the country of whoever watches. */
	| { readonly type: 'region' }
	/** Its site wants to know the age of whoever watches. */
	| { readonly type: 'age' }
	| { readonly type: 'live-ended' }
	/** Announced, not begun. */
	| { readonly type: 'live-not-begun' }
	/** Nothing in it: no length, no picture, no sound. */
	| { readonly type: 'empty' }
	/** The file ends in the midst of what it promised, or is damaged from there on. */
	| { readonly type: 'broken-off'; readonly atS: Seconds }
	/** Data keeps coming, and no film begins in it. */
	| { readonly type: 'no-beginning' }
	/** Much more came than such a thing can be long; `what` it was taken for. */
	| { readonly type: 'too-big'; readonly what: 'playlist' | 'part' }
	/** Sound, and nothing on this device to hear it with. */
	| { readonly type: 'no-output' }
	/** One address sends to the next, and none has anything. */
	| { readonly type: 'redirects' }
	/** The site's player never came, or never said a word we know. */
	| { readonly type: 'no-answer'; readonly site: string }
	/** The site's player answers what makes no sense. */
	| { readonly type: 'nonsense'; readonly site: string; readonly detail: string }
	/** The site does not let its player run on a page like this one; `detail` says what it wants. */
	| { readonly type: 'page-refused'; readonly site: string; readonly detail: string }
	/** A file on the own disk that can be read no more: moved, changed, or its disk was taken out. */
	| { readonly type: 'file-gone' }
	| { readonly type: 'unknown'; readonly detail: string }

export type PlayerEvent =
	/** A person used the embed's own controls; never fired for what we told it to do. */
	| {
			readonly type: 'user-intent'
			readonly intent: 'play' | 'pause' | 'seek'
			readonly positionS: Seconds
			/** A person's touch was seen with it, and it is no echo: it counts also while commands are under way. */
			readonly isSure?: true
	  }
	| { readonly type: 'state'; readonly state: PlayerState }
	/** Length, title or sound track became known or changed. */
	| { readonly type: 'facts'; readonly facts: PlayerFacts }
	| { readonly type: 'volume'; readonly volume: number; readonly isMuted: boolean }

export interface PlayerFacts {
	readonly durationS: Seconds | null
	readonly title: string | null
	readonly isLive: boolean
	/** A sound track changes start and seek lags by 70 ms and more. */
	readonly hasAudio: boolean | null
	/**
	 * What positions mean. `media` (left out): seconds from the beginning. `date`: Unix seconds at which the picture was
	 * made, for a live stream that says so. `none`: live, and nobody can say how far behind.
	 */
	readonly timeline?: 'media' | 'date' | 'none'
	/**
	 * `date` only: how far behind the present it has to stay to play without stalling. The present is this device's
	 * (`local()`), and the stream's own clock may be wrong: add roomNow − local for room time; it may be negative.
	 */
	readonly liveLatencyMs?: number | null
}

export interface Player {
	readonly kind: string
	/** May narrow once the site's player has been heard: read it anew each time. */
	readonly can: PlayerAbilities
	/** The element on the stage: `video`, `audio` or `iframe`, carrying data-testid="player". */
	readonly element: HTMLElement
	state(): PlayerState
	facts(): PlayerFacts
	play(): Promise<'playing' | 'blocked' | 'failed'>
	pause(): void
	seek(positionS: Seconds): void
	/** `isPitchKept` false resamples: any rate is exact and unheard near 1 (design, section 6). */
	setRate(rate: number, isPitchKept: boolean): void
	setVolume(volume: number, isMuted: boolean): void
	sample(): PlayerSample | null
	/** Seconds buffered ahead of the position. */
	bufferedAheadS(): Seconds
	/** True if `positionS` ± 1 s is buffered. */
	isBuffered(positionS: Seconds): boolean
	on(fn: (event: PlayerEvent) => void): () => void
	/** Left out, or null while there is only one: what the picture comes in, best first. */
	qualities?(): PlayerQualities | null
	/** An id of `qualities()`; null: by what the line bears. Never makes it stall: what is loaded is shown first. */
	setQuality?(id: number | null): void
	/** `seek: 'reload'` only: how long the last load took until the site's page stood; null before the first. */
	lastLoadMs?(): number | null
	/** Idempotent; removes the element and every timer. */
	dispose(): void
}

export interface PlayerLoader {
	readonly kind: string
	canPlay(media: MediaRef): boolean
	/** Resolves as soon as the element stands in `stage`; loading goes on and is told by events. */
	load(stage: HTMLElement, media: MediaRef): Promise<Player>
}
