/**
 * What the measuring rig puts into every page it looks at, as types: the page's side is `probe.ts` and `tap.ts`,
 * the other side the phases.
 */
import type { PlaybackVector } from '#lib/core/playback.ts'

/** One look at a player, flat in `Rig.rows` in this order. */
export const ROW = ['atMs', 'positionMs', 'isGood', 'xMs', 'rate'] as const
export const ROW_LENGTH = ROW.length

export interface Stamp {
	readonly name: string
	/** The machine's own time, not the faked one. */
	readonly atMs: number
}

export interface Tap {
	/** Room time minus the machine's own time, as this page has it. */
	xMs(): number
	vector(): PlaybackVector
	/** Puts another rule in the follow loop's place. */
	use(rule: string): void
}

export interface Rig {
	/** The machine's own time in ms: one scale for all pages of this machine, whatever each believes. */
	trueNow(): number
	/** Milliseconds into the film, read each 20 ms. */
	rows: number[]
	stamps: Stamp[]
	/** The rule to begin with. */
	rule: string
	/** Only in the build that carries the tap. */
	tap: Tap | null
}

export type RigWindow = typeof globalThis & { rig: Rig }
