/**
 * The last few readings of how far the player is from its target, and their median: single glitches of 20 to 70 ms
 * are common and mean nothing.
 */
export interface DriftWindow {
	/** `errorMs`: target minus position; + means the player is behind. */
	push(errorMs: number): void
	/** Null with fewer than three readings. */
	medianMs(): number | null
	clear(): void
}

const KEPT = 5
const LEAST = 3

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b)
	const middle = sorted.length >> 1
	const upper = sorted[middle] ?? 0
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

export const createDriftWindow = (): DriftWindow => {
	let readings: number[] = []
	return {
		push(errorMs) {
			readings.push(errorMs)
			if (readings.length > KEPT) readings = readings.slice(-KEPT)
		},
		medianMs: () => (readings.length < LEAST ? null : median(readings)),
		clear() {
			readings = []
		},
	}
}
