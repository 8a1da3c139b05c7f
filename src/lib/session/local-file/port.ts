/**
 * What people's own files need of the player's side and of the browser: ports, so that tests need none. What the
 * screens see of them is in `core/own-files.ts`.
 */
import type { OwnCopy } from '#lib/core/own-files.ts'
import type { QueueItem } from '#lib/core/state.ts'
import type { Seconds } from '#lib/core/units.ts'

/* ── For the player ──────────────────────────────────────────────────────────────────────────────────────────── */

export interface OwnCopies {
	/** Null: the link, or, for an item that asks for a file, nothing. */
	ownCopy(item: QueueItem): OwnCopy | 'looking' | null
}

/* ── For the browser ─────────────────────────────────────────────────────────────────────────────────────────── */

export type Probed =
	| { readonly type: 'playable'; readonly durationS: Seconds | null }
	| { readonly type: 'unplayable'; readonly detail: string }
	| { readonly type: 'unreadable'; readonly detail: string }

/** Loads the beginning of a file as a player would. Ends by itself; never rejects. */
export type ProbeFile = (url: string, signal: AbortSignal) => Promise<Probed>

export interface ObjectUrls {
	create(file: Blob): string
	revoke(url: string): void
}
