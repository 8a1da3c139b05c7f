/**
 * Repeats of one person folded into one row of the activity: whoever presses play and pause ten times, or adds a
 * whole list, stands there once. Pure.
 */
import type { ActivityEntry } from '#lib/core/state.ts'
import type { Millis } from '#lib/core/units.ts'

/** Fewer stand by themselves. */
export const FOLD_FROM = 3
/** Between two neighbours of a row. */
const GAP_MAX_MS: Millis = 2 * 60_000

const STEERING: ReadonlySet<string> = new Set(['played', 'paused', 'sought', 'set-speed'])
const kindOf = ({ deed }: ActivityEntry): string => (STEERING.has(deed.type) ? 'steering' : deed.type)

/** The newest first, as they are listed; never empty. */
export type ActivityRow = readonly [newest: ActivityEntry, ...older: ActivityEntry[]]

const isRepeat = (newer: ActivityEntry, older: ActivityEntry): boolean =>
	newer.by === older.by &&
	kindOf(newer) === kindOf(older) &&
	newer.atMs - older.atMs <= GAP_MAX_MS &&
	// What was undone says by whom, in a row of its own.
	newer.undoneBy === null &&
	older.undoneBy === null

/** `entries`: newest first. Rows of one or of `FOLD_FROM` and more. */
export const foldActivity = (entries: readonly ActivityEntry[]): readonly ActivityRow[] => {
	const runs: [ActivityEntry, ...ActivityEntry[]][] = []
	for (const entry of entries) {
		const run = runs.at(-1)
		const last = run?.at(-1)
		if (run !== undefined && last !== undefined && isRepeat(last, entry)) run.push(entry)
		else runs.push([entry])
	}
	return runs.flatMap((run): ActivityRow[] =>
		run.length < FOLD_FROM ? run.map((entry): ActivityRow => [entry]) : [run],
	)
}
