/**
 * When a start that all should make together must lie in the future, and the vectors that say so.
 */
import type { Millis } from '#lib/core/units.ts'

/** "3, 2, 1": what people see before a start for which all were asked. */
export const COUNT_DOWN_MS: Millis = 3_000

const MARGIN_MS = 50
const LEAST_MS = 200
const MOST_MS = 1_000

const worst = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0)

/**
 * How far ahead of now a scheduled start is announced: the slowest way there, the slowest player, and a margin,
 * within 200 to 1,000 ms.
 */
export const startDelayMs = (oneWayP95Ms: readonly number[], startLagMs: readonly number[]): Millis =>
	Math.min(MOST_MS, Math.max(LEAST_MS, worst(oneWayP95Ms) + worst(startLagMs) + MARGIN_MS))
