/**
 * What a suite of faults counted, against what it has to be: one line on the console for each suite, and for the test
 * the list of what did not hold.
 */
import { availableParallelism, loadavg } from 'node:os'

export interface Verdict {
	/** Has to be exactly this. */
	is(what: string, value: number, expected: number): void
	atMost(what: string, value: number, limit: number, unit?: string): void
	atLeast(what: string, value: number, limit: number, unit?: string): void
	/** A time taken on the machine's clock. The bar is meant for a machine that does nothing else; see `stretch`. */
	within(what: string, tookMs: number, limitMs: number): void
	/** Only told. */
	note(what: string, value: number | string): void
	/** Prints the line; what did not hold, in words. */
	end(): string[]
}

/**
 * How much longer things may take than on a quiet machine: as often as there is more to run than there are cores, as
 * the last minute had it. 1 on a quiet one.
 */
export const stretch = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

/** Whole numbers as they are, others with so many places that they say something. */
const brief = (value: number): string =>
	Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 0)

export const createVerdict = (suite: string): Verdict => {
	const told: string[] = []
	const wrong: string[] = []
	const judge = (isGood: boolean, text: string) => {
		told.push(isGood ? text : `** ${text} **`)
		if (!isGood) wrong.push(text)
	}
	return {
		is: (what, value, expected) =>
			judge(value === expected, `${what} ${brief(value)} (= ${brief(expected)})`),
		atMost: (what, value, limit, unit = '') =>
			judge(value <= limit, `${what} ${brief(value)}${unit} (≤ ${brief(limit)}${unit})`),
		atLeast: (what, value, limit, unit = '') =>
			judge(value >= limit, `${what} ${brief(value)}${unit} (≥ ${brief(limit)}${unit})`),
		within: (what, tookMs, limitMs) => {
			const factor = stretch()
			const busy = factor > 1 ? ` × ${factor.toFixed(1)}, the machine is busy` : ''
			judge(
				tookMs <= limitMs * factor,
				`${what} ${brief(Math.round(tookMs))} ms (≤ ${brief(limitMs)} ms${busy})`,
			)
		},
		note: (what, value) => told.push(`${what} ${typeof value === 'number' ? brief(value) : value}`),
		end: () => {
			console.log(`${wrong.length === 0 ? 'held' : 'NOT HELD'} · ${suite} · ${told.join(' · ')}`)
			return wrong
		},
	}
}

/** The value that `share` of them do not exceed; NaN of none. */
export const percentile = (values: readonly number[], share: number): number => {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}
