/**
 * The figures by which following is judged, the same in tests and benchmarks: percentiles, and how long after a
 * seek a player needs to be back in step.
 */
export interface ErrorReading {
	/** Any clock, as long as it is the same for all readings. */
	readonly atMs: number
	/** Target minus position. */
	readonly errorMs: number
}

/** `share` 0 to 1, nearest rank; NaN for nothing. */
export const percentile = (values: readonly number[], share: number): number => {
	const sorted = [...values].sort((a, b) => a - b)
	return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN
}

export interface Spread {
	readonly n: number
	readonly p50: number
	readonly p95: number
	readonly p99: number
}

/** Of absolute values. */
export const spreadOf = (values: readonly number[]): Spread => {
	const sizes = values.map(Math.abs)
	return {
		n: sizes.length,
		p50: percentile(sizes, 0.5),
		p95: percentile(sizes, 0.95),
		p99: percentile(sizes, 0.99),
	}
}

/**
 * Milliseconds from `fromMs` to the first reading from which on the error stays within `toleranceMs` (single
 * readings beyond it are glitches of the sensor and do not count); null if that never comes.
 */
export const settleMs = (
	readings: readonly ErrorReading[],
	fromMs: number,
	toleranceMs: number,
): number | null => {
	const after = readings.filter(({ atMs }) => atMs >= fromMs)
	let settled: number | null = null
	after.forEach(({ atMs, errorMs }, index) => {
		const isOff = Math.abs(errorMs) > toleranceMs
		const isGlitch =
			isOff &&
			[after[index - 1], after[index + 1]].every((near) => near && Math.abs(near.errorMs) <= toleranceMs)
		if (isOff && !isGlitch) settled = null
		else settled ??= atMs - fromMs
	})
	return settled
}
