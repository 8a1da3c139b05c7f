/**
 * What several processes of one server share while they run, as a port: channels of bytes between them, claims that
 * only one of them gets, and token buckets that all of them take from. It knows nothing of rooms.
 * Nothing here rejects or waits long: while the bus is away, calls say so at once, and live rooms go on without it.
 */
import type { Rate } from '../buckets.ts'

declare const brand: unique symbol
/** One process, for as long as it runs: base64url of 16 random bytes. */
export type ProcessId = string & { readonly [brand]: 'ProcessId' }

export type BusState = 'up' | 'away'

export type BusEvent =
	| { readonly type: 'message'; readonly channel: string; readonly bytes: Uint8Array }
	/**
	 * It works again, or for the first time, and everything subscribed to is heard from now on. What others published
	 * before may be lost, and may also come late.
	 */
	| { readonly type: 'up'; readonly afterMs: number }
	| { readonly type: 'away'; readonly why: string }

export interface Bus {
	/** Whether there may be other processes, and what is claimed outlives this one. */
	readonly isShared: boolean
	state(): BusState
	/** Resolves once nothing that is published from now on is missed; while the bus is away, at once (`up` follows). */
	subscribe(channel: string): Promise<void>
	unsubscribe(channel: string): void
	/**
	 * In the order of calls, to each subscriber, ourselves not left out. Resolves with how many processes have it: 0 while
	 * the bus is away. Of what was on its way when the bus went away nobody knows, and 0 is said of it too.
	 */
	publish(channel: string, bytes: Uint8Array): Promise<number>
	/** `first` for one caller within `forMs`, whichever process it is in. */
	claim(key: string, forMs: number): Promise<'first' | 'taken' | 'away'>
	/** Notes `key` for `forMs`, for all processes to see. */
	mark(key: string, forMs: number): Promise<void>
	isMarked(key: string): Promise<boolean>
	/** One token from the bucket `key`: 0, or how many milliseconds to wait; null while the bus is away. */
	take(key: string, rate: Rate): Promise<number | null>
	/** Puts one back, up to the brim. */
	giveBack(key: string, rate: Rate): Promise<void>
	/** Returns the undo. */
	on(fn: (event: BusEvent) => void): () => void
	/** Ends it; no event after it. Idempotent. */
	close(): Promise<void>
}

/** The bus cannot be used as it is configured. `message` is for the operator and holds no password. */
export class BusRefused extends Error {
	override readonly name = 'BusRefused'
}
