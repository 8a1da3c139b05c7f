/**
 * One rule after another on the same two pages, under the same clock and the same script: steady, a seek from either
 * side, and a set-back of 0.4 s. Ours goes first and last is nobody.
 */
import type { Person } from '../../tests/support/person.ts'
import { looksOf, nowMs, seek, useRule, wait, waitUntilAllPlay } from './pair.ts'
import { measureSeek, measureSetBack, steady, type Steady } from './phases.ts'
import { differences, median, type Point } from './readings.ts'

export interface RuleResult {
	readonly rule: string
	readonly steady: Steady
	/** Median of both players over both seeks; null: not within the time watched. */
	readonly seekMs: number | null
	readonly stallMs: number | null
	/** |A − B| over the whole script, ms since its beginning, and what was done when. */
	readonly story: readonly Point[]
	readonly marks: readonly { readonly atMs: number; readonly what: string }[]
}

const START_S = 4
const ARRIVE_MS = 4_000

const medianOf = (values: readonly (number | null)[]): number | null => {
	const middle = median(values.map((value) => value ?? Infinity))
	return Number.isFinite(middle) ? middle : null
}

export const measureRule = async (
	people: readonly [Person, Person],
	rule: string,
	options: { readonly steadyS: number; readonly seeks: number; readonly oneWayMs: number },
): Promise<RuleResult> => {
	const [alice, bob] = people
	await useRule(people, rule)
	await seek(alice, START_S)
	await wait(ARRIVE_MS)
	await waitUntilAllPlay(people)
	const beganMs = nowMs()
	const marks: { atMs: number; what: string }[] = []
	const mark = (what: string) => marks.push({ atMs: nowMs() - beganMs, what })
	const calm = await steady(people, options.steadyS)
	const seeks: (number | null)[] = []
	for (let i = 0; i < options.seeks; i++) {
		mark('seek')
		const actor = i % 2 === 0 ? bob : alice
		seeks.push(...(await measureSeek(people, actor, i % 2 === 0 ? 62 : 30, options.oneWayMs)).each)
	}
	mark('−0.4 s')
	const stallMs = await measureSetBack(people, bob)
	const [a, b] = await Promise.all([looksOf(alice, beganMs), looksOf(bob, beganMs)])
	return {
		rule,
		steady: calm,
		seekMs: medianOf(seeks),
		stallMs,
		story: differences(a, b).map(({ atMs, value }) => ({ atMs: atMs - beganMs, value: Math.abs(value) })),
		marks,
	}
}
