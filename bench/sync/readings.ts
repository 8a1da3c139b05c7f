/**
 * What is made of looks at players: differences between two, errors to the room's line, how long until in step.
 * Pure; all times are the machine's own, in ms.
 */
import { percentile, settleMs, spreadOf, type Spread } from '#lib/follow/figures.ts'
import { ROW_LENGTH } from '../page/rig.ts'

export interface Look {
	readonly atMs: number
	readonly positionMs: number
	/** It plays: not paused, not seeking, with data. */
	readonly isGood: boolean
	/** Room time minus the machine's time as this page has it; NaN without the tap. */
	readonly xMs: number
	readonly rate: number
}

export interface Point {
	readonly atMs: number
	readonly value: number
}

/** In step: a frame at 25 fps. */
export const IN_STEP_MS = 40
const GAP_MAX_MS = 200
/** What a look counts as that shows no playing film. */
const OFF = 1e6

export const toLooks = (rows: readonly (number | null)[]): Look[] => {
	const looks: Look[] = []
	for (let i = 0; i + ROW_LENGTH <= rows.length; i += ROW_LENGTH)
		looks.push({
			atMs: rows[i] ?? NaN,
			positionMs: rows[i + 1] ?? NaN,
			isGood: rows[i + 2] === 1,
			xMs: rows[i + 3] ?? NaN,
			rate: rows[i + 4] ?? NaN,
		})
	return looks
}

/** `read` of `b` at the times of `a`, interpolated between neighbours at most 200 ms apart; left out where there are none. */
const joined = (
	a: readonly Look[],
	b: readonly Look[],
	read: (look: Look) => number,
	combine: (a: Look, b: number) => number,
): Point[] => {
	const out: Point[] = []
	let at = 0
	for (const look of a) {
		while (at + 1 < b.length && (b[at + 1]?.atMs ?? Infinity) <= look.atMs) at++
		const before = b[at]
		const after = b[at + 1]
		if (!look.isGood || !before?.isGood || !after?.isGood || before.atMs > look.atMs) continue
		const gapMs = after.atMs - before.atMs
		if (gapMs > GAP_MAX_MS || gapMs <= 0) continue
		const share = (look.atMs - before.atMs) / gapMs
		const value = combine(look, read(before) + share * (read(after) - read(before)))
		if (Number.isFinite(value)) out.push({ atMs: look.atMs, value })
	}
	return out
}

/** A minus B, in ms of film. */
export const differences = (a: readonly Look[], b: readonly Look[]): Point[] =>
	joined(
		a,
		b,
		(look) => look.positionMs,
		(look, other) => look.positionMs - other,
	)

/** How far the two pages' ideas of room time are apart. */
export const clockDifferences = (a: readonly Look[], b: readonly Look[]): Point[] =>
	joined(
		a,
		b,
		(look) => look.xMs,
		(look, other) => look.xMs - other,
	)

/** Where the film should be: `positionMs` at `atMs` of the machine's time, then on at `rate`, standing before. */
export interface Line {
	readonly atMs: number
	readonly positionMs: number
	readonly rate: number
	readonly isPlaying: boolean
}

export const onLine = (line: Line, atMs: number): number =>
	line.positionMs + (line.isPlaying ? line.rate * Math.max(0, atMs - line.atMs) : 0)

/** Line minus position: + means behind. Looks without a playing film left out. */
export const errorsTo = (line: Line, looks: readonly Look[]): Point[] =>
	looks
		.filter(({ isGood, atMs }) => isGood && atMs >= line.atMs)
		.map(({ atMs, positionMs }) => ({ atMs, value: onLine(line, atMs) - positionMs }))

/** Milliseconds from `fromMs` until it stays within 40 ms of the line; null if never. */
export const settledMs = (
	line: Line,
	looks: readonly Look[],
	fromMs: number,
	toleranceMs = IN_STEP_MS,
): number | null =>
	settleMs(
		looks.map((look) => ({
			atMs: look.atMs,
			errorMs: look.isGood ? onLine(line, look.atMs) - look.positionMs : OFF,
		})),
		fromMs,
		toleranceMs,
	)

/** Without the room's vector: the line on which all are in the end, traced back. */
export const lineOf = (sets: readonly (readonly Look[])[]): Line => {
	const middles = sets.map((looks) =>
		percentile(
			looks.filter(({ isGood }) => isGood).map(({ atMs, positionMs }) => positionMs - atMs),
			0.5,
		),
	)
	const middle = middles.reduce((sum, value) => sum + value, 0) / middles.length
	return { atMs: -middle, positionMs: 0, rate: 1, isPlaying: true }
}

export const valuesOf = (points: readonly Point[]): number[] => points.map(({ value }) => value)
export const spread = (points: readonly Point[]): Spread => spreadOf(valuesOf(points))
export const median = (values: readonly number[]): number => percentile(values, 0.5)
export const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits
