/**
 * From the figures of a run to its table and its file: each row with the goal, the gate, and whether it holds.
 */
import { round } from './readings.ts'

export interface Percentiles {
	readonly p50: number
	readonly p99: number
}

/** A rule under the common script. */
export interface Ruled extends Percentiles {
	readonly stallRepairedS: number | null
	readonly roomP50: number
	readonly roomP99: number
}

/** What `bench/out/sync.json` holds; null: not measured in this run. */
export interface SyncResult {
	readonly steady: Percentiles & { readonly n: number; readonly p95: number }
	readonly room: Percentiles
	readonly settleMs: number | null
	readonly stallRepairedS: number | null
	readonly youtube: Percentiles | null
	readonly joinMs: number | null
	readonly clockErrorP95Ms: number
	readonly followCpuPct: number
	readonly rivals: Readonly<Record<string, Ruled>>
	/** Ours under the rivals' script, on the same pages. */
	readonly ours: Ruled
	readonly startSettleMs: number | null
	readonly seekSettleMs: number | null
	/** From the key to the other's standing film, less one way. */
	readonly pauseEffectMs: number | null
	readonly twitch: Percentiles | null
	readonly three: Percentiles | null
	readonly hidden: (Percentiles & { readonly backInStepMs: number | null }) | null
	readonly oneWayMs: number
}

interface Row {
	readonly what: string
	readonly goal: string
	readonly gate: string
	readonly measured: string
	/** Null: not measured. */
	readonly isWithinGate: boolean | null
	readonly isWithinGoal: boolean | null
}

const NOT = 'not measured'

/** Smaller is better; a figure that should be there and never came (null in `values`) misses the gate. */
const row = (
	what: string,
	unit: string,
	values: readonly (number | null)[] | null,
	goals: readonly number[],
	gates: readonly number[],
): Row => {
	const text = (numbers: readonly (number | null)[]) =>
		`${numbers.map((value) => (value === null ? 'never' : String(round(value, 2)))).join(' / ')} ${unit}`
	const holds = (limits: readonly number[]) =>
		values && values.every((value, i) => value !== null && value <= (limits[i] ?? Infinity))
	return {
		what,
		goal: text(goals),
		gate: text(gates),
		measured: values === null ? NOT : text(values),
		isWithinGate: holds(gates),
		isWithinGoal: holds(goals),
	}
}

const pair = (figures: Percentiles | null): readonly number[] | null => figures && [figures.p50, figures.p99]

/** The rival that keeps closest at its worst (99th percentile): near now and then by luck does not count. */
const bestRival = (result: SyncResult): readonly [name: string, Ruled] | null =>
	Object.entries(result.rivals).sort(([, a], [, b]) => a.p99 - b.p99)[0] ?? null

export const rowsOf = (result: SyncResult, isWan: boolean): readonly Row[] => {
	const best = bestRival(result)
	return [
		row('difference between two unlike players, p50 / p99', 'ms', pair(result.steady), [5, 20], [10, 40]),
		row('error to the room’s timeline, p50 / p99', 'ms', pair(result.room), [5, 20], [10, 40]),
		row('after a start or seek, lags learned: within 40 ms after', 'ms', [result.settleMs], [300], [600]),
		row('0.4 s stall repaired within', 's', [result.stallRepairedS], [0.3], [0.6]),
		row(
			'YouTube (fake embed, report each 250 ms), p50 / p99',
			'ms',
			pair(result.youtube),
			[25, 100],
			[50, 150],
		),
		row('Twitch-like (seek only), p99', 'ms', result.twitch && [result.twitch.p99], [500], [700]),
		row('pause: key to the other’s standing film, less one way', 'ms', [result.pauseEffectMs], [20], [40]),
		row(
			'joiner in step after page open',
			'ms',
			[result.joinMs],
			[isWan ? 2_500 : 1_500],
			[isWan ? 4_000 : 3_000],
		),
		row('clock error between two pages, p95', 'ms', [result.clockErrorP95Ms], [2], [5]),
		row(
			`same script: ours against the best rival’s (${best?.[0] ?? 'none'}; goal: a third), p50 / p99`,
			'ms',
			best && pair(result.ours),
			best ? [best[1].p50 / 3, best[1].p99 / 3] : [],
			best ? [best[1].p50, best[1].p99] : [],
		),
		row('follow loop, one page, of a core', '%', [result.followCpuPct], [1], [2]),
	]
}

const mark = (holds: boolean | null): string => (holds === null ? '–' : holds ? 'yes' : 'NO')

export const printRows = (rows: readonly Row[]): void => {
	console.table(
		rows.map(({ what, goal, gate, measured, isWithinGate, isWithinGoal }) => ({
			what,
			measured,
			goal,
			'goal met': mark(isWithinGoal),
			gate,
			'gate met': mark(isWithinGate),
		})),
	)
}

export const markdownOf = (rows: readonly Row[]): string =>
	[
		'| | measured | goal | met | gate | met |',
		'|---|---|---|---|---|---|',
		...rows.map(
			({ what, goal, gate, measured, isWithinGate, isWithinGoal }) =>
				`| ${what} | **${measured}** | ${goal} | ${mark(isWithinGoal)} | ${gate} | ${mark(isWithinGate)} |`,
		),
	].join('\n')
